using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Cli.Commands.Sets;

/// <summary><c>sets rehydrate</c>: brings evicted paths back, to the byte.</summary>
public static class RehydrateSets
{
    public static Command Create(CliContext cli)
    {
        var which = new Argument<string[]>("set")
        {
            Description = "Ids, beginnings of ids, lineage names or name:version.",
            Arity = ArgumentArity.OneOrMore,
        };
        var act = new ActOptions();
        var command = new Command(
            "rehydrate",
            "Bring the paths of evicted sets back. Every path is compared with the record before it is written; a set "
                + "comes back to the byte or not at all."
        )
        {
            which,
        };
        act.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(cli, parsed.GetValue(which)!, act.Read(parsed), ct));
        return command.WithExamples("./synthetic sets rehydrate US_EQ_BASELINE_BOOTSTRAP_30D:1");
    }

    private static async Task<int> RunAsync(CliContext cli, string[] which, Act act, CancellationToken ct)
    {
        await using EngineScope engine = EngineScope.Open(cli);
        foreach (string text in which)
        {
            ScenarioSetDocument set = await SetsCommand.FindAsync(engine, text, ct);
            bool back = await engine.Get<Rehydrator>().RehydrateAsync(set.Id, act, new StageNotices(cli.Console), ct);
            cli.Console.WriteWrapped(
                "",
                $"{set.Name} version {set.Version} ({set.Id}): {(back ? "the identical bytes are back" : "was not evicted")}"
            );
        }

        return ExitCodes.Ok;
    }
}
