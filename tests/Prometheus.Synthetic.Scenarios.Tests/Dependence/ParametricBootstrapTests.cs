using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Dependence;
using Prometheus.Synthetic.Scenarios.Dependence.Elliptical;
using Prometheus.Synthetic.Scenarios.Dependence.Pairs;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Tails.Margins;
using Prometheus.Synthetic.Scenarios.Tests.Factors;

namespace Prometheus.Synthetic.Scenarios.Tests.Dependence;

/// <summary>
/// Goodness of fit with estimated parameters: on data from the model, one in ten is called unlikely at the 10 % level;
/// on data from another model, many are.
/// </summary>
public sealed class ParametricBootstrapTests
{
    private const int Trials = 400;

    // With 49 replicates p ≤ 0.1 has probability exactly 5/50 under the model. Of 400 trials the share has the standard
    // error √(0.1 · 0.9 / 400) = 0.015; three and a half of them.
    private const int Replicates = 49;
    private const double Band = 0.0525;

    private static readonly string[] Ids = ["A", "B"];

    [Fact]
    public void False_alarms_of_a_copula_are_as_many_as_the_level_says_and_the_table_gives_too_few()
    {
        (int joint, int distance, int table) = Alarms(
            new EllipticalCopula([1.0, 0.5, 0.5, 1.0], 2, null),
            100,
            Gaussian
        );
        Assert.Equal(0.1, (double)joint / Trials, Band);
        Assert.Equal(0.1, (double)distance / Trials, Band);
        // The estimate is nearer to its data than the truth is: p of known parameters leans high.
        Assert.True(table < joint / 2, $"{table} alarms by the table, {joint} by the bootstrap");
    }

    /// <summary>Clayton with τ = ½ against the Gaussian fit: the same τ, and asymmetry that squared distances hardly see.</summary>
    [Fact]
    public void Asymmetry_is_found_by_the_distance()
    {
        (int joint, int distance, int table) = Alarms(new OnePair(new ClaytonPair(2.0)), 150, Gaussian);
        Assert.True(distance > Trials * 3 / 4, $"{distance} of {Trials}");
        Assert.True(table < joint && joint < distance, $"{table} by the table, {joint}, {distance} by the bootstraps");
    }

    /// <summary>t with 2.5 degrees of freedom against the Gaussian fit: joint tails, which the squared distances see.</summary>
    [Fact]
    public void Joint_tails_are_found_by_the_squared_distances()
    {
        (int joint, _, int table) = Alarms(new EllipticalCopula([1.0, 0.5, 0.5, 1.0], 2, 2.5), 200, Gaussian);
        Assert.True(joint > Trials / 2, $"{joint} of {Trials}");
        Assert.True(table < joint, $"{table} alarms by the table, {joint} by the bootstrap");
    }

    [Theory]
    [InlineData("normal", 60)]
    [InlineData("gpd", 60)]
    public void False_alarms_of_a_margin_are_as_many_as_the_level_says(string kind, int count)
    {
        var stream = new PhiloxStream(2009);
        Func<double[], MarginGoodness.FittedPart> fit =
            kind == "normal" ? MarginGoodness.Normal : MarginGoodness.Pareto;
        var tail = new Prometheus.Synthetic.Scenarios.Tails.GeneralizedPareto(0.25, 0.02);
        int alarms = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            double[] sample = new double[count];
            for (int i = 0; i < count; i++)
                sample[i] =
                    kind == "normal"
                        ? 0.01 * stream.Normal(trial, i, DrawPurpose.SimulatedMarket)
                        : tail.QuantileOfSurvival(stream.Uniform(trial, i, DrawPurpose.SimulatedMarket));
            (_, ParametricBootstrap b) = MarginGoodness.Test(sample, fit(sample), Replicates, stream, 0, trial);
            Assert.Equal(0, b.Failed);
            alarms += b.PValue <= 0.1 ? 1 : 0;
        }

