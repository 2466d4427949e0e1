using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Engine.Definitions;

namespace Prometheus.Synthetic.Cli.Commands.Definitions;

/// <summary><c>definitions …</c>: threat models, supervisors' scenarios, named crises and hand-written sets.</summary>
public static class DefinitionsCommand
{
    public static Command Create(CliContext cli) =>
        new("definitions", "Look into the versioned definitions that sets are made from, and check files of your own.")
        {
            ListDefinitions.Create(cli),
            ShowDefinition.Create(cli),
            CheckDefinitions.Create(cli),
        };

    internal static DefinitionLibrary Library(CliContext cli) =>
        DefinitionLibrary.Load(cli.Environment(DefinitionLibrary.FolderVariable));
}
