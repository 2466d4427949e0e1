namespace Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;

/// <summary>
/// The correlation matrix nearest to a symmetric matrix in the Frobenius norm: alternating projections onto the
/// positive semidefinite matrices and those of unit diagonal, with Dykstra's correction (Higham, "Computing the nearest
/// correlation matrix: a problem from finance", IMA Journal of Numerical Analysis 22, 2002).
/// </summary>
/// <param name="Matrix">Row-major, unit diagonal; eigenvalues are not below −n·1e-14.</param>
/// <param name="Distance">Frobenius distance to the given matrix.</param>
/// <param name="Iterations">Projections made; 0 when the given matrix was a correlation matrix already.</param>
/// <param name="Converged">False when the iteration limit was met first.</param>
public sealed record NearestCorrelation(double[] Matrix, double Distance, int Iterations, bool Converged)
{
    private const int MaxIterations = 5_000;

    /// <summary>Relative change at which the iteration ends; rounding of the eigenvalues is a few 1e-16.</summary>
    private const double Tolerance = 1e-14;

    /// <param name="matrix">Symmetric, row-major n × n.</param>
    public static NearestCorrelation Of(ReadOnlySpan<double> matrix, int n)
    {
        double[] given = matrix[..(n * n)].ToArray();
        if (HasUnitDiagonal(given, n) && SymmetricEigen.Of(given, n).Values[^1] >= 0.0)
            return new NearestCorrelation(given, 0.0, 0, true);

        double[] y = [.. given];
        double[] correction = new double[n * n];
        double[] r = new double[n * n];
        for (int iteration = 1; iteration <= MaxIterations; iteration++)
        {
            for (int i = 0; i < r.Length; i++)
                r[i] = y[i] - correction[i];
            double[] x = SymmetricEigen.Of(r, n).Apply(value => Math.Max(value, 0.0));
            double change = 0.0;
            double size = 0.0;
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    int at = i * n + j;
                    correction[at] = x[at] - r[at];
                    double next = i == j ? 1.0 : x[at];
                    change += (next - y[at]) * (next - y[at]);
                    size += next * next;
                    y[at] = next;
                }
            }

            if (change <= Tolerance * Tolerance * size)
                return new NearestCorrelation(y, SampleMoments.Distance(given, y), iteration, true);
        }

        return new NearestCorrelation(y, SampleMoments.Distance(given, y), MaxIterations, false);
    }

    private static bool HasUnitDiagonal(double[] matrix, int n)
    {
        for (int i = 0; i < n; i++)
        {
            if (matrix[i * n + i] != 1.0)
                return false;
        }

        return true;
    }
}
