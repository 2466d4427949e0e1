namespace Prometheus.Synthetic.Scenarios.Numerics;

/// <summary>
/// Lower Cholesky factor L of a symmetric positive definite matrix A = L·Lᵀ, row-major, computed and used in one fixed
/// order of summation, so that every platform gives the same bits.
/// </summary>
public sealed class Cholesky
{
    private readonly double[] _l;

    private Cholesky(double[] l, int size)
    {
        _l = l;
        Size = size;
    }

    public int Size { get; }

    /// <summary>Entry of L; 0 above the diagonal.</summary>
    public double this[int row, int column] => column > row ? 0.0 : _l[row * Size + column];

    /// <summary>
    /// Factors the lower triangle of <paramref name="matrix"/>; null when a pivot falls below
    /// <paramref name="relativeTolerance"/> of its diagonal entry, that is, when the matrix is singular to that precision.
    /// </summary>
    public static Cholesky? TryFactor(ReadOnlySpan<double> matrix, int size, double relativeTolerance = 1e-12)
    {
        double[] l = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            Span<double> row = l.AsSpan(i * size, size);
            for (int j = 0; j <= i; j++)
            {
                ReadOnlySpan<double> other = l.AsSpan(j * size, size);
                double sum = matrix[i * size + j];
                for (int k = 0; k < j; k++)
                    sum -= row[k] * other[k];
                if (j < i)
                    row[j] = sum / other[j];
                else if (sum > relativeTolerance * matrix[i * size + i] && sum > 0.0)
                    row[i] = Math.Sqrt(sum);
                else
                    return null;
            }
        }

        return new Cholesky(l, size);
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
