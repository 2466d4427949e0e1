using System.Text.Json;
using CsCheck;
using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Scenarios.Tests.Numerics.LinearAlgebra;

public sealed class NearestCorrelationTests
{
    [Fact]
    public void Published_example_of_Higham()
    {
        NearestCorrelation nearest = NearestCorrelation.Of([1, 1, 0, 1, 1, 1, 0, 1, 1], 3);
        Assert.True(nearest.Converged);
        // Published to seven digits.
        Assert.Equal(0.7606899, nearest.Matrix[1], 5e-8);
        Assert.Equal(0.1572981, nearest.Matrix[2], 5e-8);
        Assert.Equal(0.7606899, nearest.Matrix[5], 5e-8);
    }

    [Theory]
    [InlineData("higham2002_3x3")]
    [InlineData("stressed_5x5")]
    public void Agrees_with_independent_implementations(string name)
    {
        using JsonDocument oracles = JsonDocument.Parse(
            File.ReadAllText(SharedData.RequireFile("oracles/reference.json"))
        );
        JsonElement oracle = oracles.RootElement.GetProperty("nearest_correlation").GetProperty(name);
        double[] given = Flat(oracle.GetProperty("A"));
        double[] expected = Flat(oracle.GetProperty("higham"));
        int n = (int)Math.Sqrt(given.Length);
        NearestCorrelation nearest = NearestCorrelation.Of(given, n);
        Assert.True(nearest.Converged);
        // The reference ran to 1e-14; a linear rate near 0.6 leaves about twice the last change.
        for (int i = 0; i < given.Length; i++)
            Assert.Equal(expected[i], nearest.Matrix[i], 1e-12);
        Assert.Equal(oracle.GetProperty("higham_fro").GetDouble(), nearest.Distance, 1e-12);
    }

    [Fact]
    public void A_correlation_matrix_is_left_as_it_is()
    {
        double[] r = [1, 0.3, -0.2, 0.3, 1, 0.5, -0.2, 0.5, 1];
        NearestCorrelation nearest = NearestCorrelation.Of(r, 3);
        Assert.Equal(r, nearest.Matrix);
        Assert.Equal(0, nearest.Iterations);
    }

    /// <summary>The characterisation of a projection: no other correlation matrix is nearer (tried: random ones).</summary>
    [Fact]
    public void Is_a_correlation_matrix_and_none_tried_is_nearer() =>
        Gen.Select(Gen.Double[-1, 1].Array[6], Gen.Double[-1, 1].Array[16])
            .AlwaysHolds(
                x =>
                {
                    (double[] off, double[] root) = x;
                    double[] given = Symmetric(off);
                    NearestCorrelation nearest = NearestCorrelation.Of(given, 4);
                    Assert.True(nearest.Converged);
                    Assert.True(SymmetricEigen.Of(nearest.Matrix, 4).Values[^1] > -1e-12);
                    Assert.All(Enumerable.Range(0, 4), i => Assert.Equal(1.0, nearest.Matrix[i * 5]));
                    double[] other = Correlation(root);
                    Assert.True(SampleMoments.Distance(given, other) >= nearest.Distance - 1e-9);
                },
                cases: 200
            );

    private static double[] Symmetric(double[] off)
    {
        double[] m = new double[16];
        int at = 0;
        for (int i = 0; i < 4; i++)
        {
            m[i * 5] = 1.0;
            for (int j = 0; j < i; j++)
                m[i * 4 + j] = m[j * 4 + i] = off[at++];
        }

        return m;
    }

    private static double[] Correlation(double[] root)
    {
        double[] covariance = new double[16];
        for (int i = 0; i < 4; i++)
        {
            for (int j = 0; j < 4; j++)
            {
                for (int k = 0; k < 4; k++)
                    covariance[i * 4 + j] += root[i * 4 + k] * root[j * 4 + k];
            }

            covariance[i * 5] += 1e-3;
        }

        return SampleMoments.Correlation(covariance, 4);
    }

    private static double[] Flat(JsonElement rows) =>
        [.. rows.EnumerateArray().SelectMany(r => r.EnumerateArray().Select(v => v.GetDouble()))];
}
