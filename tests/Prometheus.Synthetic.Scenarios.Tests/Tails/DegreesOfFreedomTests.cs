using System.Text.Json;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Tails;
using Prometheus.Synthetic.Scenarios.Tests.Factors;

namespace Prometheus.Synthetic.Scenarios.Tests.Tails;

/// <summary>ν by maximum likelihood, of one sample of several columns or shared by several samples.</summary>
public sealed class DegreesOfFreedomTests
{
    private const string Field = "generator_spec.factor_model.sampling.degrees_of_freedom";

    /// <summary>With one column it is the univariate fit, whose ν is found by another search altogether.</summary>
    [Fact]
    public void One_column_is_the_reference_of_real_returns()
    {
        double[] series = RealSeries.Get()["AAPL"];
        JsonElement expected = RealSeries.Reference("student_t", "AAPL");
        var found = DegreesOfFreedom.OfJoint(series, 1, Field);
        Assert.Equal(StudentFit.Of(series, "AAPL").DegreesOfFreedom, found.Value, 1e-4);
        Assert.Equal(expected.GetProperty("df").GetDouble(), found.Value, 1e-3 * 3.3);
        Assert.Equal(found.Value, DegreesOfFreedom.OfEach(series, ["AAPL"], Field).Value, 1e-12);
    }

    /// <summary>
    /// Four correlated columns with one W a day. The Fisher information on ν in a day grows with the columns; the bands
    /// are four standard errors of the least informative case, one column (0.05, 0.11 and 0.55 at 20,000 days, as for
    /// the univariate fit), and so on the safe side.
    /// </summary>
    [Theory]
    [InlineData(2.6, 0.05)]
    [InlineData(4.0, 0.11)]
    [InlineData(9.0, 0.55)]
    public void A_shared_mixing_variable_is_recovered(double nu, double error)
    {
        double[] rows = Joint(nu, days: 20_000, width: 4);
        var found = DegreesOfFreedom.OfJoint(rows, 4, Field);
        Assert.InRange(found.Value, nu - 4.0 * error, nu + 4.0 * error);
        Assert.Null(found.AtBound);
        // Other units and another origin are the same likelihood.
        double[] moved = [.. rows.Select((v, i) => (i % 4 + 1) * 3.0 * v + i % 4)];
        Assert.Equal(found.Value, DegreesOfFreedom.OfJoint(moved, 4, Field).Value, 1e-5);
    }

    /// <summary>Independent series of unlike scale share ν; one by one they scatter about it, together they do not.</summary>
    [Fact]
    public void A_shared_shape_of_separate_series_is_recovered()
    {
        const double nu = 5.0;
        const int width = 12;
        const int days = 4_000;
        var stream = new PhiloxStream(5);
        var t = new StudentT(nu);
        double[] rows = new double[days * width];
        for (int i = 0; i < rows.Length; i++)
            rows[i] =
                0.001 * (i % width) * t.QuantileOfScore(stream.Normal(i / width, i % width, DrawPurpose.Margin));
        string[] ids = [.. Enumerable.Range(0, width).Select(i => $"S{width - i:00}")];
        var found = DegreesOfFreedom.OfEach(rows, ids, Field);
        // The first series does not move and is passed over: 44,000 values; standard error 0.16 at 20,000. Four of them.
        Assert.Equal(nu, found.Value, 4.0 * 0.16 * Math.Sqrt(20_000 / 44_000.0));
    }

    [Fact]
    public void Normal_columns_end_at_the_upper_bound_and_say_so()
    {
        var stream = new PhiloxStream(3);
        double[] rows = new double[3_000 * 3];
        stream.FillNormals(rows, 0, 0, DrawPurpose.Margin);
        var found = DegreesOfFreedom.OfJoint(rows, 3, Field);
        // Sampling error alone may leave ν finite, and then so large that nobody could tell.
        Assert.True(found.Value > 30.0, $"{found.Value}");
        var report = new JsonObject();
        found.Describe(report);
        Assert.Equal("maximum_likelihood", (string)report["degrees_of_freedom_basis"]!);
    }

    [Fact]
    public void What_cannot_be_estimated_is_refused()
    {
        Families.AssertRefused(
            ErrorCodes.TooLittleHistory,
            Field,
            () => DegreesOfFreedom.OfJoint(Joint(4, 49, 10), 10, Field)
        );
        Families.AssertRefused(
            ErrorCodes.OverLimit,
            Field,
            () => DegreesOfFreedom.OfJoint(Joint(4, 1_000, 129), 129, Field)
        );
        // A price that did not change on nine days of ten: the likelihood grows without bound about its zero returns.
        double[] stale = [.. Joint(4, 500, 1).Select((v, i) => i % 10 == 0 ? v : 0.0)];
        Families.AssertRefused(
            ErrorCodes.SingularCovariance,
            Field,
            () => DegreesOfFreedom.OfEach(stale, ["EQUITY:STALE"], Field)
        );
    }

    /// <summary>Left out of a request, ν is estimated and the set says which it took, for factors and for residuals.</summary>
    [Fact]
    public void A_set_records_the_estimate_it_drew_from()
    {
        CalibrationSnapshot source = KnownMarket.Create(days: 2_000, macro: false);
        var shape = new GenerationShape(60, 50, 8);
        IPathGenerator heavy = source.Generator(
            """{"return_cap":1000,"factor_model":{"sampling":{"method":"student_t","degrees_of_freedom":4}},"residuals":{"sampling":{"method":"student_t","degrees_of_freedom":6}}}""",
            shape
        );
        double[] days = heavy.Set(shape);
        CalibrationSnapshot history = source with
        {
            Panel = new ShockPanel(heavy.Drivers, KnownMarket.Dates(3_000), days),
        };
        IPathGenerator estimated = history.Generator(
            """{"factor_model":{"sampling":{"method":"student_t"}},"residuals":{"sampling":{"method":"student_t"}}}""",
            shape
        );
        JsonNode factors = estimated.Report["factor_sampling"]!;
        JsonNode residuals = estimated.Report["residual_sampling"]!;
        // Three columns on 3,000 days and twelve series of as many: standard errors at most 0.11·√(20/3) and
        // 0.25·√(20/36) by the univariate figures. Four of each.
        Assert.Equal(4.0, (double)factors["degrees_of_freedom"]!, 4.0 * 0.11 * Math.Sqrt(20.0 / 3.0));
        Assert.Equal(6.0, (double)residuals["degrees_of_freedom"]!, 4.0 * 0.25 * Math.Sqrt(20.0 / 36.0));
        Assert.Equal("maximum_likelihood", (string)factors["degrees_of_freedom_basis"]!);
        Assert.Equal("given", (string)heavy.Report["factor_sampling"]!["degrees_of_freedom_basis"]!);
    }

    private static double[] Joint(double nu, int days, int width)
    {
        var stream = new PhiloxStream(77);
        double[] rows = new double[days * width];
        double[] z = new double[width + 1];
        for (int d = 0; d < days; d++)
        {
            stream.FillNormals(z, d, 0, DrawPurpose.Margin);
            double w = ChiSquare.QuantileOfScore(stream.Normal(d, 1, DrawPurpose.Margin), nu);
            double scale = 0.01 * Math.Sqrt(nu / w);
            for (int k = 0; k < width; k++)
                rows[d * width + k] = scale * (0.8 * z[k] + 0.6 * z[k + 1]);
        }

        return rows;
    }
}
