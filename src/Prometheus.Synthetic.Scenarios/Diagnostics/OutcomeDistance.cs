using MathNet.Numerics.Distributions;

namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>
/// Mahalanobis distance of the H-day outcome of a few drivers under their historical daily covariance. A driver that is
/// made of those before it, such as an index of its members, adds no dimension and is passed over. The level is that of
/// Gaussian days: fat tails and clustering make history itself exceed it more often than its name says.
/// </summary>
internal sealed class OutcomeDistance
{
    /// <summary>Most drivers that span the distance; more than history can support makes it noise.</summary>
    private const int MaxDimensions = 8;

    /// <summary>Share of a driver's variance that those before it may leave unexplained at least.</summary>
    private const double LeastOwn = 1e-6;

    private readonly List<Series> _drivers = [];
    private readonly List<double[]> _factor = []; // rows of the Cholesky factor of the correlation matrix

    public OutcomeDistance(IReadOnlyList<Series> drivers)
    {
        int candidates = Math.Min(MaxDimensions, drivers.Count);
        for (int i = 0; i < candidates; i++)
            Add(drivers[(int)((long)i * drivers.Count / candidates)]);
    }

    /// <summary>Number of drivers that span the distance, 1 or more when any driver moves.</summary>
    public int Dimensions => _drivers.Count;

    /// <summary>χ² level in [0, 1] of the squared distance of a block's sums.</summary>
    /// <param name="values">Chooses the block: history or set.</param>
    /// <param name="start">First value of the block in each series.</param>
    public double Level(Func<Series, double[]> values, int start, int steps)
    {
        Span<double> z = stackalloc double[MaxDimensions];
        double squared = 0;
        for (int i = 0; i < _drivers.Count; i++)
        {
            Series s = _drivers[i];
            double sum = 0;
            foreach (double r in values(s).AsSpan(start, steps))
                sum += r - s.Mean;
            sum /= s.Deviation * Math.Sqrt(steps);
            for (int j = 0; j < i; j++)
                sum -= _factor[i][j] * z[j];
            z[i] = sum / _factor[i][i];
            squared += z[i] * z[i];
        }

        return ChiSquared.CDF(_drivers.Count, squared);
    }

    private void Add(Series s)
    {
        double[] row = new double[_drivers.Count + 1];
        double own = 1;
        for (int j = 0; j < _drivers.Count; j++)
        {
            double r = Correlation(s, _drivers[j]);
            for (int k = 0; k < j; k++)
                r -= row[k] * _factor[j][k];
            row[j] = r / _factor[j][j];
            own -= row[j] * row[j];
        }

        if (own < LeastOwn)
            return;
        row[^1] = Math.Sqrt(own);
        _drivers.Add(s);
        _factor.Add(row);
    }

    private static double Correlation(Series a, Series b)
    {
        double sum = 0;
        for (int t = 0; t < a.History.Length; t++)
            sum += (a.History[t] - a.Mean) * (b.History[t] - b.Mean);
        return sum / (a.History.Length * a.Deviation * b.Deviation);
    }
}