        Assert.Equal(0.1, (double)alarms / Trials, Band);
    }

    /// <summary>Stephens' upper 5 % and 1 % points for a normal distribution with both parameters estimated: 0.126, 0.179.</summary>
    [Fact]
    public void Replicates_of_a_normal_margin_have_the_published_points()
    {
        const int count = 100;
        var stream = new PhiloxStream(1974);
        double[] sample = [.. Enumerable.Range(0, count).Select(i => stream.Normal(0, i, DrawPurpose.Residual))];
        MarginGoodness.FittedPart fitted = MarginGoodness.Normal(sample);
        // Modified W²(1 + 1/(2n)); of 4,000 replicates the share beyond the 5 % point has standard error 0.0034.
        double Share(double point) =>
            ParametricBootstrap
                .Of(
                    point / (1.0 + 0.5 / count),
                    4_000,
                    b =>
                    {
                        double[] drawn = new double[count];
                        stream.FillUniforms(drawn, b, 0, DrawPurpose.Margin, 7);
                        for (int i = 0; i < count; i++)
                            drawn[i] = fitted.Quantile(drawn[i]);
                        return CramerVonMises.OfUniforms([.. drawn.Select(MarginGoodness.Normal(drawn).Cdf)]).Statistic;
                    }
                )
                .PValue;
        Assert.Equal(0.05, Share(0.126), 0.012);
        Assert.Equal(0.01, Share(0.179), 0.006);
    }

    [Fact]
    public void Replicates_that_cannot_be_fitted_are_counted_and_too_many_leave_no_p()
    {
        ParametricBootstrap some = ParametricBootstrap.Of(
            5.0,
            100,
            b =>
                b % 4 == 0 ? throw new ScenarioRefusedException(ErrorCodes.NotConverged, "x", "no")
                : b < 50 ? 9.0
                : 1.0
        );
        Assert.Equal((75, 25), (some.Replicates, some.Failed));
        // 37 of 75 are beyond.
        Assert.Equal(38.0 / 76.0, some.PValue, 1e-12);
        ParametricBootstrap none = ParametricBootstrap.Of(
            5.0,
            100,
            b => b % 3 > 0 ? throw new ScenarioRefusedException(ErrorCodes.NotConverged, "x", "no") : 1.0
        );
        Assert.True(double.IsNaN(none.PValue));
        Assert.Null(none.Describe()["p_value"]);
    }

    [Fact]
    public void A_factor_set_reports_the_tests_it_asked_for_and_draws_the_same_paths_without_them()
    {
        var shape = new GenerationShape(20, 5, 3);
        CalibrationSnapshot market = KnownMarket.Create();
        IPathGenerator tested = market.Generator(
            """{"factor_model":{"sampling":{"method":"copula","margins":{"kind":"student_t","goodness_of_fit_replicates":200},"copula":{"family":"gaussian","goodness_of_fit_replicates":200}}}}""",
            shape
        );
        JsonNode report = tested.Report["factor_sampling"]!;
        JsonNode joint = report["goodness_of_fit"]!["joint_bootstrap"]!;
        Assert.Equal(200, joint["replicates"]!.GetValue<int>());
        Assert.InRange(joint["p_value"]!.GetValue<double>(), 1.0 / 201.0, 1.0);
        JsonArray margins = report["margin_fit"]!.AsArray();
        Assert.Equal(report["series"]!.AsArray().Count, margins.Count);
        Assert.All(margins, m => Assert.Equal("parametric bootstrap", m!["method"]!.GetValue<string>()));
        // Pure: the same report again.
        IPathGenerator again = market.Generator(
            """{"factor_model":{"sampling":{"method":"copula","margins":{"kind":"student_t","goodness_of_fit_replicates":200},"copula":{"family":"gaussian","goodness_of_fit_replicates":200}}}}""",
            shape
        );
        Assert.Equal(report.ToJsonString(), again.Report["factor_sampling"]!.ToJsonString());

        IPathGenerator untested = market.Generator(
            """{"factor_model":{"sampling":{"method":"copula","margins":{"kind":"student_t"},"copula":{"family":"gaussian"}}}}""",
            shape
        );
        double[] one = new double[5 * tested.Drivers.Count];
        double[] two = new double[one.Length];
        tested.Generate(7, one);
        untested.Generate(7, two);
        Assert.Equal(one, two);
    }

    [Fact]
    public void More_fits_than_a_calibration_may_take_are_refused_with_how_many_may_be_asked_for()
    {
        ScenarioRefusedException refused = Assert.Throws<ScenarioRefusedException>(() =>
            ParametricBootstrap.RefuseTooMany(500, 100, "pairs", "copula.goodness_of_fit_replicates")
        );
        Assert.Equal(ErrorCodes.OverLimit, refused.Errors[0].Code);
        Assert.Contains("200 or fewer", refused.Message, StringComparison.Ordinal);
    }

    private static ICopula Gaussian(double[][] columns) =>
        EllipticalFit.Of(columns, Ids, student: false, null, "copula").Copula;

    /// <summary>Trials of <paramref name="count"/> rows of the truth in which the fitted family is called unlikely at 10 %.</summary>
    private static (int Joint, int Distance, int Table) Alarms(ICopula truth, int count, Func<double[][], ICopula> fit)
    {
        var stream = new PhiloxStream(170);
        (int joint, int distance, int table) = (0, 0, 0);
        double[] rows = new double[count * 2];
        for (int trial = 0; trial < Trials; trial++)
        {
            truth.Fill(stream, 9, trial, count, rows);
            double[][] columns = Ranks.OfColumns(rows, 2).Columns;
            var own = new PhiloxStream(1_000 + (ulong)trial);
            GoodnessOfFit found = GoodnessOfFit.Of(fit(columns), columns, Replicates, fit, own, 0);
            joint += found.JointBootstrap!.PValue <= 0.1 ? 1 : 0;
            distance += found.DistanceBootstrap!.PValue <= 0.1 ? 1 : 0;
            table += found.Joint.PValue <= 0.1 ? 1 : 0;
        }

        return (joint, distance, table);
    }

    /// <summary>Draws of one pair; nothing else is asked of it.</summary>
    private sealed class OnePair(PairCopula pair) : ICopula
    {
        public int Width => 2;

        public void Fill(PhiloxStream stream, ushort lane, int firstPath, int steps, Span<double> rows)
        {
            for (int r = 0; r < rows.Length / 2; r++)
            {
                double v = stream.Uniform(firstPath + r / steps, r % steps, DrawPurpose.Copula, 0, lane);
                double p = stream.Uniform(firstPath + r / steps, r % steps, DrawPurpose.Copula, 1, lane);
                rows[2 * r] = pair.HInverse(p, v);
                rows[2 * r + 1] = v;
            }
        }

        public void Rosenblatt(Span<double> rows) => throw new NotSupportedException();

        public JsonObject Describe() => [];
    }
}
