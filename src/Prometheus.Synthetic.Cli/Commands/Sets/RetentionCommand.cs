using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Cli.Commands.Sets;

/// <summary><c>sets retention …</c>: what is kept of a lineage, and carrying it out.</summary>
public static class RetentionCommand
{
    public static Command Create(CliContext cli) =>
        new("retention", "Keep the paths of the last versions, of tagged ones and of recent ones; evict the others.")
        {
            Show(cli),
            Set(cli),
            Remove(cli),
            Apply(cli),
        };

    private static Command Show(CliContext cli)
    {
        Option<bool> json = CliOptions.Json();
        var command = new Command("show", "List the policies.") { json };
        command.SetAction(
            async (parsed, ct) =>
            {
                await using EngineScope engine = EngineScope.Open(cli);
                IReadOnlyList<RetentionPolicy> policies = await engine.Get<RetentionService>().PoliciesAsync(ct);
                if (parsed.GetValue(json))
                    cli.Console.WriteJson(policies);
                else if (policies.Count == 0)
                    cli.Console.WriteLine("No policies: nothing is ever evicted by itself.");
                foreach (RetentionPolicy p in parsed.GetValue(json) ? [] : policies)
                    cli.Console.WriteLabelled(p.Lineage, $"{Rules(p)}; set by {p.SetBy}: {p.Reason}", 30);
                return ExitCodes.Ok;
            }
        );
        return command.WithExamples("./synthetic sets retention show --json");
    }

    private static Command Set(CliContext cli)
    {
        var lineage = new Argument<string>("lineage")
        {
            Description = "Name of a lineage, or the beginning of names followed by *; the longest that fits decides.",
        };
        var last = new Option<int?>("--keep-last") { Description = "Keep the newest so many versions." };
        var tags = new Option<string[]>("--keep-tag")
        {
            Description = "Keep versions with this tag; repeat for several.",
            AllowMultipleArgumentsPerToken = true,
        };
        var days = new Option<int?>("--keep-days") { Description = "Keep versions sealed within so many days." };
        var act = new ActOptions();
        var command = new Command(
            "set",
            "Set the policy of a lineage. A version is kept when any rule keeps it; the newest always is. Needs --reason."
        )
        {
            lineage,
            last,
            tags,
            days,
        };
        act.AddTo(command);
        command.SetAction(
            async (parsed, ct) =>
            {
                await using EngineScope engine = EngineScope.Open(cli);
                await engine
                    .Get<RetentionService>()
                    .SetAsync(
                        parsed.GetValue(lineage)!,
                        parsed.GetValue(last),
                        parsed.GetValue(tags) ?? [],
                        parsed.GetValue(days),
                        act.Read(parsed),
                        ct
                    );
                cli.Console.WriteLine("set; './synthetic sets retention apply --dry-run' shows what it would evict");
                return ExitCodes.Ok;
            }
        );
        return command.WithExamples(
            "./synthetic sets retention set 'US_EQ_*' --keep-last 6 --keep-tag APPROVED --keep-days 400 "
                + "--reason 'model risk policy 4.2'"
        );
    }

    private static Command Remove(CliContext cli)
    {
        var lineage = new Argument<string>("lineage") { Description = "As it was set." };
        var act = new ActOptions();
        var command = new Command("remove", "Remove a policy. Needs --reason.") { lineage };
        act.AddTo(command);
        command.SetAction(
            async (parsed, ct) =>
            {
                await using EngineScope engine = EngineScope.Open(cli);
                await engine.Get<RetentionService>().RemoveAsync(parsed.GetValue(lineage)!, act.Read(parsed), ct);
                cli.Console.WriteLine("removed");
                return ExitCodes.Ok;
            }
        );
        return command.WithExamples("./synthetic sets retention remove 'US_EQ_*' --reason 'replaced'");
    }

    private static Command Apply(CliContext cli)
    {
        var dry = new Option<bool>("--dry-run") { Description = "Show what would be evicted and change nothing." };
        Option<bool> json = CliOptions.Json();
        var act = new ActOptions();
        var command = new Command("apply", "Evict what no policy keeps.") { dry, json };
        act.AddTo(command);
        command.SetAction(
            async (parsed, ct) =>
            {
                await using EngineScope engine = EngineScope.Open(cli);
                RetentionService retention = engine.Get<RetentionService>();
                IReadOnlyList<RetentionVerdict> verdicts = parsed.GetValue(dry)
                    ? await retention.PlanAsync(ct)
                    : await retention.ApplyAsync(act.Read(parsed), ct);
                if (parsed.GetValue(json))
                {
                    cli.Console.WriteJson(verdicts);
                    return ExitCodes.Ok;
                }

                string evict = parsed.GetValue(dry) ? "would evict" : "evicted";
                foreach (RetentionVerdict v in verdicts)
                    cli.Console.WriteLabelled(
                        v.Evict ? evict : "keeps",
                        $"{v.Lineage} version {v.Version} ({v.ScenarioSetId}): {v.Why}",
                        12
                    );
                cli.Console.WriteLine($"{verdicts.Count(v => v.Evict)} of {verdicts.Count} sets with paths: {evict}.");
                return ExitCodes.Ok;
            }
        );
        return command.WithExamples("./synthetic sets retention apply --dry-run", "./synthetic sets retention apply");
    }

    private static string Rules(RetentionPolicy p)
    {
        var rules = new List<string>();
        if (p.KeepLast is { } last)
            rules.Add($"the last {last}");
        if (p.KeepTags.Count > 0)
            rules.Add($"tagged {string.Join(" or ", p.KeepTags)}");
        if (p.KeepDays is { } days)
            rules.Add($"sealed within {days} days");
        return "keeps " + string.Join(", ", rules);
    }
}
