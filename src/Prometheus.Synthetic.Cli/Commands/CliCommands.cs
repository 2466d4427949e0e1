using System.CommandLine;
using Prometheus.Synthetic.Cli.Commands.Definitions;
using Prometheus.Synthetic.Cli.Commands.Events;
using Prometheus.Synthetic.Cli.Commands.Messages;
using Prometheus.Synthetic.Cli.Commands.Sets;
using Prometheus.Synthetic.Cli.Hosting;

namespace Prometheus.Synthetic.Cli.Commands;

/// <summary>Every command of the program, one line each; each is in its own file.</summary>
public static class CliCommands
{
    public static IReadOnlyList<Command> All(CliContext cli) =>
        [
            UpCommand.Create(cli),
            DownCommand.Create(cli),
            StatusCommand.Create(cli),
            ServicesCommand.Create(cli),
            MigrateCommand.Create(cli),
            ImportCommand.Create(cli),
            MarketCommand.Create(cli),
            EventsCommand.Create(cli),
            AnalyzeCommand.Create(cli),
            GenerateCommand.Create(cli),
            SetsCommand.Create(cli),
            PoliciesCommand.Create(cli),
            SagasCommand.Create(cli),
            MessagesCommand.Create(cli),
            ReplayCommand.Create(cli),
            DefinitionsCommand.Create(cli),
            WorkerCommand.Create(cli),
            DemoCommand.Create(cli),
        ];
}
