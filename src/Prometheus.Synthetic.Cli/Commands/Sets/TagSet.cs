using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Cli.Commands.Sets;

/// <summary><c>sets tag</c>: gives and takes tags after the seal.</summary>
public static class TagSet
{
    public static Command Create(CliContext cli)
    {
        Argument<string> which = SetsCommand.SetArgument();
        var add = new Option<string[]>("--add")
        {
            Description = "Tag to give; repeat for several.",
            AllowMultipleArgumentsPerToken = true,
        };
        var remove = new Option<string[]>("--remove")
        {
            Description = "Tag to take that was given later; those of the request stay.",
            AllowMultipleArgumentsPerToken = true,
        };
        var act = new ActOptions();
        var command = new Command("tag", "Give tags to a sealed set or take them.") { which, add, remove };
        act.AddTo(command);
        command.SetAction(
            (parsed, ct) =>
                RunAsync(
                    cli,
                    parsed.GetValue(which)!,
                    parsed.GetValue(add) ?? [],
                    parsed.GetValue(remove) ?? [],
                    act.Read(parsed),
                    ct
                )
        );
        return command.WithExamples("./synthetic sets tag US_EQ_BASELINE_BOOTSTRAP_30D --add APPROVED_2026Q1");
    }

    private static async Task<int> RunAsync(
        CliContext cli,
        string text,
        string[] add,
        string[] remove,
        Act act,
        CancellationToken ct
    )
    {
        await using EngineScope engine = EngineScope.Open(cli);
        ScenarioSetDocument set = await SetsCommand.FindAsync(engine, text, ct);
        await engine.Get<SetLifecycle>().TagAsync(set.Id, add, remove, act, ct);
        IReadOnlyList<string> later = await engine.Get<SetTagStore>().ReadAsync(set.Id, ct);
        cli.Console.WriteWrapped(
            "",
            $"{set.Name} version {set.Version}: {string.Join(", ", set.Tags.Concat(later).Order(StringComparer.Ordinal))}"
        );
        return ExitCodes.Ok;
    }
}
