using System.Runtime.CompilerServices;

namespace Prometheus.Synthetic.Scenarios.Numerics;

/// <summary>Φ by table for kernels: relative error of the smaller of Φ and 1 − Φ below 1e-7 up to |z| = 8.5.</summary>
internal static class NormalTable
{
    /// <summary>Scores are kept within ±this: 1 − Φ(8.5) is below what a double near 1 can tell from 1.</summary>
    public const double Limit = 8.5;

    private static readonly EvenGrid Tails = new(Limit, 128, z => (StandardNormal.Tail(z), -StandardNormal.Density(z)));

    /// <summary>Φ(z), in the open interval (0, 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Cdf(double z)
    {
        double tail = Tails.At(Math.Min(Math.Abs(z), Limit));
        return z < 0.0 ? tail : Math.Min(1.0 - tail, Uniforms.Largest);
    }
}

/// <summary>The open unit interval in doubles.</summary>
internal static class Uniforms
{
    /// <summary>The largest double below 1.</summary>
    public const double Largest = 1.0 - 1.1102230246251565e-16;
}
