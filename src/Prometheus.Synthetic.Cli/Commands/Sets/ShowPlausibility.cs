using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;
using Spectre.Console;

namespace Prometheus.Synthetic.Cli.Commands.Sets;

/// <summary><c>sets plausibility</c>: how far out a set's paths lie, what carries them and which days were like them.</summary>
internal static class ShowPlausibility
{
    private const int Listed = 20;

    public static Command Create(CliContext cli)
    {
        Argument<string> set = SetsCommand.SetArgument();
        Option<bool> json = CliOptions.Json();
        var command = new Command(
            "plausibility",
            "Show how plausible a set's paths are against its calibration sample, and whom they hurt."
        )
        {
            set,
            json,
        };
        command.SetAction((parsed, ct) => RunAsync(cli, parsed.GetValue(set)!, parsed.GetValue(json), ct));
        return command.WithExamples(
            "./synthetic sets plausibility US_EQ_GFC_2008",
            "./synthetic sets plausibility US_EQ_FED_2025_SEVERELY_ADVERSE --json"
        );
    }

    private static async Task<int> RunAsync(CliContext cli, string text, bool json, CancellationToken ct)
    {
        await using EngineScope engine = EngineScope.Open(cli);
        ScenarioSetDocument set = await SetsCommand.FindAsync(engine, text, ct);
        if (
            set.GeneratorReport is not { ValueKind: JsonValueKind.Object } report
            || !report.TryGetProperty("plausibility", out JsonElement summary)
        )
            throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                "set",
                $"{set.Name} is of category {set.Category}, whose paths carry no plausibility; SHOCK_OVERLAY, FRAGILITY_ADVERSARIAL, REGULATORY and hand-written CUSTOM sets do"
            );
        int count = Math.Min(Listed, set.NumPaths);
        IReadOnlyList<PathAnnotation?> paths =
            set.Status == ScenarioSetStatus.Sealed
                ? await engine
                    .Get<AnnotationReader>()
                    .ReadAsync(
                        set.Id,
                        DriverNumbers.Of(await engine.Get<ScenarioSetStore>().DriversAsync(set.Id, ct)),
                        0,
                        count,
                        ct
                    )
                : [];
        JsonElement? loss = report.TryGetProperty("loss", out JsonElement l) ? l : null;
        if (json)
            cli.Console.WriteJson(
                new
                {
                    ScenarioSetId = set.Id,
                    set.Name,
                    set.Version,
                    set.DefensiveTest,
                    Plausibility = summary,
                    Loss = loss,
                    Paths = paths.Select((p, i) => new { ScenarioId = i, p?.Metadata }),
                }
            );
        else
            Print(cli, set, summary, loss, paths);
        return ExitCodes.Ok;
    }

    private static void Print(
        CliContext cli,
        ScenarioSetDocument set,
        JsonElement summary,
        JsonElement? loss,
        IReadOnlyList<PathAnnotation?> paths
    )
    {
        cli.Console.WriteLine(
            $"{set.Name} version {set.Version}{(set.DefensiveTest ? ", a defensive test" : string.Empty)}"
        );
        foreach (
            string measure in (string[])
                ["horizon_distance", "path_distance", "worst_day_distance", "worst_day_empirical_tail"]
        )
            cli.Console.WriteLine($"{measure, -26} {Spread(summary.GetProperty(measure))}");
        cli.Console.WriteLine(
            $"{"nearest days", -26} {string.Join(", ", summary.GetProperty("nearest_days").EnumerateArray().Select(d => d.GetProperty("date").GetString()))}"
        );
        IEnumerable<string> carriers = summary
            .GetProperty("drivers")
            .EnumerateArray()
            .Take(5)
            .Select(d => $"{d.GetProperty("driver").GetString()} {d.GetProperty("mean_share").GetDouble():P0}");
        cli.Console.WriteWrapped($"{"carried by", -26} ", string.Join(", ", carriers));
        if (loss is { } lost)
            cli.Console.WriteLine(
                $"{"mean loss", -26} attacked {lost.GetProperty("mean_attacked").GetDouble():P1}, targets {lost.GetProperty("mean_targets").GetDouble():P1}, market {lost.GetProperty("mean_market").GetDouble():P1}{Chance(lost)}"
            );
        var table = new Table().Border(cli.Console.OutputIsTerminal ? TableBorder.Rounded : TableBorder.Ascii);
        table.AddColumns("Path", "What", "Distance", "Worst day", "Tail", "Nearest day");
        for (int i = 0; i < paths.Count; i++)
        {
            if (paths[i]?.Metadata is not { } facts || facts["plausibility"] is not JsonObject p)
                continue;
            table.AddRow(
                $"{i}",
                Markup.Escape(What(facts)),
                Number(p["horizon"]!["mahalanobis_distance"]),
                Number(p["worst_day"]!["mahalanobis_distance"]),
                ((double)p["worst_day"]!["empirical_tail"]!).ToString("0.0000", CultureInfo.InvariantCulture),
                (string?)p["worst_day"]!["nearest_days"]![0]!["date"] ?? "-"
            );
        }

        cli.Console.Out.Write(table);
    }

    /// <summary>How sure it is that who is attacked loses more than the market.</summary>
    private static string Chance(JsonElement loss) =>
        loss.GetProperty("attacked_against_market").GetProperty("p_value") is { ValueKind: JsonValueKind.Number } p
            ? string.Create(CultureInfo.InvariantCulture, $", p {p.GetDouble():0.0e+0}")
            : string.Empty;

    private static string What(JsonObject facts) =>
        facts["template"] is { } template ? $"{template} {facts["allocation"]}, {facts["focus"]}"
        : facts["overlays"] is JsonArray overlays ? string.Join(", ", overlays.Select(o => (string?)o!["name"]))
        : (string?)(facts["variant"] ?? facts["name"]) ?? "-";

    private static string Spread(JsonElement of) =>
        $"{of.GetProperty("min").GetDouble():0.####} to {of.GetProperty("max").GetDouble():0.####}, median {of.GetProperty("median").GetDouble():0.####}";

    private static string Number(JsonNode? node) => ((double)node!).ToString("0.00", CultureInfo.InvariantCulture);
}
