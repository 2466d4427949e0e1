namespace Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, "Matrix
/// Computations", 8.5): only + − × ÷ √ in a fixed order, so the bits are the same everywhere; small eigenvalues come out
/// with small absolute error. Meant for tens of rows, not for thousands.
/// </summary>
public sealed class SymmetricEigen
{
    private const int MaxSweeps = 64;

    private SymmetricEigen(double[] values, double[] vectors)
    {
        Values = values;
        Vectors = vectors;
    }

    /// <summary>Eigenvalues, largest first.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>
    /// Orthonormal eigenvectors, row-major n × n: column j belongs to value j; the entry of largest size is positive.
    /// </summary>
    public double[] Vectors { get; }

    public static SymmetricEigen Of(ReadOnlySpan<double> matrix, int n)
    {
        double[] a = matrix[..(n * n)].ToArray();
        double[] v = new double[n * n];
        for (int i = 0; i < n; i++)
            v[i * n + i] = 1.0;
        for (int sweep = 0; sweep < MaxSweeps && OffDiagonal(a, n) > 0.0; sweep++)
        {
            for (int p = 0; p < n - 1; p++)
            {
                for (int q = p + 1; q < n; q++)
                    Rotate(a, v, n, p, q);
            }
        }

        return Sorted(a, v, n);
    }

    /// <summary>V·diag(f(λ))·Vᵀ, exactly symmetric.</summary>
    public double[] Apply(Func<double, double> f)
    {
        int n = Values.Count;
        double[] image = new double[n];
        for (int j = 0; j < n; j++)
            image[j] = f(Values[j]);
        double[] result = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k <= i; k++)
            {
                double sum = 0.0;
                for (int j = 0; j < n; j++)
                    sum += Vectors[i * n + j] * image[j] * Vectors[k * n + j];
                result[i * n + k] = sum;
                result[k * n + i] = sum;
            }
        }

        return result;
    }

    private static double OffDiagonal(double[] a, int n)
    {
        double sum = 0.0;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
                sum += a[i * n + j] * a[i * n + j];
        }

        return sum;
    }

    private static void Rotate(double[] a, double[] v, int n, int p, int q)
    {
        double apq = a[p * n + q];
        if (apq == 0.0)
            return;
        double app = a[p * n + p];
        double aqq = a[q * n + q];
        // An entry whose hundredfold no longer changes either neighbour on the diagonal is zero to working precision.
        double size = 100.0 * Math.Abs(apq);
        if (Math.Abs(app) + size == Math.Abs(app) && Math.Abs(aqq) + size == Math.Abs(aqq))
        {
            a[p * n + q] = 0.0;
            a[q * n + p] = 0.0;
            return;
        }

        double theta = (aqq - app) / (2.0 * apq);
        double t = (theta >= 0.0 ? 1.0 : -1.0) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1.0));
        double c = 1.0 / Math.Sqrt(t * t + 1.0);
        double s = t * c;
        a[p * n + p] = app - t * apq;
        a[q * n + q] = aqq + t * apq;
        a[p * n + q] = 0.0;
        a[q * n + p] = 0.0;
        for (int k = 0; k < n; k++)
        {
            if (k != p && k != q)
            {
                double akp = a[k * n + p];
                double akq = a[k * n + q];
                a[k * n + p] = c * akp - s * akq;
                a[p * n + k] = a[k * n + p];
                a[k * n + q] = s * akp + c * akq;
                a[q * n + k] = a[k * n + q];
            }

            double vkp = v[k * n + p];
            double vkq = v[k * n + q];
            v[k * n + p] = c * vkp - s * vkq;
            v[k * n + q] = s * vkp + c * vkq;
        }
    }

    private static SymmetricEigen Sorted(double[] a, double[] v, int n)
    {
        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(j => a[j * n + j])];
        double[] values = new double[n];
        double[] vectors = new double[n * n];
        for (int j = 0; j < n; j++)
        {
            int from = order[j];
            values[j] = a[from * n + from];
            int largest = 0;
            for (int i = 1; i < n; i++)
            {
                if (Math.Abs(v[i * n + from]) > Math.Abs(v[largest * n + from]))
                    largest = i;
            }

            double sign = v[largest * n + from] < 0.0 ? -1.0 : 1.0;
            for (int i = 0; i < n; i++)
                vectors[i * n + j] = sign * v[i * n + from];
        }

        return new SymmetricEigen(values, vectors);
    }
}
