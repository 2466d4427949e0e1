using System.Diagnostics;
using Prometheus.Synthetic.Services.Processes;

namespace Prometheus.Synthetic.Services.Local;

internal static class Readiness
{
    /// <summary>Generous, because a cold broker on a busy machine takes its time; a dead process is seen at once.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks until the service answers.</summary>
    /// <exception cref="ServiceMissingException">The process ended, or the service did not answer in two minutes.</exception>
    public static async Task AwaitAsync(
        DetachedProcess definition,
        StackProcess process,
        string folder,
        Func<CancellationToken, Task<ServiceStatus>> probe,
        CancellationToken ct
    )
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            ServiceStatus status = await probe(ct);
            if (status.Reachable)
                return;
            if (!ProcessIdentity.IsAlive(process))
                throw definition.Died(folder);
            if (waited.Elapsed > s_patience)
            {
                throw new ServiceMissingException(
                    $"{definition.Name} runs but does not answer after {s_patience.TotalSeconds:0} s: {status.Problem}"
                );
            }

            await Task.Delay(s_pause, ct);
        }
    }
}
