namespace Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;

/// <summary>
/// Cholesky factorisation A = L·Lᵀ of small dense symmetric matrices, row-major n × n, every sum in ascending index
/// order: the same bits on every platform.
/// </summary>
public static class Cholesky
{
    /// <summary>
    /// A pivot below this share of its diagonal entry counts as zero: the row is then a linear combination of the rows
    /// before it up to rounding (n·ε ≈ 1e-14 for the sizes here, with two digits to spare).
    /// </summary>
    public const double PivotTolerance = 1e-12;

    /// <summary>Factorises; the upper triangle of <paramref name="lower"/> is set to zero.</summary>
    /// <param name="matrix">Symmetric; only its lower triangle is read.</param>
    /// <param name="lower">Receives L; may be the same memory as <paramref name="matrix"/>.</param>
    /// <returns>−1 on success, else the first row whose pivot vanishes.</returns>
    public static int Factor(ReadOnlySpan<double> matrix, int n, Span<double> lower)
    {
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = matrix[i * n + j];
                for (int k = 0; k < j; k++)
                    sum -= lower[i * n + k] * lower[j * n + k];
                if (i != j)
                {
                    lower[i * n + j] = sum / lower[j * n + j];
                    continue;
                }

                if (!(sum > PivotTolerance * matrix[i * n + i]))
                    return i;
                lower[i * n + i] = Math.Sqrt(sum);
            }

            lower.Slice(i * n + i + 1, n - i - 1).Clear();
        }

        return -1;
    }

    /// <summary>Solves L·y = b in place.</summary>
    public static void SolveLower(ReadOnlySpan<double> lower, int n, Span<double> b)
    {
        for (int i = 0; i < n; i++)
        {
            double sum = b[i];
            for (int k = 0; k < i; k++)
                sum -= lower[i * n + k] * b[k];
            b[i] = sum / lower[i * n + i];
        }
    }

    /// <summary>Solves Lᵀ·x = y in place.</summary>
    public static void SolveLowerTransposed(ReadOnlySpan<double> lower, int n, Span<double> y)
    {
        for (int i = n - 1; i >= 0; i--)
        {
            double sum = y[i];
            for (int k = i + 1; k < n; k++)
                sum -= lower[k * n + i] * y[k];
            y[i] = sum / lower[i * n + i];
        }
    }

    /// <summary>Solves L·Lᵀ·x = b in place.</summary>
    public static void Solve(ReadOnlySpan<double> lower, int n, Span<double> b)
    {
        SolveLower(lower, n, b);
        SolveLowerTransposed(lower, n, b);
    }
}
