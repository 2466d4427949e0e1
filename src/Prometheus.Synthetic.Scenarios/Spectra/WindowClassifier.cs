namespace Prometheus.Synthetic.Scenarios.Spectra;

/// <summary>
/// Classes of windows of n daily returns. Three shares are compared with what Gaussian white noise would show, each as a
/// distance in its own standard deviations, and the largest names the class:
/// <list type="bullet">
/// <item>trend: energy of frequencies 0, 1, 2 (periods of n/2 days or more, the drift included) over all energy. Under
/// white noise a share of d of n degrees of freedom is Beta(d/2, (n−d)/2): mean d/n, variance 2d(n−d)/(n²(n+2));</item>
/// <item>choppiness: energy of periods below four days, likewise;</item>
/// <item>cycle: the largest line among the m between, over their sum. Under white noise lines are exponential, the sum is
/// independent of the shares, and with H = Σ1/j, Q = Σ1/j² the largest share has mean H/m and mean square
/// (Q + H²)/(m(m+1)).</item>
/// </list>
/// It is a rule and no test: returns are neither Gaussian nor of constant variance. Only + − × ÷ √ are used, since the
/// classes choose which days a set is made of. Thread-safe.
/// </summary>
public sealed class WindowClassifier
{
    /// <summary>Shortest window with lines between the two bands worth comparing.</summary>
    public const int MinDays = 16;

    private const int SlowFrequencies = 2;

    private readonly Periodogram _periodogram;
    private readonly int _firstFast;
    private readonly (double Mean, double Deviation) _trend;
    private readonly (double Mean, double Deviation) _chop;
    private readonly (double Mean, double Deviation) _cycle;

    /// <param name="days">Days n of a window, <see cref="MinDays"/> to 504.</param>
    public WindowClassifier(int days)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, MinDays);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, 504);
        _periodogram = new Periodogram(days);
        _firstFast = days / 4 + 1;
        _trend = Share(Degrees(0, SlowFrequencies + 1), days);
        _chop = Share(Degrees(_firstFast, _periodogram.Frequencies), days);
        _cycle = Largest(_firstFast - SlowFrequencies - 1);
    }

    public int Days => _periodogram.Length;

    /// <param name="window">n returns, not all zero.</param>
    public WindowScores Score(ReadOnlySpan<double> window)
    {
        Span<double> energy = stackalloc double[_periodogram.Frequencies];
        _periodogram.Fill(window, energy);
        double total = Sum(energy);
        if (!(total > 0))
            return default;
        ReadOnlySpan<double> between = energy[(SlowFrequencies + 1).._firstFast];
        double largest = 0;
        foreach (double e in between)
            largest = e > largest ? e : largest;
        double sum = Sum(between);
        return new WindowScores(
            Distance(Sum(energy[..(SlowFrequencies + 1)]) / total, _trend),
            Distance(Sum(energy[_firstFast..]) / total, _chop),
            Distance(sum > 0 ? largest / sum : _cycle.Mean, _cycle)
        );
    }

    /// <summary>Scores of the windows that start on each day; days without n days to go have none.</summary>
    public IReadOnlyList<WindowScores> ScoreAll(ReadOnlySpan<double> series)
    {
        var scores = new WindowScores[Math.Max(0, series.Length - Days + 1)];
        for (int t = 0; t < scores.Length; t++)
            scores[t] = Score(series.Slice(t, Days));
        return scores;
    }

    private static double Distance(double share, (double Mean, double Deviation) white) =>
        (share - white.Mean) / white.Deviation;

    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double v in values)
            sum += v;
        return sum;
    }

    private int Degrees(int first, int end)
    {
        int degrees = 0;
        for (int k = first; k < end; k++)
            degrees += _periodogram.DegreesOfFreedom(k);
        return degrees;
    }

    private static (double, double) Share(int d, int n) =>
        (d / (double)n, Math.Sqrt(2.0 * d * (n - d) / ((double)n * n * (n + 2))));

    private static (double, double) Largest(int m)
    {
        double h = 0;
        double q = 0;
        for (int j = m; j >= 1; j--)
        {
            h += 1.0 / j;
            q += 1.0 / ((double)j * j);
        }

        double mean = h / m;
        return (mean, Math.Sqrt((q + h * h) / ((double)m * (m + 1)) - mean * mean));
    }
}
