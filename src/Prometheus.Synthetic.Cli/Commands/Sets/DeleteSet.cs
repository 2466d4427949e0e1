using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Cli.Commands.Sets;

/// <summary><c>sets delete</c>: for good, with a reason, leaving a tombstone.</summary>
public static class DeleteSet
{
    public static Command Create(CliContext cli)
    {
        Argument<string> which = SetsCommand.SetArgument();
        var act = new ActOptions();
        var command = new Command(
            "delete",
            "Drop a set's paths for good and hide it from consumers; its record stays as a tombstone. Needs --reason."
        )
        {
            which,
        };
        act.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(cli, parsed.GetValue(which)!, act.Read(parsed), ct));
        return command.WithExamples(
            "./synthetic sets delete US_EQ_TRIAL:1 --reason 'made from a history with wrong splits'"
        );
    }

    private static async Task<int> RunAsync(CliContext cli, string text, Act act, CancellationToken ct)
    {
        act.RequireReason();
        await using EngineScope engine = EngineScope.Open(cli);
        ScenarioSetDocument set = await SetsCommand.FindAsync(engine, text, ct);
        bool deleted = await engine.Get<SetLifecycle>().DeleteAsync(set.Id, act, ct);
        cli.Console.WriteWrapped(
            "",
            $"{set.Name} version {set.Version} ({set.Id}): {(deleted ? "deleted; its record stays as a tombstone" : "was deleted already")}"
        );
        return ExitCodes.Ok;
    }
}
