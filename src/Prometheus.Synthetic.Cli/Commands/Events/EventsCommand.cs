using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;

namespace Prometheus.Synthetic.Cli.Commands.Events;

/// <summary><c>events publish …</c>: sends a message of the contract. Each message is in its own file.</summary>
public static class EventsCommand
{
    public static Command Create(CliContext cli) =>
        new("events", "Send messages of the contract, as another system would.")
        {
            new Command("publish", "Publish one message and print its id.")
            {
                PublishMonthlyRefreshDue.Create(cli),
                PublishFragilityComputed.Create(cli),
                PublishGenerateScenarioSet.Create(cli),
            },
        };
}
