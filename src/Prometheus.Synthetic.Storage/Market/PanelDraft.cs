using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Market.Reading;

namespace Prometheus.Synthetic.Storage.Market;

/// <summary>Drivers aligned on the trading days of a window, holes (NaN) not yet resolved.</summary>
/// <param name="calendar">Ascending day numbers.</param>
internal sealed class PanelDraft(int[] calendar)
{
    private const int ErrorsShown = 20;
    private readonly List<(Driver Driver, double[] Values)> _columns = [];

    public int[] Calendar => calendar;

    public List<KeptDriver> Kept { get; } = [];

    public List<DroppedDriver> Dropped { get; } = [];

    public IReadOnlyList<DateOnly> DaysDropped { get; private set; } = [];

    /// <summary>Panel days before which a trading day is missing, or more than a return may span.</summary>
    public IReadOnlyList<int> GapsBefore { get; private set; } = [];

    public void Add(Driver driver, double[] aligned, KeptDriver kept)
    {
        _columns.Add((driver, aligned));
        Kept.Add(kept);
    }

    /// <summary>Intersects the days, refuses what is too short or impossible, adds base prices, and builds the panel.</summary>
    public async Task<ShockPanel> BuildAsync(CalibrationQuery query, MarketReader reader, CancellationToken ct) =>
        Build(
            query.Universe,
            query.Limits,
            await reader.Instruments.LastPricesAsync(
                [.. _columns.Where(c => c.Driver.Kind == DriverKind.Instrument).Select(c => c.Driver.Id)],
                query.AsOf,
                ct
            )
        );

    /// <summary>The same with given base prices by instrument.</summary>
    public ShockPanel Build(
        UniverseFilter universe,
        CalibrationLimits limits,
        IReadOnlyDictionary<string, double> prices
    )
    {
        _columns.Sort((a, b) => Driver.CompareCanonical(a.Driver, b.Driver));
        int[] days = RaggedHistory.CommonDays([.. _columns.Select(c => c.Values)], calendar.Length);
        double lost = 1.0 - (double)days.Length / calendar.Length;
        if (lost > universe.MaxDaysLost)
            throw new ScenarioRefusedException(
                ErrorCodes.TooLittleHistory,
                $"{UniverseFilter.Path}.max_days_lost",
                $"keeping days on which all {_columns.Count} drivers have a value leaves {days.Length} of {calendar.Length} trading days, {lost:P1} lost where max_days_lost allows {universe.MaxDaysLost:P1}; most holes: {MostHoles()}; raise min_coverage, exclude these, or shorten the window"
            );
        InstrumentHistory.RefuseShort(days.Length, limits, "days on which every driver has a value: the window has");
        RefuseImpossible(days);

        Driver[] drivers =
        [
            .. _columns.Select(c =>
                c.Driver.Kind == DriverKind.Instrument
                && prices.TryGetValue(c.Driver.Id, out double price)
                && double.IsFinite(price)
                && price > 0
                    ? c.Driver with
                    {
                        BaseLevel = price,
                    }
                    : c.Driver
            ),
        ];
        double[] values = new double[(long)days.Length * drivers.Length];
        for (int k = 0; k < drivers.Length; k++)
        {
            double[] column = _columns[k].Values;
            for (int t = 0; t < days.Length; t++)
                values[(long)t * drivers.Length + k] = column[days[t]];
        }

        var kept = new HashSet<int>(days);
        GapsBefore =
        [
            .. Enumerable
                .Range(1, days.Length - 1)
                .Where(t =>
                    days[t] != days[t - 1] + 1
                    || calendar[days[t]] - calendar[days[t - 1]] > DatedSeries.LongestReturnGapDays
                ),
        ];
        DaysDropped =
        [
            .. Enumerable
                .Range(0, calendar.Length)
                .Where(t => !kept.Contains(t))
                .Select(t => DateOnly.FromDayNumber(calendar[t])),
        ];
        return new ShockPanel(drivers, [.. days.Select(t => DateOnly.FromDayNumber(calendar[t]))], values);
    }

    private string MostHoles() =>
        string.Join(
            ", ",
            _columns
                .Select(c => (c.Driver.Id, Holes: RaggedHistory.Missing(c.Values)))
                .OrderByDescending(c => c.Holes)
                .ThenBy(c => c.Id, StringComparer.Ordinal)
                .Take(5)
                .Select(c => $"{c.Id} {c.Holes}")
        );

    private void RefuseImpossible(int[] days)
    {
        var errors = new List<FieldError>();
        foreach ((Driver driver, double[] values) in _columns)
        {
            foreach (int t in days)
            {
                double v = values[t];
                bool isReturn = driver.Kind != DriverKind.Macro;
                if (double.IsFinite(v) && (!isReturn || v > -1.0))
                    continue;
                string given =
                    double.IsFinite(v) ? $"return {v}"
                    : isReturn ? "return not a finite number (or from a price not above zero)"
                    : "level change not a finite number";
                errors.Add(
                    new FieldError(
                        ErrorCodes.BadData,
                        driver.Id,
                        $"{given} on {DateOnly.FromDayNumber(calendar[t]):yyyy-MM-dd}; {(isReturn ? "returns are finite and above -1" : "levels are finite")}; mend the history or exclude {driver.Id}"
                    )
                );
                if (errors.Count == ErrorsShown)
                    throw new ScenarioRefusedException(errors);
            }
        }

        if (errors.Count > 0)
            throw new ScenarioRefusedException(errors);
    }
}
