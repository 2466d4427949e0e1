using Prometheus.Synthetic.Services;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>What every command gets: where to write, where the stack is described, the clock.</summary>
public sealed class CliContext(
    CliConsole console,
    StackPaths paths,
    Func<string, string?> environment,
    TimeProvider clock,
    IReadOnlyCollection<string>? variables = null
)
{
    public CliConsole Console { get; } = console;

    public StackPaths Paths { get; } = paths;

    /// <summary>Reads one environment variable; null when unset.</summary>
    public Func<string, string?> Environment { get; } = environment;

    /// <summary>Names of all environment variables, so that a misspelt one can be told.</summary>
    public IReadOnlyCollection<string> Variables { get; } = variables ?? [];

    public TimeProvider Clock { get; } = clock;

    public static CliContext ForProcess() =>
        new(
            CliConsole.ForProcess(),
            StackPaths.Locate(System.Environment.GetEnvironmentVariable),
            System.Environment.GetEnvironmentVariable,
            TimeProvider.System,
            [.. System.Environment.GetEnvironmentVariables().Keys.Cast<string>()]
        );

    /// <summary>
    /// Addresses of PostgreSQL and RabbitMQ: from the environment, else from the stack that <c>up</c> started.
    /// A member is null when nothing names it.
    /// </summary>
    /// <exception cref="ServiceMissingException">A variable or the stack file is malformed.</exception>
    public ServiceAddresses Addresses() => StackSettings.Resolve(Environment, Paths);

    /// <summary>Npgsql connection string.</summary>
    /// <exception cref="ServiceMissingException">No PostgreSQL is configured; the message says how to get one.</exception>
    public string RequirePostgres() => Addresses().RequirePostgres();

    /// <summary>AMQP URI with credentials and virtual host.</summary>
    /// <exception cref="ServiceMissingException">No RabbitMQ is configured; the message says how to get one.</exception>
    public Uri RequireRabbitMq() => Addresses().RequireRabbitMq();
}
