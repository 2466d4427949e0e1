using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Prometheus.Synthetic.Scenarios.Analysis;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Market.Import;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>What <c>analyze</c> is asked to look at, and how it is found: a file, or the market tables.</summary>
public sealed record AnalysisQuestion(
    IReadOnlyList<string> Series,
    IReadOnlyList<string> Instruments,
    IReadOnlyList<string> Markets,
    JsonElement? UniverseFilterJson,
    DateOnly? AsOf,
    DateOnly? Start,
    DateOnly? End,
    ImportValues? Values
)
{
    /// <summary>So many instruments say which days were trading days when only factors or macro series are asked for.</summary>
    private const int CalendarInstruments = 25;

    /// <exception cref="ScenarioRefusedException">A file, series, market or date cannot be used.</exception>
    public async Task<AnalysisSubject> LoadAsync(CliContext cli, CancellationToken ct)
    {
        UniverseFilter filter = UniverseFilter.Parse(UniverseFilterJson);
        if (
            Series.Count > 0
            && (File.Exists(Series[0]) || Series[0].Contains(".csv", StringComparison.OrdinalIgnoreCase))
        )
            return await FromFileAsync(filter, ct);
        if (Series.Count + Instruments.Count + Markets.Count == 0)
            throw new ScenarioRefusedException(
                ErrorCodes.Missing,
                "SERIES",
                "nothing to analyze; name series, --instrument, --market or a CSV file"
            );
        return await FromMarketAsync(cli, filter, ct);
    }

    private async Task<AnalysisSubject> FromFileAsync(UniverseFilter filter, CancellationToken ct)
    {
        (CalibrationSnapshot snapshot, IReadOnlyList<string> notes) = await CsvPanel.ReadAsync(
            Series[0],
            new ImportOptions { Values = Values },
            Series.Count > 1 ? [.. Series.Skip(1)] : null,
            filter,
            ct
        );
        if (Start is not null || End is not null || AsOf is not null)
            snapshot = Within(snapshot, Start, End < AsOf || AsOf is null ? End : AsOf);
        return new AnalysisSubject(
            snapshot,
            [.. notes, $"the suggested request needs the series in the database: ./synthetic import {Series[0]}"],
            Markets.Count > 0 ? Markets : ["US_EQ"],
            UniverseFilterJson is { } json ? JsonObject.Create(json) : null
        );
    }

    private async Task<AnalysisSubject> FromMarketAsync(CliContext cli, UniverseFilter filter, CancellationToken ct)
    {
        MarketTables tables = cli.ReadMarketTables();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(cli.RequirePostgres());
        await MarketSchema.EnsureAsync(source, tables, ct);
        var catalogue = new MarketCatalogue(source, tables);
        IReadOnlyList<string> markets =
            Markets.Count > 0
                ? Markets
                : [.. (await catalogue.ListAsync(ct)).Where(m => m.Instruments > 0).Select(m => m.MarketId)];
        (IReadOnlyList<string> factors, IReadOnlyList<string> macros) = await catalogue.SeriesAsync(ct);
        string[] factorIds = [.. Series.Where(s => factors.Contains(s, StringComparer.Ordinal))];
        string[] macroIds = [.. Series.Except(factorIds).Where(s => macros.Contains(s, StringComparer.Ordinal))];
        string[] instruments =
        [
            .. Instruments.Concat(Series.Except(factorIds).Except(macroIds)).Distinct(StringComparer.Ordinal),
        ];
        bool sideOnly = Series.Count > 0 && instruments.Length == 0 && Markets.Count == 0;
        JsonObject universe = UniverseFilterJson is { } given ? JsonObject.Create(given)! : [];
        if (instruments.Length > 0)
            universe["instruments"] = Texts(instruments);
        if (sideOnly)
            universe["max_instruments"] = CalendarInstruments;
        if (factorIds.Length > 0)
            universe["factors"] = Texts(factorIds);
        if (macroIds.Length > 0)
            universe["macros"] = Texts(macroIds);
        filter = UniverseFilter.Parse(JsonSerializer.SerializeToElement(universe));
        var query = new CalibrationQuery(markets, AsOf ?? await catalogue.LatestDataDateAsync(markets, ct))
        {
            BaseDateStart = Start,
            BaseDateEnd = End,
            Universe = filter,
            Needs = new DataNeeds { Regimes = true },
        };
        (CalibrationData data, string? note) = await LoadAsync(
            new CalibrationDataLoader(source, tables),
            query,
            [.. factors, .. macros],
            ct
        );
        CalibrationSnapshot snapshot = data.Snapshot;
        if (sideOnly)
            snapshot = snapshot with { Panel = snapshot.Panel.Only(d => d.Kind != DriverKind.Instrument) };
        return new AnalysisSubject(
            snapshot,
            [
                .. data.Report.Notes,
                .. data.Report.Dropped.Take(10).Select(d => $"{d.Id} is left out: {d.Reason}"),
                .. data.Report.Dropped.Count > 10
                    ? (string[])[$"and {data.Report.Dropped.Count - 10} more are left out"]
                    : [],
                .. note is null ? (string[])[] : [note],
            ],
            markets,
            universe.Count > 0 ? universe : null
        );
    }

    /// <summary>Names what is unknown as it was given: a word of the command line, not a part of the filter made of it.</summary>
    private async Task<(CalibrationData, string?)> LoadAsync(
        CalibrationDataLoader loader,
        CalibrationQuery query,
        IReadOnlyList<string> otherSeries,
        CancellationToken ct
    )
    {
        try
        {
            return await WithRegimesAsync(loader, query, ct);
        }
        catch (ScenarioRefusedException refused) when (UniverseFilterJson is null)
        {
            string others =
                otherSeries.Count > 0 ? $"; factors and macro series: {string.Join(", ", otherSeries)}" : "";
            throw new ScenarioRefusedException([
                .. refused.Errors.Select(e =>
                    (e.Code, e.Field) != (ErrorCodes.UnknownValue, "universe_filter.instruments") ? e
                    : Instruments.Any(i => e.Message.StartsWith($"'{i}'", StringComparison.Ordinal))
                        ? e with
                        {
                            Field = "--instrument",
                        }
                    : e with { Field = "SERIES", Message = e.Message + others }
                ),
            ]);
        }
    }

    /// <summary>Regimes are looked at where there are any; a platform without a Regime Engine is analysed all the same.</summary>
    private static async Task<(CalibrationData, string?)> WithRegimesAsync(
        CalibrationDataLoader loader,
        CalibrationQuery query,
        CancellationToken ct
    )
    {
        try
        {
            return (await loader.LoadAsync(query, ct), null);
        }
        catch (ScenarioRefusedException refused)
            when (refused.Errors.All(e => e.Field.Contains("regime", StringComparison.Ordinal)))
        {
            return (
                await loader.LoadAsync(query with { Needs = new DataNeeds() }, ct),
                $"without regimes: {refused.Errors[0].Message}"
            );
        }
    }

    private static CalibrationSnapshot Within(CalibrationSnapshot snapshot, DateOnly? start, DateOnly? end)
    {
        ShockPanel panel = snapshot.Panel;
        int[] days =
        [
            .. Enumerable.Range(0, panel.Days).Where(t => !(panel.Dates[t] < start) && !(panel.Dates[t] > end)),
        ];
        if (days.Length < AutomaticBlockLength.FewestObservations)
            throw new ScenarioRefusedException(
                ErrorCodes.TooLittleHistory,
                "base_date_start",
                $"{days.Length} days of the file lie in the window; at least {AutomaticBlockLength.FewestObservations} are needed; widen the dates (the file has {panel.Dates[0]:yyyy-MM-dd}..{panel.Dates[^1]:yyyy-MM-dd})"
            );
        int first = days[0];
        var cut = new ShockPanel(
            panel.Drivers,
            [.. days.Select(t => panel.Dates[t])],
            panel.Values.Slice(first * panel.Width, days.Length * panel.Width).ToArray()
        );
        return new CalibrationSnapshot(cut.Dates[^1], cut)
        {
            GapsBefore = [.. snapshot.GapsBefore.Select(g => g - first).Where(g => g > 0 && g < days.Length)],
        };
    }

    private static JsonArray Texts(IEnumerable<string> values) => [.. values.Select(v => (JsonNode)v)];
}

/// <summary>What is analysed, and how a request would name it.</summary>
public sealed record AnalysisSubject(
    CalibrationSnapshot Snapshot,
    IReadOnlyList<string> Notes,
    IReadOnlyList<string> Markets,
    JsonObject? Universe
)
{
    /// <summary>A whole request that <c>generate --request</c> accepts.</summary>
    public JsonObject Request(SuggestedSpec spec, int horizon)
    {
        ShockPanel panel = Snapshot.Panel;
        var request = new JsonObject
        {
            ["name"] = $"{Markets[0]}_{spec.Category}_{horizon}D",
            ["description"] = "suggested by analyze",
            ["category"] = spec.Category,
            ["horizon_days"] = horizon,
            ["num_paths"] = 1000,
            ["markets"] = new JsonArray([.. Markets.Select(m => (JsonNode)m)]),
            ["base_date_start"] = panel.Dates[0].ToString("yyyy-MM-dd"),
            ["as_of_date"] = Snapshot.AsOf.ToString("yyyy-MM-dd"),
            ["generator_spec"] = spec.GeneratorSpec.DeepClone(),
        };
        if (Universe is not null)
            request["universe_filter"] = Universe.DeepClone();
        return request;
    }
}
