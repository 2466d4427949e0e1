using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Services;

namespace Prometheus.Synthetic.Cli.Commands;

/// <summary><c>up</c>: starts a stack that stays.</summary>
public static class UpCommand
{
    public static Command Create(CliContext cli)
    {
        var command = new Command(
            "up",
            "Start PostgreSQL and RabbitMQ and leave them running: in Docker when an engine answers, else as private "
                + "processes on free loopback ports."
        );
        command.SetAction((_, ct) => RunAsync(cli, ct));
        return command.WithExamples("./synthetic up");
    }

    private static async Task<int> RunAsync(CliContext cli, CancellationToken ct)
    {
        (ServiceAddresses addresses, bool started) = await StackOf(cli).UpAsync(ct);
        ServiceStatus postgres = await ServiceProbe.PostgresAsync(addresses.Postgres, ct);
        ServiceStatus rabbit = await ServiceProbe.RabbitMqAsync(addresses, ct);
        foreach (ServiceStatus s in new[] { postgres, rabbit })
            cli.Console.WriteLine($"{s.Service} {s.ServerVersion} at {s.Address}");
        cli.Console.WriteLine(
            started
                ? $"Credentials are in {cli.Paths.StackFile}. `./synthetic down` stops the stack and keeps its data."
                : "It was running already."
        );
        return ExitCodes.Ok;
    }

    internal static PersistentStack StackOf(CliContext cli) => new(cli.Paths, cli.Environment, cli.Console.Notice);
}
