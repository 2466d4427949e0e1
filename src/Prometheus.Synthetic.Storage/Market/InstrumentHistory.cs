using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Market.Reading;

namespace Prometheus.Synthetic.Storage.Market;

/// <summary>Returns of a universe in a window, from stored returns or, where those lack, from prices.</summary>
internal sealed class InstrumentHistory
{
    private readonly IReadOnlyList<InstrumentRow> _universe;
    private readonly Dictionary<string, (DatedSeries Series, string Source)> _series;
    private readonly int[] _calendar;

    private InstrumentHistory(
        IReadOnlyList<InstrumentRow> universe,
        Dictionary<string, (DatedSeries, string)> series,
        int[] calendar,
        DateOnly latest
    ) => (_universe, _series, _calendar, LatestDataDate) = (universe, series, calendar, latest);

    public DateOnly LatestDataDate { get; }

    public static async Task<InstrumentHistory> LoadAsync(
        MarketReader reader,
        CalibrationQuery query,
        IReadOnlyList<InstrumentRow> candidates,
        IReadOnlyList<InstrumentRow> universe,
        int witnesses,
        List<string> notes,
        CancellationToken ct
    )
    {
        DateOnly last = query.BaseDateEnd is { } end && end < query.AsOf ? end : query.AsOf;
        if (query.BaseDateEnd > query.AsOf)
            notes.Add(
                $"base_date_end {query.BaseDateEnd:yyyy-MM-dd} is after the as-of date; the window ends at {query.AsOf:yyyy-MM-dd}."
            );
        string[] ids = [.. universe.Select(i => i.InstrumentId)];
        (DateOnly First, DateOnly Last) range =
            await reader.Series.DataRangeAsync(ids, query.AsOf, ct)
            ?? throw new ScenarioRefusedException(
                ErrorCodes.TooLittleHistory,
                "as_of_date",
                $"the {ids.Length} selected instruments have no returns and no prices on or before {query.AsOf:yyyy-MM-dd}; import history or take a later date"
            );
        DateOnly first = query.BaseDateStart is { } start && start > range.First ? start : range.First;
        if (last > range.Last)
            last = range.Last;
        if (first > last)
            throw new ScenarioRefusedException(
                ErrorCodes.InvalidDates,
                query.BaseDateStart is null ? "base_date_end" : "base_date_start",
                $"no data in the window {query.BaseDateStart ?? range.First:yyyy-MM-dd}..{query.BaseDateEnd ?? query.AsOf:yyyy-MM-dd}; the selected instruments have data {range.First:yyyy-MM-dd}..{range.Last:yyyy-MM-dd} as of {query.AsOf:yyyy-MM-dd}"
            );

        string[] loaded = [.. ids.Union(Witnesses(candidates, universe, witnesses), StringComparer.Ordinal)];
        Dictionary<string, int> priced = await reader.Series.CountsAsync("prices_daily", loaded, first, last, ct);
        Dictionary<string, int> stored = await reader.Series.CountsAsync("returns_daily", loaded, first, last, ct);
        long observations = loaded.Sum(i => (long)Math.Max(stored.GetValueOrDefault(i), priced.GetValueOrDefault(i)));
        if (observations > query.Limits.MaxObservations)
            throw new ScenarioRefusedException(
                ErrorCodes.OverLimit,
                UniverseFilter.Path,
                $"{observations} observations are selected; the limit {CalibrationLimits.Section}:MaxObservations is {query.Limits.MaxObservations}; shorten the dates or filter"
            );

        Dictionary<string, DatedSeries> returns = await reader.Series.ReturnsAsync(loaded, first, last, ct);
        // The first price of a listing has no return: one row more than returns is no gap.
        string[] fromPrices =
        [
            .. loaded.Where(i =>
                priced.GetValueOrDefault(i) - 1 > (returns.TryGetValue(i, out DatedSeries? s) ? s.Days.Length : 0)
            ),
        ];
        Dictionary<string, DatedSeries> prices =
            fromPrices.Length == 0
                ? []
                : await reader.Series.PricesAsync(
                    fromPrices,
                    first.DayNumber > DatedSeries.LongestReturnGapDays
                        ? first.AddDays(-DatedSeries.LongestReturnGapDays)
                        : first,
                    last,
                    ct
                );
        var series = new Dictionary<string, (DatedSeries, string)>(StringComparer.Ordinal);
        foreach (string id in loaded)
        {
            DatedSeries own = returns.GetValueOrDefault(id) ?? DatedSeries.Empty(id);
            if (!prices.TryGetValue(id, out DatedSeries? price))
            {
                series[id] = (own, ReturnSource.Returns);
                continue;
            }

            DatedSeries computed = price.ToReturns().Within(first.DayNumber, last.DayNumber);
            DatedSeries filled = own.FilledFrom(computed);
            series[id] =
                own.Days.Length == 0 ? (computed, ReturnSource.Prices)
                : filled.Days.Length == own.Days.Length ? (own, ReturnSource.Returns)
                : (filled, ReturnSource.Both);
        }

        int computedOnly = series.Values.Count(s => s.Item2 == ReturnSource.Prices);
        if (computedOnly > 0)
            notes.Add($"Returns of {computedOnly} instruments were computed from adjusted closes: none are stored.");
        return new InstrumentHistory(
            universe,
            series,
            RaggedHistory.TradingDays([.. series.Values.Select(s => s.Item1)], query.Universe.Calendar),
            range.Last
        );
    }

