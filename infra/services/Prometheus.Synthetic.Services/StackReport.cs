using Prometheus.Synthetic.Services.Processes;

namespace Prometheus.Synthetic.Services;

/// <summary>Whether a recorded process of the stack still runs.</summary>
public sealed record ProcessStatus(string Name, int Pid, bool Alive);

/// <summary>What <c>./synthetic status</c> shows. Holds no credentials.</summary>
/// <param name="Source">Where the addresses come from: <c>environment</c>, <c>private processes</c>, <c>docker</c>, <c>nothing</c>.</param>
/// <param name="Services">PostgreSQL and RabbitMQ.</param>
/// <param name="Processes">Processes that <c>up</c> started and recorded, and live ones of a start that was interrupted.</param>
/// <param name="Data">Folder of their data; null when the stack is not private.</param>
public sealed record StackReport(
    string Source,
    IReadOnlyList<ServiceStatus> Services,
    IReadOnlyList<ProcessStatus> Processes,
    string? Data
)
{
    /// <exception cref="ServiceMissingException">A variable or the recorded stack cannot be understood.</exception>
    public static async Task<StackReport> TakeAsync(
        Func<string, string?> environment,
        StackPaths paths,
        CancellationToken ct
    )
    {
        ServiceAddresses given = StackSettings.FromEnvironment(environment);
        ServiceAddresses addresses = StackSettings.Resolve(environment, paths);
        StackFile? stack = StackFile.Read(paths);
        Task<ServiceStatus> postgres = ServiceProbe.PostgresAsync(addresses.Postgres, ct);
        Task<ServiceStatus> rabbit = ServiceProbe.RabbitMqAsync(addresses, ct);
        return new(SourceOf(given, stack), [await postgres, await rabbit], [.. ProcessesOf(stack, paths)], stack?.Data);
    }

    /// <summary>What is recorded, and what an interrupted start has left running.</summary>
    private static IEnumerable<ProcessStatus> ProcessesOf(StackFile? stack, StackPaths paths) =>
        (stack?.AllProcesses(paths) ?? [])
            .Select(p => new ProcessStatus(p.Name, p.Pid, ProcessIdentity.IsAlive(p)))
            .Where(p => p.Alive || stack!.Processes.Any(r => r.Pid == p.Pid));

    private static string SourceOf(ServiceAddresses given, StackFile? stack)
    {
        if (given != ServiceAddresses.None)
            return given.IsComplete || stack is not { Running: true } ? "environment" : "environment and stack";
        return stack switch
        {
            { Running: true, Kind: StackKind.Docker } => "docker",
            { Running: true } => "private processes",
            _ => "nothing",
        };
    }
}
