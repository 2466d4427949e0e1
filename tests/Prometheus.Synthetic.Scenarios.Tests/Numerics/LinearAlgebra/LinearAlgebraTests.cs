using CsCheck;
using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Scenarios.Tests.Numerics.LinearAlgebra;

public sealed class LinearAlgebraTests
{
    /// <summary>A·Aᵀ + 0.1·I of random A: positive definite with a condition below 1e3 or so.</summary>
    private static readonly Gen<(double[] Matrix, int N)> Definite = Gen.Int[1, 8]
        .SelectMany(n =>
            Gen.Double[-1, 1]
                .Array[n * n]
                .Select(a =>
                {
                    double[] m = new double[n * n];
                    for (int i = 0; i < n; i++)
                    {
                        for (int j = 0; j < n; j++)
                        {
                            for (int k = 0; k < n; k++)
                                m[i * n + j] += a[i * n + k] * a[j * n + k];
                            m[i * n + j] += i == j ? 0.1 : 0.0;
                        }
                    }

                    return (m, n);
                })
        );

    [Fact]
    public void Cholesky_of_a_known_matrix()
    {
        // 4 2 / 2 5 = (2 0 / 1 2)(2 1 / 0 2)
        double[] lower = new double[4];
        Assert.Equal(-1, Cholesky.Factor([4, 2, 2, 5], 2, lower));
        Assert.Equal([2.0, 0.0, 1.0, 2.0], lower);
        double[] b = [8, 13];
        Cholesky.Solve(lower, 2, b);
        Assert.Equal([0.875, 2.25], b);
    }

    [Fact]
    public void Cholesky_names_the_row_that_depends_on_those_before_it()
    {
        // Row 2 is the sum of rows 0 and 1.
        double[] m = [2, 1, 3, 1, 2, 3, 3, 3, 6];
        Assert.Equal(2, Cholesky.Factor(m, 3, new double[9]));
    }

    [Fact]
    public void Cholesky_multiplies_back_and_solves() =>
        Definite.AlwaysHolds(
            x =>
            {
                (double[] m, int n) = x;
                double[] lower = new double[n * n];
                Assert.Equal(-1, Cholesky.Factor(m, n, lower));
                double[] solution = [.. Enumerable.Range(0, n).Select(i => 1.0 + i)];
                double[] b = new double[n];
                for (int i = 0; i < n; i++)
                {
                    for (int j = 0; j < n; j++)
                    {
                        double product = 0.0;
                        for (int k = 0; k < n; k++)
                            product += lower[i * n + k] * lower[j * n + k];
                        // n roundings of products of size ≤ n.
                        Assert.Equal(m[i * n + j], product, 1e-13);
                        b[i] += m[i * n + j] * solution[j];
                    }
                }

                Cholesky.Solve(lower, n, b);
                // Rounding 1e-16 · n² times a condition below 8²/0.1.
                for (int i = 0; i < n; i++)
                    Assert.Equal(solution[i], b[i], 1e-10);
            },
            cases: 500
        );

    [Fact]
    public void Eigenvalues_of_a_known_matrix()
    {
        // The second difference matrix of 4 points: 2 − 2 cos(kπ/5).
        double[] m = [2, -1, 0, 0, -1, 2, -1, 0, 0, -1, 2, -1, 0, 0, -1, 2];
        var eigen = SymmetricEigen.Of(m, 4);
        for (int k = 1; k <= 4; k++)
            Assert.Equal(2.0 - 2.0 * Math.Cos((5 - k) * Math.PI / 5), eigen.Values[k - 1], 1e-14);
    }

    [Fact]
    public void Eigenvectors_are_orthonormal_and_rebuild_the_matrix() =>
        Definite.AlwaysHolds(
            x =>
            {
                (double[] m, int n) = x;
                var eigen = SymmetricEigen.Of(m, n);
                double[] rebuilt = eigen.Apply(v => v);
                for (int i = 0; i < n; i++)
                {
                    for (int j = 0; j < n; j++)
                    {
                        Assert.Equal(m[i * n + j], rebuilt[i * n + j], 1e-13);
                        double dot = 0.0;
                        for (int k = 0; k < n; k++)
                            dot += eigen.Vectors[k * n + i] * eigen.Vectors[k * n + j];
                        Assert.Equal(i == j ? 1.0 : 0.0, dot, 1e-13);
                    }
                }

                Assert.Equal(eigen.Values.OrderDescending(), eigen.Values);
            },
            cases: 500
        );
}
