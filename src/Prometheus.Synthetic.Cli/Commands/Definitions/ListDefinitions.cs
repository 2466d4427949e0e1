using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Engine.Definitions;
using Spectre.Console;

namespace Prometheus.Synthetic.Cli.Commands.Definitions;

/// <summary><c>definitions list</c>.</summary>
internal static class ListDefinitions
{
    public static Command Create(CliContext cli)
    {
        Option<bool> json = CliOptions.Json();
        var command = new Command("list", "List the definitions this installation knows, by kind, name and version.")
        {
            json,
        };
        command.SetAction(parsed => Run(cli, parsed.GetValue(json)));
        return command.WithExamples("./synthetic definitions list", "./synthetic definitions list --json");
    }

    private static int Run(CliContext cli, bool json)
    {
        DefinitionLibrary library = DefinitionsCommand.Library(cli);
        if (json)
        {
            cli.Console.WriteJson(
                library.All.Select(d => new
                {
                    d.Kind,
                    d.Name,
                    d.Version,
                    d.Title,
                    d.Hash,
                    d.Origin,
                })
            );
            return ExitCodes.Ok;
        }

        var table = new Table().Border(cli.Console.OutputIsTerminal ? TableBorder.Rounded : TableBorder.Ascii);
        table.AddColumns("Kind", "Name", "Version", "Title");
        foreach (Definition d in library.All)
            table.AddRow(d.Kind, Markup.Escape(d.Name), $"{d.Version}", Markup.Escape(d.Title));
        cli.Console.Out.Write(table);
        return ExitCodes.Ok;
    }
}
