using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>
/// Objectives near the worst: the direction of the worst loss in whitened coordinates is turned by a random angle towards
/// a random perpendicular, so that the ball's point under the new objective keeps a stated share of the worst loss.
/// </summary>
internal static class AttackDirection
{
    /// <param name="exposure">e.</param>
    /// <param name="factor">L of Σ = L·Lᵀ.</param>
    /// <param name="minShare">cos of the largest angle.</param>
    /// <param name="lane">Stage number, so that stages turn independently.</param>
    /// <returns>e′ with eᵀΣe′ = cos·√(eᵀΣe)√(e′ᵀΣe′), cos uniform in [minShare, 1].</returns>
    public static double[] Turn(
        double[] exposure,
        CholeskyFactor factor,
        double minShare,
        PhiloxStream stream,
        int path,
        ushort lane
    )
    {
        int d = exposure.Length;
        if (d < 2 || minShare >= 1.0)
            return exposure;
        double[] worst = new double[d];
        factor.MultiplyUpper(exposure, worst);
        double length = Math.Sqrt(Dot(worst, worst));
        double[] aside = new double[d];
        stream.FillNormals(aside, path, 0, DrawPurpose.Direction, lane);
        double along = Dot(aside, worst) / (length * length);
        for (int i = 0; i < d; i++)
            aside[i] -= along * worst[i];
        double norm = Math.Sqrt(Dot(aside, aside));
        double cos = 1.0 - (1.0 - minShare) * stream.Uniform(path, 1, DrawPurpose.Direction, 0, lane);
        double sin = Math.Sqrt(1.0 - cos * cos);
        for (int i = 0; i < d; i++)
            aside[i] = cos * worst[i] + sin * length / norm * aside[i];
        factor.SolveUpper(aside);
        return aside;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0.0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
