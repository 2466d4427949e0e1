using System.CommandLine;
using System.Globalization;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Engine.Verification;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Cli.Commands.Sets;

/// <summary><c>sets verify</c>: recomputes sets and compares them with their stored rows and records, to the bit.</summary>
public static class VerifySets
{
    public static Command Create(CliContext cli)
    {
        var which = new Argument<string[]>("set")
        {
            Description = "Ids, beginnings of ids, lineage names or name:version.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var all = new Option<bool>("--all") { Description = "Every sealed and evicted set." };
        var sample = new Option<int?>("--sample")
        {
            Description = "So many sets: those whose last verification is longest ago.",
        };
        Option<bool> json = CliOptions.Json();
        var act = new ActOptions();
        var command = new Command(
            "verify",
            "Recompute sets from stored spec, snapshot and seed; compare recomputed paths, stored rows and record to the "
                + "bit; say what differs and where first. Exit code 1 when anything is wrong."
        )
        {
            which,
            all,
            sample,
            json,
        };
        act.AddTo(command);
        command.SetAction(
            (parsed, ct) =>
                RunAsync(
                    cli,
                    parsed.GetValue(which) ?? [],
                    parsed.GetValue(all),
                    parsed.GetValue(sample),
                    act.Read(parsed),
                    parsed.GetValue(json),
                    ct
                )
        );
        return command.WithExamples(
            "./synthetic sets verify US_EQ_BASELINE_BOOTSTRAP_30D",
            "./synthetic sets verify --sample 10 --json",
            "./synthetic sets verify --all"
        );
    }

    private static async Task<int> RunAsync(
        CliContext cli,
        string[] which,
        bool all,
        int? sample,
        Act act,
        bool json,
        CancellationToken ct
    )
    {
        if ((which.Length > 0 ? 1 : 0) + (all ? 1 : 0) + (sample is null ? 0 : 1) != 1)
            throw new ScenarioRefusedException(
                ErrorCodes.Conflict,
                "set",
                "name the sets to verify, or give --all, or give --sample N: one of the three"
            );
        if (sample is < 1)
            throw new ScenarioRefusedException(ErrorCodes.OutOfRange, "--sample", $"{sample} is not 1 or more");
        await using EngineScope engine = EngineScope.Open(cli);
        IReadOnlyList<Guid> ids =
            which.Length > 0
                ? await FindAsync(engine, which, ct)
                : await engine.Get<VerificationStore>().DueAsync(all ? null : sample, ct);
        var reports = new List<VerificationReport>();
        foreach (Guid id in ids)
        {
            VerificationReport report;
            try
            {
                report = await engine.Get<SetVerifier>().VerifyAsync(id, act, new Notices(cli.Console), ct);
            }
            // Deleted since the list was made: nobody asked for this one by name.
            catch (ScenarioRefusedException gone)
                when (which.Length == 0 && gone.Errors[0].Code == ErrorCodes.WrongState)
            {
                cli.Console.Notice($"passed over: {gone.Errors[0].Message}");
                continue;
            }

            reports.Add(report);
            if (!json)
                Print(report, cli.Console);
        }

        if (json)
            cli.Console.WriteJson(reports);
        else
            cli.Console.WriteLine(
                $"{reports.Count(r => r.IsSound)} of {reports.Count} sets sound, {reports.Count(r => r.Outcome == VerificationOutcome.Verified)} verified to the bit."
            );
        return reports.All(r => r.IsSound) ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static async Task<IReadOnlyList<Guid>> FindAsync(EngineScope engine, string[] which, CancellationToken ct)
    {
        var ids = new List<Guid>();
        foreach (string text in which)
            ids.Add((await SetsCommand.FindAsync(engine, text, ct)).Id);
        return ids;
    }

    private static void Print(VerificationReport r, CliConsole console)
    {
        const int width = 10;
        console.WriteLine($"{r.Name} version {r.Version} ({r.ScenarioSetId})");
        console.WriteLabelled("  answer", r.Sentence, width);
        console.WriteLabelled("  record", r.RecordedHash, width);
        console.WriteLabelled("  fresh", r.FreshHash ?? "could not be recomputed", width);
        console.WriteLabelled("  stored", r.StoredHash ?? "evicted", width);
        console.WriteLabelled(
            "  work",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{r.Cells:N0} cells in {r.Seconds:0.00} s, {r.Cells / Math.Max(r.Seconds, 1e-3) / 1e6:0.0} million a second; engine {r.EngineVersion}, numeric version {r.NumericVersion}"
            ),
            width
        );
    }

    private sealed class Notices(CliConsole console) : IProgress<VerificationProgress>
    {
        private int _tenths = -1;

        public void Report(VerificationProgress value)
        {
            int tenths = 10 * value.RangesDone / value.RangesTotal;
            if (value.RangesTotal > 1 && Interlocked.Exchange(ref _tenths, tenths) < tenths)
                console.Notice($"{value.Name}: {value.RangesDone} of {value.RangesTotal} ranges compared");
        }
    }
}
