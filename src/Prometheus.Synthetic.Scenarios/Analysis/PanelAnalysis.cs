using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Analysis;

/// <summary>What a panel looks like to someone who is about to choose a generator spec.</summary>
public sealed record PanelAnalysis
{
    /// <summary>More drivers than this are summarised by their medians only.</summary>
    public const int MostSeries = 50;

    public required DateOnly FirstDay { get; init; }

    public required DateOnly LastDay { get; init; }

    public required int Days { get; init; }

    public required int Drivers { get; init; }

    /// <summary>Drivers that never move; they have no statistics.</summary>
    public required IReadOnlyList<string> ConstantDrivers { get; init; }

    /// <summary>Days before which a trading day is missing.</summary>
    public required IReadOnlyList<DateOnly> GapsBefore { get; init; }

    /// <summary>The longest run of consecutive trading days.</summary>
    public required int LongestRun { get; init; }

    /// <summary>Each driver's statistics, at most <see cref="MostSeries"/> of them.</summary>
    public required IReadOnlyList<SeriesStatistics> Series { get; init; }

    /// <summary>Median over all moving drivers.</summary>
    public required MedianStatistics Median { get; init; }

    public required PanelBlockLength BlockLength { get; init; }

    /// <summary>Share of the variance of the standardised drivers that the first principal component explains.</summary>
    public required double FirstComponentShare { get; init; }

    /// <summary>Days per regime label, largest first; empty when regimes were not read.</summary>
    public required IReadOnlyList<RegimeDays> Regimes { get; init; }

    public static PanelAnalysis Of(CalibrationSnapshot snapshot)
    {
        ShockPanel panel = snapshot.Panel;
        var lengths = PanelBlockLength.Of(panel);
        int[] moving =
        [
            .. Enumerable
                .Range(0, panel.Width)
                .Where(k => !lengths.ConstantDrivers.Contains(panel.Drivers[k].Id, StringComparer.Ordinal)),
        ];
        var all = new SeriesStatistics[moving.Length];
        Parallel.For(
            0,
            moving.Length,
            i =>
                all[i] = SeriesStatistics.Of(panel.Drivers[moving[i]].Id, panel.Column(moving[i])) with
                {
                    Unit = panel.Drivers[moving[i]].Unit,
                }
        );
        return new PanelAnalysis
        {
            FirstDay = panel.Dates[0],
            LastDay = panel.Dates[^1],
            Days = panel.Days,
            Drivers = panel.Width,
            ConstantDrivers = lengths.ConstantDrivers,
            GapsBefore = [.. snapshot.GapsBefore.Select(t => panel.Dates[t])],
            LongestRun = Selection.TradingRuns.Lengths(snapshot).Max(),
            Series = [.. all.Take(MostSeries)],
            Median = MedianStatistics.Of(all),
            BlockLength = lengths,
            FirstComponentShare = PrincipalComponent.First(panel.Values, panel.Width).Share,
            Regimes = snapshot.Regimes is { } regimes ? RegimeDays.Count(regimes) : [],
        };
    }
}

/// <summary>Medians over drivers.</summary>
public sealed record MedianStatistics(
    double Deviation,
    double Skewness,
    double ExcessKurtosis,
    double Autocorrelation1,
    double AbsoluteAutocorrelation1,
    double AbsoluteAutocorrelation10,
    double LossTailIndex,
    double VolatilityTodayRatio
)
{
    public static MedianStatistics Of(IReadOnlyList<SeriesStatistics> all) =>
        new(
            Median(all.Select(s => s.Deviation)),
            Median(all.Select(s => s.Skewness)),
            Median(all.Select(s => s.ExcessKurtosis)),
            Median(all.Select(s => s.Autocorrelation[0])),
            Median(all.Select(s => s.AbsoluteAutocorrelation[0])),
            Median(all.Select(s => s.AbsoluteAutocorrelation[^1])),
            Median(all.Where(s => s.LossTail is not null).Select(s => s.LossTail!.Index)),
            Median(all.Where(s => s.Deviation > 0).Select(s => s.VolatilityToday / s.Deviation))
        );

    /// <summary>The lower median; 0 of nothing.</summary>
    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : sorted[(sorted.Length - 1) / 2];
    }
}

/// <param name="Label">Null for days without a usable label.</param>
/// <param name="Runs">Stretches of consecutive panel days of the label.</param>
/// <param name="LongestRun">The longest of them, in days.</param>
public sealed record RegimeDays(string? Label, int Days, int Runs, int LongestRun)
{
    internal static IReadOnlyList<RegimeDays> Count(RegimeHistory regimes)
    {
        var found = new Dictionary<string, (int Days, int Runs, int Longest)>(StringComparer.Ordinal);
        int run = 0;
        for (int t = 0; t < regimes.Labels.Count; t++)
        {
            string label = regimes.Labels[t] ?? string.Empty;
            run = t > 0 && regimes.Labels[t - 1] == regimes.Labels[t] ? run + 1 : 1;
            (int days, int runs, int longest) = found.GetValueOrDefault(label);
            found[label] = (days + 1, runs + (run == 1 ? 1 : 0), Math.Max(longest, run));
        }

        return
        [
            .. found
                .OrderByDescending(f => f.Value.Days)
                .ThenBy(f => f.Key, StringComparer.Ordinal)
                .Select(f => new RegimeDays(
                    f.Key.Length == 0 ? null : f.Key,
                    f.Value.Days,
                    f.Value.Runs,
                    f.Value.Longest
                )),
        ];
    }
}
