using System.Globalization;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Panels;
using ScottPlot;

namespace Prometheus.Synthetic.Cli.Charts;

/// <summary>What a chart of a set shows.</summary>
public enum ChartKind
{
    Fan,
    Histogram,
    Correlation,
}

/// <summary>The charts of a set, from its stored paths and its frozen history.</summary>
public sealed class SetCharts(SetSeries series, ChartTheme theme)
{
    /// <summary>Days of history before the fan.</summary>
    public const int HistoryDays = 120;

    /// <summary>More rows than this cannot be read on a page.</summary>
    public const int MostCorrelated = 30;

    /// <summary>Value a compounded series has at the as-of date.</summary>
    private const double IndexBase = 100;

    /// <param name="drivers">One driver for a fan or a histogram; null: all instruments, equally weighted.</param>
    public Task<Plot> DrawAsync(ChartKind kind, IReadOnlyList<SetDriver>? drivers, CancellationToken ct) =>
        kind switch
        {
            ChartKind.Fan when drivers is { Count: 1 } => FanOfDriverAsync(drivers[0], ct),
            ChartKind.Fan => FanOfPortfolioAsync(drivers ?? Instruments(), ct),
            ChartKind.Histogram when drivers is { Count: 1 } => HistogramOfDriverAsync(drivers[0], ct),
            ChartKind.Histogram => HistogramOfPortfolioAsync(drivers ?? Instruments(), ct),
            _ => CorrelationAsync(drivers ?? Instruments(), ct),
        };

    private string Name => $"{series.Set.Name} v{series.Set.Version}";

