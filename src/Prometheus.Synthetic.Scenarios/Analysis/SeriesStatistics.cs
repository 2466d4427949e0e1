using MathNet.Numerics;
using Prometheus.Synthetic.Scenarios.Volatility;

namespace Prometheus.Synthetic.Scenarios.Analysis;

/// <summary>What one series of returns (or level changes) looks like. For people and for choosing a spec; never hashed.</summary>
public sealed record SeriesStatistics
{
    private const int Lags = 10;

    /// <summary>Largest losses the Hill estimate looks at: a twentieth of the days, at least 10.</summary>
    private const double HillShare = 0.05;

    public required string Id { get; init; }

    /// <summary>Unit of the values: simple_return, or the macro series' own.</summary>
    public string Unit { get; init; } = Panels.Driver.SimpleReturn;

    public required int Days { get; init; }

    public required double Mean { get; init; }

    /// <summary>Standard deviation per day, divisor n − 1.</summary>
    public required double Deviation { get; init; }

    public required double Skewness { get; init; }

    /// <summary>Kurtosis less 3.</summary>
    public required double ExcessKurtosis { get; init; }

    public required double Lowest { get; init; }

    public required double Highest { get; init; }

    /// <summary>Share of days on which nothing moved; many mean stale prices.</summary>
    public required double ZeroShare { get; init; }

    /// <summary>Autocorrelations of the series, lags 1..10.</summary>
    public required double[] Autocorrelation { get; init; }

    /// <summary>The same of its absolute values: volatility clustering.</summary>
    public required double[] AbsoluteAutocorrelation { get; init; }

    public required LjungBox LjungBox { get; init; }

    /// <summary>Ljung–Box of the squares: clustering of volatility.</summary>
    public required LjungBox LjungBoxSquares { get; init; }

    /// <summary>Hill's tail of losses; null when there are too few.</summary>
    public required HillTail? LossTail { get; init; }

    public required HillTail? GainTail { get; init; }

    /// <summary>Latest EWMA volatility per day (λ 0.94), and its ratio to the whole history's.</summary>
    public required double VolatilityToday { get; init; }

    public required BlockLengthEstimate? BlockLength { get; init; }

    public required BlockLengthEstimate? AbsoluteBlockLength { get; init; }

    /// <param name="series">In time order; finite; at least 20 values that are not all the same.</param>
    public static SeriesStatistics Of(string id, double[] series)
    {
        int n = series.Length;
        double mean = series.Sum() / n;
        double[] e = [.. series.Select(x => x - mean)];
        double m2 = e.Sum(x => x * x) / n;
        double m3 = e.Sum(x => x * x * x) / n;
        double m4 = e.Sum(x => x * x * x * x) / n;
        double[] absolute = [.. series.Select(Math.Abs)];
        int k = Math.Max(10, (int)(HillShare * n));
        return new SeriesStatistics
        {
            Id = id,
            Days = n,
            Mean = mean,
            Deviation = Math.Sqrt(m2 * n / (n - 1)),
            Skewness = m2 > 0 ? m3 / Math.Pow(m2, 1.5) : 0,
            ExcessKurtosis = m2 > 0 ? m4 / (m2 * m2) - 3 : 0,
            Lowest = series.Min(),
            Highest = series.Max(),
            ZeroShare = (double)series.Count(x => x == 0) / n,
            Autocorrelation = Autocorrelations(series, Lags),
            AbsoluteAutocorrelation = Autocorrelations(absolute, Lags),
            LjungBox = LjungBox.Of(series, Lags),
            LjungBoxSquares = LjungBox.Of([.. series.Select(x => x * x)], Lags),
            LossTail = HillTail.Of([.. series.Select(x => -x)], k),
            GainTail = HillTail.Of(series, k),
            VolatilityToday = Math.Sqrt(EwmaVariance.Of(series, 0.94)[^1]),
            BlockLength = AutomaticBlockLength.Estimate(series),
            AbsoluteBlockLength = AutomaticBlockLength.Estimate(absolute),
        };
    }

    /// <summary>Sample autocorrelations R(k)/R(0), lags 1..<paramref name="lags"/>; 0 for a constant.</summary>
    public static double[] Autocorrelations(double[] series, int lags)
    {
        double mean = series.Sum() / series.Length;
        double[] e = [.. series.Select(x => x - mean)];
        double zero = e.Sum(x => x * x);
        double[] r = new double[Math.Min(lags, series.Length - 1)];
        for (int k = 1; k <= r.Length; k++)
        {
            double sum = 0;
            for (int t = k; t < e.Length; t++)
                sum += e[t] * e[t - k];
            r[k - 1] = zero > 0 ? sum / zero : 0;
        }

        return r;
    }
}

/// <summary>Ljung and Box's portmanteau test (Biometrika 65, 1978): Q = n(n + 2) Σ r²(k)/(n − k), χ² with m degrees of freedom.</summary>
/// <param name="Statistic">Q.</param>
/// <param name="PValue">Probability of as large a Q without autocorrelation; heavy tails make it optimistic.</param>
public sealed record LjungBox(double Statistic, int Lags, double PValue)
{
    public static LjungBox Of(double[] series, int lags)
    {
        double[] r = SeriesStatistics.Autocorrelations(series, lags);
        int n = series.Length;
        double q = 0;
        for (int k = 1; k <= r.Length; k++)
            q += r[k - 1] * r[k - 1] / (n - k);
        q *= n * (n + 2.0);
        return new LjungBox(q, r.Length, SpecialFunctions.GammaUpperRegularized(0.5 * r.Length, 0.5 * q));
    }
}

/// <summary>Hill's estimate of a tail (Annals of Statistics 3, 1975): ξ = (1/k) Σ ln(X₍ᵢ₎/X₍ₖ₊₁₎) over the k largest.</summary>
/// <param name="Index">α = 1/ξ: moments of order α and above do not exist; daily equity returns are near 3.</param>
/// <param name="StandardError">Of α, α/√k.</param>
/// <param name="Threshold">The (k + 1)-th largest value.</param>
public sealed record HillTail(double Index, double StandardError, int Exceedances, double Threshold)
{
    /// <summary>Null unless k + 1 values are above zero and differ.</summary>
    public static HillTail? Of(double[] values, int k)
    {
        double[] largest = [.. values.Where(x => x > 0).OrderDescending().Take(k + 1)];
        if (largest.Length <= k)
            return null;
        double xi = largest.Take(k).Sum(x => Math.Log(x / largest[k])) / k;
        return xi > 0 ? new HillTail(1 / xi, 1 / xi / Math.Sqrt(k), k, largest[k]) : null;
    }
}
