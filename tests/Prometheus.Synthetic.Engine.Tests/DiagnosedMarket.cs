using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Engine.Tests;

/// <summary>The engine on a migrated database with a market of five instruments that share a factor, 700 days.</summary>
internal static class DiagnosedMarket
{
    private const int Days = 700;

    public static Task<ServiceProvider> HostAsync(PostgresFixture postgres, CancellationToken ct) =>
        ImportedMarket.HostAsync(postgres, Returns(), ct);

    private static string Returns()
    {
        var stream = new PhiloxStream(8);
        return ImportedMarket.Csv(["A", "B", "C", "D", "E"], Days, Day);

        IEnumerable<double> Day(int t)
        {
            double factor = 0.01 * stream.Normal(0, t, DrawPurpose.SimulatedMarket);
            for (uint k = 1; k <= 5; k++)
                yield return factor + 0.008 * stream.Normal(0, t, DrawPurpose.SimulatedMarket, k);
        }
    }
}
