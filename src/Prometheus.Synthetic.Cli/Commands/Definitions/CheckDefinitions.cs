using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Engine.Definitions;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Cli.Commands.Definitions;

/// <summary><c>definitions check</c>: files before they are put into service.</summary>
internal static class CheckDefinitions
{
    public static Command Create(CliContext cli)
    {
        var files = new Argument<FileInfo[]>("files")
        {
            Description = "YAML files; without any, everything this installation knows is checked.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<bool> json = CliOptions.Json();
        var command = new Command("check", "Check definition files: every field that is wrong, at once.")
        {
            files,
            json,
        };
        command.SetAction(parsed => Run(cli, parsed.GetValue(files) ?? [], parsed.GetValue(json)));
        return command.WithExamples(
            "./synthetic definitions check my-crisis.yaml",
            "./synthetic definitions check infra/definitions/fed-2025-severely-adverse.yaml --json"
        );
    }

    /// <exception cref="ScenarioRefusedException">Any file is wrong.</exception>
    private static int Run(CliContext cli, FileInfo[] files, bool json)
    {
        var errors = new List<FieldError>();
        var sound = new List<Definition>();
        foreach (FileInfo file in files)
        {
            try
            {
                sound.Add(DefinitionFile.Read(InputFile.Text("files", file.ToString()), file.Name));
            }
            catch (ScenarioRefusedException refused)
            {
                errors.AddRange(refused.Errors);
            }
        }

        if (errors.Count > 0)
            throw new ScenarioRefusedException(errors);
        IReadOnlyList<Definition> all = files.Length > 0 ? sound : DefinitionsCommand.Library(cli).All;
        if (json)
            cli.Console.WriteJson(
                all.Select(d => new
                {
                    d.Kind,
                    d.Name,
                    d.Version,
                    d.Hash,
                })
            );
        else
        {
            foreach (Definition d in all)
                cli.Console.WriteLine($"sound: {d.Name} version {d.Version} ({d.Kind})");
        }

        return ExitCodes.Ok;
    }
}
