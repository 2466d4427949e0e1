using Prometheus.Synthetic.Scenarios.Spectra;

namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>
/// Measures a block of H days of the same drivers, be it a path of the set or a window of history: tail index,
/// mean correlation, spectral class, Mahalanobis distance of the outcome.
/// </summary>
internal sealed class PathMeasures
{
    /// <summary>Share of the pooled shocks that the Hill estimator takes as tail.</summary>
    private const double TailShare = 0.05;

    /// <summary>Fewest tail shocks: the relative error of Hill's estimate is 1/√k.</summary>
    private const int FewestTailShocks = 4;

    private readonly IReadOnlyList<Series> _drivers;
    private readonly Series _rhythm;
    private readonly int _steps;
    private readonly WindowClassifier? _classifier;
    private readonly OutcomeDistance _outcome;

    /// <param name="series">The drivers, the portfolio last where there is one.</param>
    /// <param name="steps">H.</param>
    public PathMeasures(IReadOnlyList<Series> series, int steps)
    {
        Series[] drivers = [.. series.Where(s => !s.IsPortfolio)];
        _drivers = drivers.Length > 0 ? drivers : series;
        _rhythm = series[^1];
        _steps = steps;
        _classifier = steps >= WindowClassifier.MinDays ? new WindowClassifier(steps) : null;
        _outcome = new OutcomeDistance(_drivers);
    }

    /// <param name="values">Chooses the block: history or set.</param>
    /// <param name="start">First value of the block in each series.</param>
    public Measures Of(Func<Series, double[]> values, int start)
    {
        double[] pooled = new double[_drivers.Count * _steps];
        double meanVariance = 0;
        double[] mean = new double[_steps];
        int n = _drivers.Count;
        for (int k = 0, i = 0; k < n; k++)
        {
            Series s = _drivers[k];
            ReadOnlySpan<double> block = values(s).AsSpan(start, _steps);
            double own = 0;
            foreach (double r in block)
                own += (r - s.Mean) / s.Deviation;
            own /= _steps;
            for (int h = 0; h < _steps; h++)
            {
                double z = (block[h] - s.Mean) / s.Deviation;
                pooled[i++] = -Math.Abs(z);
                mean[h] += (z - own) / n;
                meanVariance += (z - own) * (z - own) / n;
            }
        }

        double varianceOfMean = 0;
        foreach (double m in mean)
            varianceOfMean += m * m;
        // V(mean) = (V + (n − 1)·C) / n with mean variance V and mean covariance C.
        bool correlated = n > 1 && _steps > 1 && meanVariance > 0;
        ReadOnlySpan<double> rhythm = values(_rhythm).AsSpan(start, _steps);
        return new Measures(
            Hill(pooled),
            correlated ? (n * varianceOfMean / meanVariance - 1) / (n - 1) : double.NaN,
            rhythm.ContainsAnyExcept(0.0) ? _classifier?.Score(rhythm).Class : null,
            _outcome.Level(values, start, _steps)
        );
    }

    private static double Hill(double[] negatives)
    {
        Array.Sort(negatives); // ascending negatives: the largest sizes first
        int k = Math.Max(FewestTailShocks, (int)(TailShare * negatives.Length));
        if (k >= negatives.Length || negatives[k] == 0)
            return double.NaN;
        double sum = 0;
        for (int i = 0; i < k; i++)
            sum += Math.Log(negatives[i] / negatives[k]);
        return sum / k;
    }
}

/// <param name="Hill">Hill estimate of ξ = 1/α of the pooled |z|; NaN when there are too few.</param>
/// <param name="Correlation">Mean pairwise correlation within the block; NaN for one driver or one step.</param>
/// <param name="Spectrum">Null when too short, or when nothing moves.</param>
/// <param name="Level">χ² level of the outcome's distance.</param>
internal readonly record struct Measures(double Hill, double Correlation, WindowClass? Spectrum, double Level);
