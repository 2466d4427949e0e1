namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>
/// The stylised facts (Cont 2001) of a set against its calibration sample. Every figure is a mean over paths of a path's
/// own mean, so <see cref="BatchMeans"/> gives its error; the history's figure is taken as given, because resampling
/// families draw from exactly that sample. A warning is a fact and no fault: stressed and adversarial sets differ on
/// purpose, independent days lose clustering by design.
/// </summary>
internal sealed class Fidelity(IReadOnlyList<Series> series, int paths, int steps)
{
    private const int ClusteringLags = 10;

    public IReadOnlyList<FidelityCheck> Run()
    {
        if (paths < 20)
            return
            [
                new FidelityCheck(
                    "all",
                    Verdict.NotApplicable,
                    null,
                    null,
                    null,
                    null,
                    0,
                    0,
                    $"{paths} paths; at least 20 are needed to know the error of a figure"
                ),
            ];
        return
        [
            EachDriver("mean", "mean shock per step", s => s.Mean, (_, r) => r),
            EachDriver(
                "volatility",
                "mean squared deviation from the historical mean; shown as a standard deviation",
                s => s.Deviation * s.Deviation,
                (s, r) => (r - s.Mean) * (r - s.Mean),
                Math.Sqrt
            ),
            EachDriver(
                "lower_tail",
                "share of steps below the historical 5 % quantile",
                s => Share(s.History, s.FivePercent),
                (s, r) => r < s.FivePercent ? 1 : 0
            ),
            EachDriver(
                "deep_lower_tail",
                "share of steps below the historical 1 % quantile",
                s => Share(s.History, s.OnePercent),
                (s, r) => r < s.OnePercent ? 1 : 0
            ),
            Correlation(),
            TailDependence(),
            Autocorrelation("autocorrelation", "mean product of neighbouring standardised shocks (lag 1)", 1, false),
            Autocorrelation(
                "autocorrelation_abs",
                $"mean product of standardised |shock| at lags 1 to {ClusteringLags} (volatility clustering)",
                ClusteringLags,
                true
            ),
        ];
    }

    private FidelityCheck EachDriver(
        string name,
        string explanation,
        Func<Series, double> history,
        Func<Series, double, double> value,
        Func<double, double>? shown = null
    )
    {
        var worst = new Worst(name, explanation, series.Count, paths);
        double[] perPath = new double[paths];
        foreach (Series s in series)
        {
            for (int p = 0; p < paths; p++)
            {
                double sum = 0;
                for (int h = 0; h < steps; h++)
                    sum += value(s, s.Set[p * steps + h]);
                perPath[p] = sum / steps;
            }

            worst.Consider(s.Name, BatchMeans.Of(perPath), history(s), shown);
        }

        return worst.ToCheck();
    }

    private FidelityCheck Correlation() =>
        Pairs(
            "correlation",
            "mean product of two drivers' standardised shocks, history's mean and deviation",
            static (a, b, x, y) => (x - a.Mean) / a.Deviation * ((y - b.Mean) / b.Deviation)
        );

    private FidelityCheck TailDependence() =>
        Pairs(
            "joint_lower_tail",
            "share of steps on which both drivers are below their historical 5 % quantile",
            static (a, b, x, y) => x < a.FivePercent && y < b.FivePercent ? 1 : 0
        );

    private FidelityCheck Pairs(string name, string explanation, Func<Series, Series, double, double, double> value)
    {
        // Neighbours in canonical order and each with the portfolio: enough to see a dependence that is off.
        (Series, Series)[] pairs =
        [
            .. series.Zip(series.Skip(1)),
            .. series.Skip(2).Select((s, i) => (series[i], s)),
            .. series.Count > 3 ? series.Take(series.Count - 2).Select(s => (s, series[^1])) : [],
        ];
        if (pairs.Length == 0)
            return NotApplicable(name, "one driver has no pairs");
        var worst = new Worst(name, explanation, pairs.Length, paths);
        double[] perPath = new double[paths];
        foreach ((Series a, Series b) in pairs)
        {
            double history = 0;
            for (int t = 0; t < a.History.Length; t++)
                history += value(a, b, a.History[t], b.History[t]);
            for (int p = 0; p < paths; p++)
            {
                double sum = 0;
                for (int h = p * steps; h < (p + 1) * steps; h++)
                    sum += value(a, b, a.Set[h], b.Set[h]);
                perPath[p] = sum / steps;
            }

            worst.Consider($"{a.Name} ~ {b.Name}", BatchMeans.Of(perPath), history / a.History.Length);
        }

        return worst.ToCheck();
    }

    private FidelityCheck Autocorrelation(string name, string explanation, int lags, bool absolute)
    {
        if (steps <= lags + 1)
            return NotApplicable(name, $"a horizon of {steps} steps is too short for {lags} lags");
        var worst = new Worst(name, explanation, series.Count, paths);
        double[] perPath = new double[paths];
        foreach (Series s in series)
        {
            double[] history = Standardised(s.History, s.History, absolute);
            double[] set = Standardised(s.Set, s.History, absolute);
            for (int p = 0; p < paths; p++)
                perPath[p] = MeanProduct(set.AsSpan(p * steps, steps), lags);
            worst.Consider(s.Name, BatchMeans.Of(perPath), MeanProduct(history, lags));
        }

        return worst.ToCheck();
    }

    private static double[] Standardised(double[] values, double[] history, bool absolute)
    {
        double[] reference = absolute ? [.. history.Select(Math.Abs)] : history;
        double mean = reference.Average();
        double deviation = Math.Sqrt(reference.Average(v => (v - mean) * (v - mean)));
        return [.. values.Select(v => ((absolute ? Math.Abs(v) : v) - mean) / deviation)];
    }

    private static double MeanProduct(ReadOnlySpan<double> z, int lags)
    {
        double sum = 0;
        int count = 0;
        for (int lag = 1; lag <= lags; lag++)
        {
            for (int t = lag; t < z.Length; t++)
                sum += z[t] * z[t - lag];
            count += z.Length - lag;
        }

        return sum / count;
    }

    private static FidelityCheck NotApplicable(string name, string why) =>
        new(name, Verdict.NotApplicable, null, null, null, null, 0, 0, why);

    private static double Share(double[] values, double below) => values.Count(v => v < below) / (double)values.Length;

    /// <summary>Keeps the subject that is furthest off.</summary>
    private sealed class Worst(string name, string explanation, int subjects, int paths)
    {
        private readonly double _threshold = BatchMeans.Threshold(subjects, paths);
        private (string Subject, double Set, double History, double Distance)? _worst;

        public void Consider(string subject, BatchMeans set, double history, Func<double, double>? shown = null)
        {
            double distance = set.DistanceTo(history);
            if (double.IsNaN(distance) || distance <= (_worst?.Distance ?? -1))
                return;
            shown ??= static x => x;
            _worst = (subject, shown(set.Mean), shown(history), distance);
        }

        public FidelityCheck ToCheck() =>
            _worst is not { } w
                ? new(name, Verdict.NotApplicable, null, null, null, null, _threshold, subjects, explanation)
                : new(
                    name,
                    w.Distance > _threshold ? Verdict.Warn : Verdict.Pass,
                    w.Subject,
                    w.Set,
                    w.History,
                    Math.Min(w.Distance, 1e9),
                    _threshold,
                    subjects,
                    explanation
                );
    }
}
