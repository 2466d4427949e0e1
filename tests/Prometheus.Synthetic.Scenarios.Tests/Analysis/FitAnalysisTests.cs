using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Analysis;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Tests.Bootstrap;

namespace Prometheus.Synthetic.Scenarios.Tests.Analysis;

/// <summary>An analysis tells kinds of margin and copula apart, on samples whose law is known.</summary>
public sealed class FitAnalysisTests
{
    private const int Days = 600;

    /// <summary>A copula's replicate measures all pairs of days.</summary>
    private const int JointDays = 250;

    private const int Replicates = ParametricBootstrap.FewestReplicates;

    /// <summary>The least p that so many replicates can give: none of them was as far off as the data.</summary>
    private const double Least = 1.0 / (Replicates + 1);

    /// <summary>
    /// Student-t with ν = 3: a normal of the same variance is off by more than any of the replicates, the t is not. The
    /// sample is fixed; of all samples the t is refused at 1 % once in a hundred.
    /// </summary>
    [Fact]
    public void Fat_tails_refuse_the_normal_and_bear_the_t_and_the_tails()
    {
        double[] values = Draw(0, new StudentT(3).Quantile);
        FitAnalysis fit = FitAnalysis.Of(Panel(values), [], Replicates);
        Assert.Equal(Least, P(fit, "normal", "whole"), 1e-12);
        Assert.True(P(fit, "student_t", "whole") > 0.01);
        Assert.True(P(fit, "gpd", "lower_tail") > 0.01);
        Assert.True(P(fit, "gpd", "upper_tail") > 0.01);
        Assert.Empty(fit.Copulas);
    }

    [Fact]
    public void A_normal_sample_bears_the_normal() =>
        Assert.True(
            P(FitAnalysis.Of(Panel(Draw(1, StandardNormal.Quantile)), [], Replicates), "normal", "whole") > 0.01
        );

    /// <summary>Rows that one χ² of each day scales: uncorrelated, and yet extreme together, which no Gaussian copula is.</summary>
    [Fact]
    public void Joint_tails_refuse_the_gaussian_copula_and_bear_the_t()
    {
        double[] mixing = [.. Draw(2, u => Math.Sqrt(3 / ChiSquare.QuantileOfScore(StandardNormal.Quantile(u), 3)))];
        double[][] columns =
        [
            .. Enumerable
                .Range(3, 3)
                .Select(k => Draw(k, StandardNormal.Quantile).Zip(mixing, (z, m) => z * m).Take(JointDays).ToArray()),
        ];
        FitAnalysis fit = FitAnalysis.Of(Panel(columns), [], Replicates);
        JsonObject gaussian = fit.Copulas.Single(c => (string)c["family"]! == "gaussian");
        JsonObject student = fit.Copulas.Single(c => (string)c["family"]! == "student_t");
        Assert.Equal(Least, (double)gaussian["joint_bootstrap"]!["p_value"]!, 1e-12);
        Assert.Equal("warn", (string)gaussian["verdict"]!);
        Assert.Equal("pass", (string)student["verdict"]!);
        Assert.InRange((double)student["parameters"]!["degrees_of_freedom"]!, 2.05, 6);
    }

    [Fact]
    public void The_same_question_has_the_same_answer_and_every_test_is_told()
    {
        double[] values = Draw(6, StandardNormal.Quantile);
        var told = new List<(int, int)>();
        FitAnalysis first = FitAnalysis.Of(Panel(values), [], Replicates, (done, total) => told.Add((done, total)));
        FitAnalysis again = FitAnalysis.Of(Panel(values), [], Replicates);
        Assert.Equal([(1, 3), (2, 3), (3, 3)], told);
        Assert.Equal(first.Margins.Select(m => m.ToJsonString()), again.Margins.Select(m => m.ToJsonString()));
    }

    /// <summary>Fifty excesses of a tenth need five hundred days; what cannot be fitted says so beside what can.</summary>
    [Fact]
    public void What_cannot_be_fitted_says_why()
    {
        ShockPanel panel = Panel(Draw(7, StandardNormal.Quantile)[..300], new double[300]);
        FitAnalysis fit = FitAnalysis.Of(panel, [panel.Drivers[1].Id], Replicates);
        JsonObject gpd = Assert.Single(fit.Margins, m => (string)m["kind"]! == "gpd");
        Assert.Equal("not_fitted", (string)gpd["verdict"]!);
        Assert.Contains("50", (string)gpd["reason"]!, StringComparison.Ordinal);
        Assert.All(fit.Margins, m => Assert.Equal(panel.Drivers[0].Id, (string)m["series"]!));
        Assert.Empty(fit.Copulas);
    }

    [Theory]
    [InlineData(199, 1, ErrorCodes.OutOfRange)]
    [InlineData(1_001, 1, ErrorCodes.OutOfRange)]
    [InlineData(1_000, 6, ErrorCodes.OverLimit)]
    public void Too_much_is_refused_before_any_fit(int replicates, int series, string code)
    {
        ShockPanel panel = Panel([.. Enumerable.Range(0, series).Select(k => Draw(k, StandardNormal.Quantile)[..20])]);
        ScenarioRefusedException refused = Assert.Throws<ScenarioRefusedException>(() =>
            FitAnalysis.Of(panel, [], replicates)
        );
        FieldError error = Assert.Single(refused.Errors);
        Assert.Equal((code, "--goodness-of-fit"), (error.Code, error.Field));
    }

    private static double P(FitAnalysis fit, string kind, string part) =>
        (double)fit.Margins.Single(m => (string)m["kind"]! == kind && (string?)m["part"] == part)["p_value"]!;

    private static double[] Draw(int column, Func<double, double> quantile)
    {
        var stream = new PhiloxStream(17);
        return
        [
            .. Enumerable.Range(0, Days).Select(t => quantile(stream.Uniform(column, 0, DrawPurpose.Margin, (uint)t))),
        ];
    }

    private static ShockPanel Panel(params double[][] columns)
    {
        int days = columns[0].Length;
        double[] values = new double[days * columns.Length];
        for (int k = 0; k < columns.Length; k++)
        {
            for (int t = 0; t < days; t++)
                values[t * columns.Length + k] = 0.01 * columns[k][t];
        }

        return Histories.Of(days, columns.Length, values);
    }
}