    private string Shape =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{series.Set.NumPaths:N0} paths × {series.Set.HorizonDays} days, as of {series.Set.AsOfDate:yyyy-MM-dd}{(series.Set.DefensiveTest ? ", DEFENSIVE TEST" : "")}"
        );

    private async Task<Plot> FanOfDriverAsync(SetDriver driver, CancellationToken ct)
    {
        bool additive = driver.Driver.Kind == DriverKind.Macro;
        double start = driver.Driver.BaseLevel ?? (additive ? 0 : IndexBase);
        List<double[]> paths = await series.PathsAsync(driver, ct);
        List<double[]> levels =
        [
            .. paths.Select(p => additive ? Levels.Accumulate(start, p) : Levels.Compound(start, p)),
        ];
        string unit =
            additive ? $"Level ({driver.Driver.Unit})"
            : driver.Driver.BaseLevel is null ? "Index, 100 at the as-of date"
            : "Price";
        return Fan(driver.Driver.Id, unit, Levels.Backwards(start, Recent(series.HistoryOf(driver)), additive), levels);
    }

    /// <summary>Equal amounts at the as-of date, held unchanged over the path; the history is that of the same holdings.</summary>
    private async Task<Plot> FanOfPortfolioAsync(IReadOnlyList<SetDriver> held, CancellationToken ct)
    {
        var levels = new List<double[]>();
        double[] history = [];
        foreach (SetDriver driver in held)
        {
            double start = IndexBase / held.Count;
            List<double[]> paths = await series.PathsAsync(driver, ct);
            for (int i = 0; i < paths.Count; i++)
            {
                if (levels.Count == i)
                    levels.Add(new double[paths[i].Length + 1]);
                Add(levels[i], Levels.Compound(start, paths[i]));
            }

            double[] past = Levels.Backwards(start, Recent(series.HistoryOf(driver)), additive: false);
            if (history.Length == 0)
                history = new double[past.Length];
            Add(history, past);
        }

        return Fan(
            $"equal-weight portfolio of {held.Count} instruments",
            "Value, 100 at the as-of date",
            history,
            levels
        );
    }

    private Plot Fan(string what, string unit, double[] history, List<double[]> levels) =>
        FanChart.Draw($"{Name}: {what}", Shape, unit, history, FanBands.Of(levels), theme);

    private async Task<Plot> HistogramOfDriverAsync(SetDriver driver, CancellationToken ct)
    {
        double[] set = [.. (await series.PathsAsync(driver, ct)).SelectMany(p => p)];
        string unit =
            driver.Driver.Kind == DriverKind.Macro ? $"Change per day ({driver.Driver.Unit})" : "Return per day";
        return Histogram(driver.Driver.Id, unit, set, series.HistoryOf(driver));
    }

    /// <summary>Equal weights every day: the mean of the instruments' returns.</summary>
    private async Task<Plot> HistogramOfPortfolioAsync(IReadOnlyList<SetDriver> held, CancellationToken ct)
    {
        double[] set = new double[series.Set.NumPaths * series.Set.HorizonDays];
        double[] history = new double[series.History.Days];
        foreach (SetDriver driver in held)
        {
            Add(set, [.. (await series.PathsAsync(driver, ct)).SelectMany(p => p)]);
            Add(history, series.HistoryOf(driver));
        }

        double[] Mean(double[] sum) => [.. sum.Select(x => x / held.Count)];
        return Histogram(
            $"equal-weight portfolio of {held.Count} instruments",
            "Return per day, weights equal every day",
            Mean(set),
            Mean(history)
        );
    }

    private Plot Histogram(string what, string unit, double[] set, double[] history)
    {
        RequireHistory(history);
        return HistogramChart.Draw(
            $"{Name}: {what}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"sd {StandardDeviation(set):0.0000} in the set, {StandardDeviation(history):0.0000} in {history.Length:N0} days of history {series.Set.BaseDateStart:yyyy-MM-dd} to {series.Set.BaseDateEnd:yyyy-MM-dd}"
            ),
            unit,
            ReturnHistogram.Of(set, history),
            theme
        );
    }

    private async Task<Plot> CorrelationAsync(IReadOnlyList<SetDriver> chosen, CancellationToken ct)
    {
        SetDriver[] shown = [.. chosen.Take(MostCorrelated)];
        var set = new List<double[]>();
        foreach (SetDriver driver in shown)
            set.Add([.. (await series.PathsAsync(driver, ct)).SelectMany(p => p)]);
        double[][] history = [.. shown.Select(series.HistoryOf)];
        foreach (double[] column in history)
            RequireHistory(column);
        double[,] before = CorrelationSums.Of(history);
        double[,] after = CorrelationSums.Of(set);
        (double largest, double rms) = CorrelationSums.Difference(before, after);
        return CorrelationChart.Draw(
            $"{Name}: correlation of daily returns, {shown.Length} of {chosen.Count} drivers",
            string.Create(
                CultureInfo.InvariantCulture,
                $"largest difference {largest:0.00}, root mean square {rms:0.000}; {series.Set.BaseDateStart:yyyy-MM-dd} to {series.Set.BaseDateEnd:yyyy-MM-dd}"
            ),
            [.. shown.Select(d => d.Driver.Id)],
            before,
            after,
            theme
        );
    }

    private SetDriver[] Instruments()
    {
        SetDriver[] instruments = [.. series.Drivers.Where(d => d.Driver.Kind == DriverKind.Instrument)];
        return instruments.Length > 0
            ? instruments
            : throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                "--portfolio",
                $"{Name} has no instruments; name one of its drivers with --driver, e.g. {series.Drivers[0].Driver.Id}"
            );
    }

    private static double[] Recent(double[] shocks) => shocks.Length <= HistoryDays ? shocks : shocks[^HistoryDays..];

    private static void RequireHistory(double[] history)
    {
        if (history.Length < 2)
            throw new ScenarioRefusedException(
                ErrorCodes.TooLittleHistory,
                "set",
                "the set's calibration history does not hold this driver: there is nothing to compare with"
            );
    }

    private static double StandardDeviation(double[] x)
    {
        double mean = x.Average();
        return Math.Sqrt(x.Sum(v => (v - mean) * (v - mean)) / (x.Length - 1));
    }

    private static void Add(double[] sum, double[] x)
    {
        for (int t = 0; t < Math.Min(sum.Length, x.Length); t++)
            sum[t] += x[t];
    }
}
