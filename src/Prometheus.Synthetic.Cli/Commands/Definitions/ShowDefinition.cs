using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Engine.Definitions;

namespace Prometheus.Synthetic.Cli.Commands.Definitions;

/// <summary><c>definitions show</c>.</summary>
internal static class ShowDefinition
{
    public static Command Create(CliContext cli)
    {
        var name = new Argument<string>("name") { Description = "NAME for the newest version, or NAME@VERSION." };
        Option<bool> json = CliOptions.Json();
        var command = new Command("show", "Show one definition: its figures, units and source.") { name, json };
        command.SetAction(parsed => Run(cli, parsed.GetValue(name)!, parsed.GetValue(json)));
        return command.WithExamples(
            "./synthetic definitions show FED_2025_SEVERELY_ADVERSE",
            "./synthetic definitions show STANDARD@1 --json"
        );
    }

    private static int Run(CliContext cli, string name, bool json)
    {
        Definition found = DefinitionsCommand.Library(cli).Find(name, DefinitionKinds.All, "name");
        if (json)
        {
            cli.Console.WriteJson(found);
            return ExitCodes.Ok;
        }

        cli.Console.WriteLine($"{found.Name} version {found.Version} ({found.Kind})");
        cli.Console.WriteLine(found.Title);
        cli.Console.WriteLine(found.Hash);
        cli.Console.WriteJson(found.Content);
        return ExitCodes.Ok;
    }
}
