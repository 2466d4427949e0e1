using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;

namespace Prometheus.Synthetic.Scenarios.Numerics.Optimisation;

/// <summary>
/// Standard errors of maximum-likelihood parameters: the inverse of the second derivatives of the negative
/// log-likelihood at its minimum, taken by central differences.
/// </summary>
public static class ObservedInformation
{
    /// <param name="scales">A step of each parameter that changes the likelihood noticeably, about its standard error.</param>
    /// <returns>The n × n covariance; null when the second derivatives are not positive definite (no proper minimum).</returns>
    public static double[]? Covariance(Func<double[], double> f, double[] place, ReadOnlySpan<double> scales)
    {
        int n = place.Length;
        double[] h = new double[n];
        for (int i = 0; i < n; i++)
            h[i] = 0.02 * scales[i];
        double centre = f(place);
        double[] hessian = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double value =
                    i == j
                        ? (At(f, place, h, i, 1, i, 0) - 2.0 * centre + At(f, place, h, i, -1, i, 0)) / (h[i] * h[i])
                        : (
                            At(f, place, h, i, 1, j, 1)
                            - At(f, place, h, i, 1, j, -1)
                            - At(f, place, h, i, -1, j, 1)
                            + At(f, place, h, i, -1, j, -1)
                        ) / (4.0 * h[i] * h[j]);
                hessian[i * n + j] = value;
                hessian[j * n + i] = value;
            }
        }

        return Array.TrueForAll(hessian, double.IsFinite) ? Inverse(hessian, n) : null;
    }

    /// <summary>Inverse of a positive definite matrix; null when it is not.</summary>
    public static double[]? Inverse(double[] matrix, int n)
    {
        double[] root = new double[n * n];
        if (Cholesky.Factor(matrix, n, root) >= 0)
            return null;
        double[] inverse = new double[n * n];
        double[] column = new double[n];
        for (int j = 0; j < n; j++)
        {
            Array.Clear(column);
            column[j] = 1.0;
            Cholesky.Solve(root, n, column);
            for (int i = 0; i < n; i++)
                inverse[i * n + j] = column[i];
        }

        return inverse;
    }

    /// <summary>√(gᵀ·V·g): the delta method's standard error of a function with gradient g.</summary>
    public static double Delta(ReadOnlySpan<double> gradient, ReadOnlySpan<double> covariance)
    {
        double variance = 0.0;
        for (int i = 0; i < gradient.Length; i++)
        {
            for (int j = 0; j < gradient.Length; j++)
                variance += gradient[i] * covariance[i * gradient.Length + j] * gradient[j];
        }

        return Math.Sqrt(Math.Max(variance, 0.0));
    }

    private static double At(Func<double[], double> f, double[] place, double[] h, int i, int si, int j, int sj)
    {
        double[] moved = [.. place];
        moved[i] += si * h[i];
        moved[j] += sj * h[j];
        return f(moved);
    }
}
