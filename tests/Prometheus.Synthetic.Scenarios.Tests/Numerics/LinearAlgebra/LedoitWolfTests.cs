using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Scenarios.Tests.Numerics.LinearAlgebra;

public sealed class LedoitWolfTests
{
    [Fact]
    public void Agrees_with_the_reference_on_twenty_large_names()
    {
        using JsonDocument oracles = JsonDocument.Parse(
            File.ReadAllText(SharedData.RequireFile("oracles/reference.json"))
        );
        JsonElement oracle = oracles.RootElement.GetProperty("ledoit_wolf").GetProperty("us20_all");
        (double[] rows, int n) = LogReturns();
        Assert.Equal(oracle.GetProperty("n").GetInt32(), rows.Length / n);
        LedoitWolf shrunk = LedoitWolf.Estimate(rows, n);
        // Closed forms: 1e-8 relative.
        Close(oracle.GetProperty("shrinkage").GetDouble(), shrunk.Intensity);
        Close(oracle.GetProperty("mu").GetDouble(), shrunk.Scale);
        Close(oracle.GetProperty("cov00").GetDouble(), shrunk.Covariance[0]);
        Close(oracle.GetProperty("cov01").GetDouble(), shrunk.Covariance[1]);
        var eigen = SymmetricEigen.Of(shrunk.Covariance, n);
        Close(oracle.GetProperty("min_eig").GetDouble(), eigen.Values[^1]);
        Close(oracle.GetProperty("cond").GetDouble(), eigen.Values[0] / eigen.Values[^1]);
    }

    [Fact]
    public void A_sample_shorter_than_it_is_wide_becomes_invertible()
    {
        const int n = 12;
        double[] rows = new double[6 * n];
        new PhiloxStream(4).FillNormals(rows, 0, 0, DrawPurpose.SimulatedMarket);
        LedoitWolf shrunk = LedoitWolf.Estimate(rows, n);
        Assert.InRange(shrunk.Intensity, 0.05, 1.0);
        Assert.Equal(-1, Cholesky.Factor(shrunk.Covariance, n, new double[n * n]));
        double[] plain = SampleMoments.Covariance(rows, n, SampleMoments.Means(rows, n), 6);
        Assert.NotEqual(-1, Cholesky.Factor(plain, n, new double[n * n]));
    }

    private static void Close(double expected, double actual) =>
        Assert.Equal(expected, actual, 1e-8 * Math.Abs(expected));

    private static (double[] Rows, int Width) LogReturns()
    {
        using var reader = new StreamReader(
            new GZipStream(
                File.OpenRead(SharedData.RequireFile("data/us20_prices_1990_2022.csv.gz")),
                CompressionMode.Decompress
            )
        );
        int width = reader.ReadLine()!.Split(',').Length - 1;
        var rows = new List<double>();
        double[]? before = null;
        while (reader.ReadLine() is { } line)
        {
            double[] prices = [.. line.Split(',').Skip(1).Select(c => double.Parse(c, CultureInfo.InvariantCulture))];
            if (before is not null)
                rows.AddRange(prices.Zip(before, (now, then) => Math.Log(now / then)));
            before = prices;
        }

        return ([.. rows], width);
    }
}