    /// <summary>Applies the ragged-history policy; factors and macro series can be added to what it returns.</summary>
    public PanelDraft Screen(CalibrationQuery query)
    {
        RefuseShort(_calendar.Length, query.Limits, "the window has");
        var draft = new PanelDraft(_calendar);
        foreach (InstrumentRow instrument in _universe)
        {
            (DatedSeries series, string source) = _series[instrument.InstrumentId];
            double[] aligned = series.On(_calendar);
            double coverage = RaggedHistory.Coverage(aligned);
            if (RaggedHistory.Refusal(aligned, _calendar, query.Universe) is { } reason)
            {
                draft.Dropped.Add(new DroppedDriver(DriverKind.Instrument, instrument.InstrumentId, reason, coverage));
                continue;
            }

            draft.Add(
                new Driver(DriverKind.Instrument, instrument.InstrumentId, Driver.SimpleReturn)
                {
                    Attributes = instrument.Attributes(),
                },
                aligned,
                new KeptDriver(DriverKind.Instrument, instrument.InstrumentId, coverage, source)
            );
        }

        if (draft.Kept.Count == 0)
            throw new ScenarioRefusedException(
                ErrorCodes.TooLittleHistory,
                $"{UniverseFilter.Path}.min_coverage",
                $"none of {_universe.Count} instruments has enough history in {DateOnly.FromDayNumber(_calendar[0]):yyyy-MM-dd}..{DateOnly.FromDayNumber(_calendar[^1]):yyyy-MM-dd} ({_calendar.Length} trading days); nearest: {Nearest(draft.Dropped)}; shorten the window or lower min_coverage"
            );
        return draft;
    }

    internal static void RefuseShort(int days, CalibrationLimits limits, string what)
    {
        if (days < limits.MinDays)
            throw new ScenarioRefusedException(
                ErrorCodes.TooLittleHistory,
                "base_date_start",
                $"{what} {days} trading days; at least {limits.MinDays} are needed; widen the dates"
            );
    }

    private static string Nearest(IEnumerable<DroppedDriver> dropped) =>
        string.Join(
            ", ",
            dropped
                .OrderByDescending(d => d.Coverage)
                .ThenBy(d => d.Id, StringComparer.Ordinal)
                .Take(3)
                .Select(d => $"{d.Id} {d.Reason}")
        );

    /// <summary>Further instruments of each market, so that a small selection does not decide what a trading day is.</summary>
    private static IEnumerable<string> Witnesses(
        IReadOnlyList<InstrumentRow> candidates,
        IReadOnlyList<InstrumentRow> universe,
        int witnesses
    )
    {
        foreach (IGrouping<string, InstrumentRow> market in candidates.GroupBy(i => i.MarketId))
        {
            int selected = universe.Count(i => i.MarketId == market.Key);
            if (selected == 0)
                continue;
            foreach (
                InstrumentRow i in market
                    .Where(i => !universe.Contains(i))
                    .OrderBy(i => i.InstrumentId, StringComparer.Ordinal)
                    .Take(Math.Max(0, witnesses - selected))
            )
                yield return i.InstrumentId;
        }
    }
}
