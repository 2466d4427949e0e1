using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;

namespace Prometheus.Synthetic.Scenarios.Plausibility;

/// <summary>
/// Distance of a day's shock from the days of the calibration sample: Mahalanobis with the sample's shrunk covariance,
/// centred at zero (a daily mean is not told from zero by any history that exists: its error σ/√T exceeds it).
/// Thread-safe; built once per set.
/// </summary>
public sealed class CalibrationMetric
{
    private readonly double[] _whitened;
    private readonly double[] _sortedDistances;

    /// <param name="names">One name a coordinate, for reports.</param>
    /// <param name="dates">T calibration days.</param>
    /// <param name="data">T × d, time-major; every coordinate varies.</param>
    /// <exception cref="ScenarioRefusedException">The covariance is singular even when shrunk.</exception>
    public CalibrationMetric(IReadOnlyList<string> names, IReadOnlyList<DateOnly> dates, double[] data)
    {
        Names = names;
        Dates = dates;
        Covariance = ShrunkCovariance.Of(data, names.Count);
        Factor =
            CholeskyFactor.TryFactor(Covariance.Values, names.Count)
            ?? throw new ScenarioRefusedException(
                ErrorCodes.SingularCovariance,
                "universe_filter",
                $"the covariance of the {names.Count} drivers over {dates.Count} days is singular: some driver repeats others; exclude it or widen the dates"
            );
        _whitened = (double[])data.Clone();
        _sortedDistances = new double[dates.Count];
        for (int t = 0; t < dates.Count; t++)
        {
            Span<double> day = _whitened.AsSpan(t * Dimension, Dimension);
            Factor.SolveLower(day);
            _sortedDistances[t] = Math.Sqrt(Squares(day));
        }

        Array.Sort(_sortedDistances);
        Tail = RadialTail.Of(Dimension, _sortedDistances);
    }

    public IReadOnlyList<string> Names { get; }

    public IReadOnlyList<DateOnly> Dates { get; }

    public int Dimension => Names.Count;

    public ShrunkCovariance Covariance { get; }

    public CholeskyFactor Factor { get; }

    /// <summary>How heavy the tail of the days' distances is; null with too few days to tell.</summary>
    public RadialTail? Tail { get; }

    /// <summary>P(a day lies farther out than D) for Student-t days of the sample's tail; normal ones where it is not known.</summary>
    public double StudentTail(double distance) =>
        Tail is { } tail
            ? PlausibilityLevel.StudentTail(Dimension, tail.DegreesOfFreedom, distance)
            : PlausibilityLevel.ChiSquareTail(Dimension, distance);

    /// <summary>√(xᵀΣ⁻¹x).</summary>
    public double Distance(ReadOnlySpan<double> x) => Math.Sqrt(Factor.InverseQuadratic(x));

    /// <summary>Share of calibration days at least as far out, counting the day itself: (1 + #)/(T + 1).</summary>
    public double EmpiricalTail(double distance)
    {
        int below = 0;
        for (int high = _sortedDistances.Length; below < high; )
        {
            int middle = (below + high) / 2;
            if (_sortedDistances[middle] < distance)
                below = middle + 1;
            else
                high = middle;
        }

        return (1.0 + _sortedDistances.Length - below) / (_sortedDistances.Length + 1.0);
    }

    /// <summary>
    /// How the squared distance splits over coordinates: xᵢ(Σ⁻¹x)ᵢ / xᵀΣ⁻¹x, which sum to 1; the largest in size first.
    /// </summary>
    public IReadOnlyList<(string Name, double Share)> Contributions(ReadOnlySpan<double> x, int count)
    {
        double[] y = x.ToArray();
        Factor.Solve(y);
        double total = 0.0;
        for (int i = 0; i < y.Length; i++)
            total += x[i] * y[i];
        if (!(total > 0.0))
            return [];
        var shares = new (string Name, double Share)[y.Length];
        for (int i = 0; i < y.Length; i++)
            shares[i] = (Names[i], x[i] * y[i] / total);
        return
        [
            .. shares.OrderByDescending(s => Math.Abs(s.Share)).ThenBy(s => s.Name, StringComparer.Ordinal).Take(count),
        ];
    }

    /// <summary>The calibration days nearest to a shock in this metric.</summary>
    public IReadOnlyList<(DateOnly Date, double Distance)> NearestDays(ReadOnlySpan<double> x, int count)
    {
        double[] white = x.ToArray();
        Factor.SolveLower(white);
        var nearest = new List<(DateOnly Date, double Distance)>(count + 1);
        double farthest = double.PositiveInfinity;
        for (int t = 0; t < Dates.Count; t++)
        {
            ReadOnlySpan<double> day = _whitened.AsSpan(t * Dimension, Dimension);
            double sum = 0.0;
            for (int i = 0; i < day.Length && sum < farthest; i++)
                sum += (white[i] - day[i]) * (white[i] - day[i]);
            if (sum >= farthest)
                continue;
            int at = nearest.FindIndex(n => n.Distance > sum);
            nearest.Insert(at < 0 ? nearest.Count : at, (Dates[t], sum));
            if (nearest.Count > count)
                nearest.RemoveAt(count);
            if (nearest.Count == count)
                farthest = nearest[^1].Distance;
        }

        return [.. nearest.Select(n => (n.Date, Math.Sqrt(n.Distance)))];
    }

    private static double Squares(ReadOnlySpan<double> x)
    {
        double sum = 0.0;
        foreach (double v in x)
            sum += v * v;
        return sum;
    }
}
