using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Storage.Market.Import;

/// <summary>Reads a CSV of prices, returns, factors or macro levels into a panel, without a database.</summary>
public static class CsvPanel
{
    /// <param name="series">Names (or ids) of the series to keep; null for all.</param>
    /// <param name="filter">Policy of ragged history; its instrument filters do not apply.</param>
    /// <returns>The panel as a snapshot as of its last day, and what was detected and left out.</returns>
    /// <exception cref="ScenarioRefusedException">No CSV, an unknown series, or too little common history.</exception>
    public static async Task<(CalibrationSnapshot Snapshot, IReadOnlyList<string> Notes)> ReadAsync(
        string path,
        ImportOptions options,
        IReadOnlyList<string>? series,
        UniverseFilter filter,
        CancellationToken ct
    )
    {
        var log = new RejectLog(Path.GetFileName(path), null);
        CsvSeriesFile csv = await CsvSeriesFile.ReadAsync(path, options, log, null, ct);
        var notes = new List<string>(csv.Detection.Reasons);
        if (log.Total > 0)
            notes.Add($"{log.Total} cells were rejected; 'import --rejects FILE' lists them");
        SeriesBuffer[] kept =
        [
            .. csv.Series.Where(s => series is null || series.Contains(s.Name, StringComparer.Ordinal)),
        ];
        RefuseUnknown(series, csv);
        bool macro = csv.Detection.As == ImportTarget.Macro;
        DatedSeries[] dated =
        [
            .. kept.Select(s =>
            {
                var own = DatedSeries.Of(s.Name, [.. s.Days], [.. s.Values]);
                return csv.Detection.Values == ImportValues.Prices ? own.ToReturns() : own;
            }),
        ];
        int[] calendar = RaggedHistory.TradingDays(dated, filter.Calendar);
        var draft = new PanelDraft(calendar);
        foreach (DatedSeries s in dated.OrderBy(s => s.Id, StringComparer.Ordinal))
        {
            double[] aligned = macro ? SideSeries.LevelChanges(s, calendar, s.NaturalCarryDays()) : s.On(calendar);
            if (RaggedHistory.Refusal(aligned, calendar, filter) is { } reason)
            {
                notes.Add($"{s.Id} is left out: {reason}");
                continue;
            }

            DriverKind kind =
                macro ? DriverKind.Macro
                : csv.Detection.As == ImportTarget.Factors ? DriverKind.Factor
                : DriverKind.Instrument;
            draft.Add(
                new Driver(kind, s.Id, macro ? SideSeries.UnknownUnit : Driver.SimpleReturn),
                aligned,
                new KeptDriver(kind, s.Id, RaggedHistory.Coverage(aligned), "csv")
            );
        }

        ShockPanel panel = draft.Build(
            filter,
            new CalibrationLimits(),
            new Dictionary<string, double>(StringComparer.Ordinal)
        );
        if (draft.DaysDropped.Count > 0)
            notes.Add(
                $"{draft.DaysDropped.Count} of {calendar.Length} trading days are left out because a series has no value on them"
            );
        return (new CalibrationSnapshot(panel.Dates[^1], panel) { GapsBefore = draft.GapsBefore }, notes);
    }

    private static void RefuseUnknown(IReadOnlyList<string>? asked, CsvSeriesFile csv)
    {
        string[] known = [.. csv.Series.Select(s => s.Name)];
        FieldError[] errors =
        [
            .. (asked ?? [])
                .Where(a => !known.Contains(a, StringComparer.Ordinal))
                .Select(a => new FieldError(
                    ErrorCodes.NotFound,
                    a,
                    $"is no series of the file; there are {string.Join(", ", known.Take(20))}{(known.Length > 20 ? ", ..." : "")}{Scenarios.Json.Spelling.Suggest(a, known)}"
                )),
        ];
        if (errors.Length > 0)
            throw new ScenarioRefusedException(errors);
    }
}
