using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;

namespace Prometheus.Synthetic.Cli.Commands;

/// <summary><c>market</c>: the market history that sets are made from.</summary>
public static class MarketCommand
{
    public static Command Create(CliContext cli) =>
        new("market", "Market history: what there is, and a simulated market where there is none.")
        {
            MarketSimulateCommand.Create(cli),
            MarketShowCommand.Create(cli),
        };
}
