using System.CommandLine;
using Prometheus.Synthetic.Cli.Commands;
using Prometheus.Synthetic.Cli.Commands.Definitions;
using Prometheus.Synthetic.Cli.Commands.Events;
using Prometheus.Synthetic.Cli.Commands.Messages;
using Prometheus.Synthetic.Cli.Commands.Sets;
using Prometheus.Synthetic.Cli.Hosting;

CliContext cli = CliContext.ForProcess();
Command root = CliRoot.Create(
    // One line per command, each from its own file in Commands/.
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
    DemoCommand.Create(cli)
);
return await CliRoot.RunAsync(root, args, cli);
