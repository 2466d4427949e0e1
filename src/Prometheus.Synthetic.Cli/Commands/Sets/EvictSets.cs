using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Cli.Commands.Sets;

/// <summary><c>sets evict</c>: drops paths, keeps records.</summary>
public static class EvictSets
{
    public static Command Create(CliContext cli)
    {
        var which = new Argument<string[]>("set")
        {
            Description = "Ids, beginnings of ids, lineage names or name:version.",
            Arity = ArgumentArity.OneOrMore,
        };
        var force = new Option<bool>("--force")
        {
            Description = "Evict although the set could not be brought back; needs --reason.",
        };
        var act = new ActOptions();
        var command = new Command(
            "evict",
            "Drop the paths of sets and keep their records; 'sets rehydrate' brings the identical bytes back. A set that "
                + "could not be brought back is refused."
        )
        {
            which,
            force,
        };
        act.AddTo(command);
        command.SetAction(
            (parsed, ct) => RunAsync(cli, parsed.GetValue(which)!, parsed.GetValue(force), act.Read(parsed), ct)
        );
        return command.WithExamples("./synthetic sets evict US_EQ_BASELINE_BOOTSTRAP_30D:1 --reason 'superseded'");
    }

    private static async Task<int> RunAsync(CliContext cli, string[] which, bool force, Act act, CancellationToken ct)
    {
        await using EngineScope engine = EngineScope.Open(cli);
        foreach (string text in which)
        {
            ScenarioSetDocument set = await SetsCommand.FindAsync(engine, text, ct);
            bool evicted = await engine.Get<SetLifecycle>().EvictAsync(set.Id, act, ct, force);
            cli.Console.WriteWrapped(
                "",
                $"{set.Name} version {set.Version} ({set.Id}): {(evicted ? "evicted" : "was evicted already")}"
            );
        }

        return ExitCodes.Ok;
    }
}
