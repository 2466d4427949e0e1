namespace Prometheus.Synthetic.Scenarios.Spectra;

/// <summary>
/// cos(2πk/n) and sin(2πk/n) for k = 0 … n−1, the same bits on every platform: the angle is brought into the first octant
/// by exact integer arithmetic, where Taylor series (truncation below 2⁻⁵⁶ for angles up to π/4) are summed from the
/// smallest term. The platform's own functions may differ in the last place, and window selection must not.
/// </summary>
internal sealed class UnitCircle
{
    private readonly double[] _cos;
    private readonly double[] _sin;

    public UnitCircle(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        _cos = new double[n];
        _sin = new double[n];
        for (int k = 0; k < n; k++)
            (_cos[k], _sin[k]) = At(k, n);
    }

    public int Points => _cos.Length;

    public ReadOnlySpan<double> Cos => _cos;

    public ReadOnlySpan<double> Sin => _sin;

    private static (double Cos, double Sin) At(long k, long n)
    {
        long eighths = 8 * k;
        // 2πk/n = quadrant·π/2 + rest; the rest is reflected about π/4 when it is beyond.
        long quadrant = eighths / (2 * n);
        long rest = eighths - quadrant * 2 * n; // in units of 2π/(8n), 0 … 2n
        bool reflected = rest > n;
        double angle = (reflected ? 2 * n - rest : rest) * (Math.PI / 4) / n;
        double c = CosSeries(angle);
        double s = SinSeries(angle);
        if (reflected)
            (c, s) = (s, c);
        return (quadrant & 3) switch
        {
            0 => (c, s),
            1 => (-s, c),
            2 => (-c, -s),
            _ => (s, -c),
        };
    }

    private static double CosSeries(double x)
    {
        double z = x * x;
        double p = 1.0 / 20922789888000;
        p = 1.0 / -87178291200 + z * p;
        p = 1.0 / 479001600 + z * p;
        p = 1.0 / -3628800 + z * p;
        p = 1.0 / 40320 + z * p;
        p = 1.0 / -720 + z * p;
        p = 1.0 / 24 + z * p;
        p = -0.5 + z * p;
        return 1.0 + z * p;
    }

    private static double SinSeries(double x)
    {
        double z = x * x;
        double p = 1.0 / 355687428096000;
        p = 1.0 / -1307674368000 + z * p;
        p = 1.0 / 6227020800 + z * p;
        p = 1.0 / -39916800 + z * p;
        p = 1.0 / 362880 + z * p;
        p = 1.0 / -5040 + z * p;
        p = 1.0 / 120 + z * p;
        p = 1.0 / -6 + z * p;
        return x + x * (z * p);
    }
}
