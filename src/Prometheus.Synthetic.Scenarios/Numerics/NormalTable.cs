using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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

    /// <summary><see cref="Cdf(double)"/> of many.</summary>
    public static void Cdf(ReadOnlySpan<double> scores, Span<double> probabilities)
    {
        int i = 0;
        for (; CubicPieces.IsSupported && i + Vector512<double>.Count <= scores.Length; i += Vector512<double>.Count)
        {
            var z = Vector512.Create(scores[i..]);
            Vector512<double> tail = Tails.At(Vector512.Min(Vector512.Abs(z), Vector512.Create(Limit)));
            Uniforms.OfTail(tail, z).CopyTo(probabilities[i..]);
        }

        for (; i < scores.Length; i++)
            probabilities[i] = Cdf(scores[i]);
    }
}

/// <summary>The open unit interval in doubles.</summary>
internal static class Uniforms
{
    /// <summary>The largest double below 1.</summary>
    public const double Largest = 1.0 - 1.1102230246251565e-16;

    /// <summary>The tail itself where the score is negative, else what is left of 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> OfTail(Vector512<double> tail, Vector512<double> score) =>
        Vector512.ConditionalSelect(
            Vector512.LessThan(score, Vector512<double>.Zero),
            tail,
            Vector512.Min(Vector512<double>.One - tail, Vector512.Create(Largest))
        );
}
