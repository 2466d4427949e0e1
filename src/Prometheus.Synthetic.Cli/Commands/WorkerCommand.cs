using System.CommandLine;
using Prometheus.Synthetic.Cli.Demo;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Services.Processes;

namespace Prometheus.Synthetic.Cli.Commands;

/// <summary><c>worker</c>: runs a worker in the foreground, on the stack that <c>up</c> started or the environment names.</summary>
public static class WorkerCommand
{
    public static Command Create(CliContext cli)
    {
        var command = new Command(
            "worker",
            "Run a worker until Ctrl-C or SIGTERM, on the configured PostgreSQL and RabbitMQ. Any number may run at once."
        );
        command.SetAction((_, ct) => RunAsync(cli, ct));
        return command.WithExamples("./synthetic worker");
    }

    private static Task<int> RunAsync(CliContext cli, CancellationToken ct)
    {
        cli.RequirePostgres();
        cli.RequireRabbitMq();
        return ForegroundProgram.RunAsync(DemoPrograms.Worker(cli.Paths), cli.Addresses().ToEnvironment(), ct);
    }
}
