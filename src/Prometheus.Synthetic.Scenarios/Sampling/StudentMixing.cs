using System.Runtime.CompilerServices;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Sampling;

/// <summary>
/// The mixing factor √((ν−2)/W), W chi-square with ν degrees of freedom, as a function of a standard normal score: a
/// vector of normals with covariance Σ times it is multivariate Student-t with covariance Σ. One draw per factor,
/// whatever its value. Cubic Hermite interpolation of exact quantiles and their derivatives; relative error below 1e-8.
/// </summary>
public sealed class StudentMixing
{
    /// <summary>No 52-bit uniform has a normal quantile beyond this (8.13 at 2⁻⁵³).</summary>
    private const double Limit = 8.25;
    private const int NodesPerUnit = 128;
    private const int Intervals = (int)(2 * Limit * NodesPerUnit);

    // Value and slope × step at each node.
    private readonly double[] _nodes = new double[2 * (Intervals + 1)];

    /// <param name="degreesOfFreedom">ν &gt; 2.</param>
    public StudentMixing(double degreesOfFreedom)
    {
        for (int j = 0; j <= Intervals; j++)
        {
            double z = (double)j / NodesPerUnit - Limit;
            double w = ChiSquare.QuantileOfScore(z, degreesOfFreedom);
            double value = Math.Sqrt((degreesOfFreedom - 2.0) / w);
            // dW/dz = φ(z) / f(W), and the factor is proportional to W^(−½).
            double normal = StableMath.Exp(-0.5 * z * z) * 0.39894228040143267794;
            double slope = -0.5 * value / w * (normal / ChiSquare.Density(w, degreesOfFreedom));
            _nodes[2 * j] = value;
            _nodes[2 * j + 1] = slope / NodesPerUnit;
        }
    }

    /// <param name="z">A standard normal score.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double At(double z)
    {
        double position = (z + Limit) * NodesPerUnit;
        int j = Math.Clamp((int)position, 0, Intervals - 1);
        double t = position - j;
        ReadOnlySpan<double> n = _nodes.AsSpan(2 * j, 4);
        double rise = n[2] - n[0];
        double curvature = 3.0 * rise - 2.0 * n[1] - n[3];
        double twist = n[1] + n[3] - 2.0 * rise;
        return n[0] + t * (n[1] + t * (curvature + t * twist));
    }
}
