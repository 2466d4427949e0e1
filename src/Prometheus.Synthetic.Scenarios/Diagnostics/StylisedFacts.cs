using Prometheus.Synthetic.Scenarios.Spectra;

namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>
/// The stylised facts (Cont 2001) that are looked at. Moments above the second are left out: their error is carried by a
/// handful of days, so that no honest verdict can be given; shares beyond quantiles and the tail index say the same and
/// have errors that hold.
/// </summary>
internal static class StylisedFacts
{
    private const int ClusteringLags = 10;

    public static IReadOnlyList<Fact> All { get; } =
    [
        new("mean", "mean shock per step", static (_, _, _, x, _) => (Sum(x), x.Length)),
        new(
            "volatility",
            "mean squared deviation from the reference mean; shown as a standard deviation",
            static (a, _, _, x, _) => (SquaredDeviations(x, a.Mean), x.Length)
        )
        {
            Shown = Math.Sqrt,
        },
        new(
            "lower_tail",
            "share of steps below the reference 5 % quantile",
            static (a, _, _, x, _) => (Below(x, a.FivePercent), x.Length),
            Rare: RareEvents.Sum
        ),
        new(
            "deep_lower_tail",
            "share of steps below the reference 1 % quantile",
            static (a, _, _, x, _) => (Below(x, a.OnePercent), x.Length),
            Rare: RareEvents.Sum
        ),
        new(
            "upper_tail",
            "share of steps above the reference 95 % quantile",
            static (a, _, _, x, _) => (Above(x, a.NinetyFivePercent), x.Length),
            Rare: RareEvents.Sum
        ),
        new(
            "tail_index",
            "Hill's ξ = 1/α: mean of ln(|r − mean| / u) beyond u, the reference 95 % quantile of |r − mean|",
            static (a, _, _, x, _) => LogExcess(x, a.Mean, a.TailBorder),
            Rare: RareEvents.Count
        ),
        new(
            "correlation",
            "correlation of two drivers' shocks, each scaled by its reference deviation",
            static (a, b, own, x, y) => Products(a, b, own, x, y),
            FactScope.Pairs
        ),
        new(
            "tail_dependence",
            "share of the first driver's steps below its reference 5 % quantile on which the second is below its own",
            static (a, b, _, x, y) => Joint(x, y, a.FivePercent, b.FivePercent),
            FactScope.Pairs,
            Rare: RareEvents.Sum
        ),
        new(
            "autocorrelation",
            "autocorrelation of shocks at lag 1",
            static (_, _, own, x, _) => LaggedProducts(x, own.A, 1, absolute: false),
            FewestSteps: 3
        ),
        new(
            "autocorrelation_abs",
            $"autocorrelation of |shock| over lags 1 to {ClusteringLags} (volatility clustering)",
            static (_, _, own, x, _) => LaggedProducts(x, own.AbsoluteA, ClusteringLags, absolute: true),
            FewestSteps: ClusteringLags + 2
        ),
        Rhythm("spectral_slope", "mean over paths of the slope of ln energy on ln frequency", s => s.Slope),
        Rhythm("spectral_entropy", "mean over paths of the spectrum's entropy, 1 for white noise", s => s.Entropy),
        Rhythm("dominant_period", "mean over paths of the largest line's period in days", s => s.DominantPeriodDays),
    ];

    private static Fact Rhythm(string name, string explanation, Func<SpectralShape, double> figure) =>
        new(
            name,
            explanation,
            (_, _, _, x, _) => x.ContainsAnyExcept(x[0]) ? (figure(SpectralShape.Of(x)), 1) : (0, 0),
            FactScope.Rhythm,
            WindowClassifier.MinDays
        );

    private static double Sum(ReadOnlySpan<double> x)
    {
        double sum = 0;
        foreach (double v in x)
            sum += v;
        return sum;
    }

    private static double SquaredDeviations(ReadOnlySpan<double> x, double mean)
    {
        double sum = 0;
        foreach (double v in x)
            sum += (v - mean) * (v - mean);
        return sum;
    }

    private static double Below(ReadOnlySpan<double> x, double border)
    {
        int count = 0;
        foreach (double v in x)
            count += v < border ? 1 : 0;
        return count;
    }

    private static double Above(ReadOnlySpan<double> x, double border)
    {
        int count = 0;
        foreach (double v in x)
            count += v > border ? 1 : 0;
        return count;
    }

    private static (double, double) LogExcess(ReadOnlySpan<double> x, double mean, double border)
    {
        double sum = 0;
        int count = 0;
        foreach (double v in x)
        {
            double size = Math.Abs(v - mean);
            if (!(size > border) || border <= 0)
                continue;
            sum += Math.Log(size / border);
            count++;
        }

        return (sum, count);
    }

    /// <summary>Σ xy over Σ (x² + y²)/2: the correlation where the scaled variances are equal, below it elsewhere.</summary>
    private static (double, double) Products(
        Series a,
        Series b,
        OwnMeans own,
        ReadOnlySpan<double> x,
        ReadOnlySpan<double> y
    )
    {
        double products = 0;
        double squares = 0;
        for (int t = 0; t < x.Length; t++)
        {
            double u = (x[t] - own.A) / a.Deviation;
            double v = (y[t] - own.B) / b.Deviation;
            products += u * v;
            squares += (u * u + v * v) / 2;
        }

        return (products, squares);
    }

    private static (double, double) Joint(
        ReadOnlySpan<double> x,
        ReadOnlySpan<double> y,
        double borderX,
        double borderY
    )
    {
        int both = 0;
        int first = 0;
        for (int t = 0; t < x.Length; t++)
        {
            if (!(x[t] < borderX))
                continue;
            first++;
            both += y[t] < borderY ? 1 : 0;
        }

        return (both, first);
    }

    private static (double, double) LaggedProducts(ReadOnlySpan<double> x, double mean, int lags, bool absolute)
    {
        double products = 0;
        double squares = 0;
        for (int lag = 1; lag <= lags; lag++)
        {
            for (int t = lag; t < x.Length; t++)
            {
                double now = (absolute ? Math.Abs(x[t]) : x[t]) - mean;
                double then = (absolute ? Math.Abs(x[t - lag]) : x[t - lag]) - mean;
                products += now * then;
                squares += (now * now + then * then) / 2;
            }
        }

        return (products, squares);
    }
}
