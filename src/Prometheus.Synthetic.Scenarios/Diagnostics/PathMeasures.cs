using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using Prometheus.Synthetic.Scenarios.Spectra;

namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>
/// Measures a block of H days of the same drivers, be it a path of the set or a window of history: tail index,
/// mean correlation, spectral class, Mahalanobis distance of the outcome.
/// </summary>
internal sealed class PathMeasures
{
    /// <summary>Drivers whose outcomes span the distance; more than history can support makes it noise.</summary>
    private const int OutcomeDrivers = 8;

    /// <summary>Share of the pooled shocks that the Hill estimator takes as tail.</summary>
    private const double TailShare = 0.05;

    private readonly IReadOnlyList<Series> _series;
    private readonly int _steps;
    private readonly WindowClassifier? _classifier;
    private readonly int[] _outcome;
    private readonly Cholesky<double>? _covariance;
    private readonly double[] _means;

    /// <param name="series">The drivers, the portfolio last where there is one.</param>
    /// <param name="steps">H.</param>
    public PathMeasures(IReadOnlyList<Series> series, int steps)
    {
        _series = series;
        _steps = steps;
        _classifier = steps >= WindowClassifier.MinDays ? new WindowClassifier(steps) : null;
        _outcome =
        [
            .. Enumerable
                .Range(0, Math.Min(OutcomeDrivers, series.Count))
                .Select(i => i * series.Count / Math.Min(OutcomeDrivers, series.Count)),
        ];
        _means = [.. _outcome.Select(k => series[k].Mean)];
        _covariance = Factorise();
    }

    /// <summary>The distance's degrees of freedom; 0 when the drivers' covariance is singular.</summary>
    public int Degrees => _covariance is null ? 0 : _outcome.Length;

    /// <param name="values">Chooses the block: history or set.</param>
    /// <param name="start">First value of the block in each series.</param>
    public Measures Of(Func<Series, double[]> values, int start)
    {
        double[] pooled = new double[_series.Count * _steps];
        double varianceOfMean = 0;
        double meanVariance = 0;
        double[] mean = new double[_steps];
        for (int k = 0, i = 0; k < _series.Count; k++)
        {
            Series s = _series[k];
            ReadOnlySpan<double> block = values(s).AsSpan(start, _steps);
            double own = 0;
            foreach (double r in block)
                own += (r - s.Mean) / s.Deviation;
            own /= _steps;
            for (int h = 0; h < _steps; h++)
            {
                double z = (block[h] - s.Mean) / s.Deviation;
                pooled[i++] = -Math.Abs(z);
                mean[h] += (z - own) / _series.Count;
                meanVariance += (z - own) * (z - own) / _series.Count;
            }
        }

        foreach (double m in mean)
            varianceOfMean += m * m;
        int n = _series.Count;
        double correlation = n > 1 && meanVariance > 0 ? (n * varianceOfMean / meanVariance - 1) / (n - 1) : double.NaN;
        Series rhythm = _series[^1];
        return new Measures(
            Hill(pooled),
            correlation,
            _classifier?.Score(values(rhythm).AsSpan(start, _steps)).Class,
            Distance(values, start)
        );
    }

    private static double Hill(double[] negatives)
    {
        Array.Sort(negatives); // ascending negatives: the largest sizes first
        int k = Math.Max(4, (int)(TailShare * negatives.Length));
        if (k >= negatives.Length || negatives[k] == 0)
            return double.NaN;
        double sum = 0;
        for (int i = 0; i < k; i++)
            sum += Math.Log(negatives[i] / negatives[k]);
        return sum / k;
    }

    /// <summary>χ² level in [0, 1] of the squared distance of the H-day sums; NaN without a covariance.</summary>
    private double Distance(Func<Series, double[]> values, int start)
    {
        if (_covariance is null)
            return double.NaN;
        var sums = Vector<double>.Build.Dense(_outcome.Length);
        for (int i = 0; i < _outcome.Length; i++)
        {
            double sum = 0;
            foreach (double r in values(_series[_outcome[i]]).AsSpan(start, _steps))
                sum += r - _means[i];
            sums[i] = sum / Math.Sqrt(_steps);
        }

        return ChiSquared.CDF(_outcome.Length, sums * _covariance.Solve(sums));
    }

    private Cholesky<double>? Factorise()
    {
        int n = _outcome.Length;
        if (n == 0)
            return null;
        var covariance = Matrix<double>.Build.Dense(n, n);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                (Series a, Series b) = (_series[_outcome[i]], _series[_outcome[j]]);
                double sum = 0;
                for (int t = 0; t < a.History.Length; t++)
                    sum += (a.History[t] - a.Mean) * (b.History[t] - b.Mean);
                covariance[i, j] = covariance[j, i] = sum / (a.History.Length - 1);
            }
        }

        try
        {
            return covariance.Cholesky();
        }
        catch (ArgumentException)
        {
            return null; // not positive definite: one driver is made of others, e.g. an index of its members
        }
    }
}

/// <param name="Hill">Hill estimate of ξ = 1/α of the pooled |z|; NaN when there are too few.</param>
/// <param name="Correlation">Mean pairwise correlation within the block; NaN for one driver.</param>
/// <param name="Level">χ² level of the outcome's distance; NaN when undefined.</param>
internal readonly record struct Measures(double Hill, double Correlation, WindowClass? Spectrum, double Level);
