using Prometheus.Synthetic.Cli.Commands;
using Prometheus.Synthetic.Cli.Hosting;

CliContext cli = CliContext.ForProcess();
return await CliRoot.RunAsync(CliRoot.Create(CliCommands.All(cli)), args, cli);
