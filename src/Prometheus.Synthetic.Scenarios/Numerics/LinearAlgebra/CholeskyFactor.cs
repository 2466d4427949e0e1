namespace Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;

/// <summary>
/// The lower factor L of a symmetric positive definite matrix A = L·Lᵀ, kept to be solved with many times. Every sum in
/// ascending order: the same bits on every platform.
/// </summary>
public sealed class CholeskyFactor
{
    private readonly double[] _l;

    private CholeskyFactor(double[] l, int size)
    {
        _l = l;
        Size = size;
    }

    public int Size { get; }

    /// <summary>Factors a row-major n × n matrix; null when it is singular to <see cref="Cholesky.PivotTolerance"/>.</summary>
    public static CholeskyFactor? TryFactor(ReadOnlySpan<double> matrix, int size)
    {
        double[] l = new double[size * size];
        return Cholesky.Factor(matrix, size, l) < 0 ? new CholeskyFactor(l, size) : null;
    }

    /// <summary>Solves L·y = x in place.</summary>
    public void SolveLower(Span<double> x)
    {
        for (int i = 0; i < Size; i++)
        {
            ReadOnlySpan<double> row = _l.AsSpan(i * Size, Size);
            double sum = x[i];
            for (int k = 0; k < i; k++)
                sum -= row[k] * x[k];
            x[i] = sum / row[i];
        }
    }

    /// <summary>Solves Lᵀ·y = x in place.</summary>
    public void SolveUpper(Span<double> x)
    {
        for (int i = Size - 1; i >= 0; i--)
        {
            double value = x[i] / _l[i * Size + i];
            x[i] = value;
            ReadOnlySpan<double> row = _l.AsSpan(i * Size, Size);
            for (int k = 0; k < i; k++)
                x[k] -= row[k] * value;
        }
    }

    /// <summary>Solves A·y = x in place.</summary>
    public void Solve(Span<double> x)
    {
        SolveLower(x);
        SolveUpper(x);
    }

    /// <summary>Writes L·u.</summary>
    public void MultiplyLower(ReadOnlySpan<double> u, Span<double> result)
    {
        for (int i = 0; i < Size; i++)
        {
            ReadOnlySpan<double> row = _l.AsSpan(i * Size, Size);
            double sum = 0.0;
            for (int k = 0; k <= i; k++)
                sum += row[k] * u[k];
            result[i] = sum;
        }
    }

    /// <summary>Writes Lᵀ·u.</summary>
    public void MultiplyUpper(ReadOnlySpan<double> u, Span<double> result)
    {
        result[..Size].Clear();
        for (int i = 0; i < Size; i++)
        {
            ReadOnlySpan<double> row = _l.AsSpan(i * Size, Size);
            for (int k = 0; k <= i; k++)
                result[k] += row[k] * u[i];
        }
    }

    /// <summary>The quadratic form xᵀA⁻¹x.</summary>
    public double InverseQuadratic(ReadOnlySpan<double> x)
    {
        double[] y = x.ToArray();
        SolveLower(y);
        double sum = 0.0;
        foreach (double v in y)
            sum += v * v;
        return sum;
    }
}
