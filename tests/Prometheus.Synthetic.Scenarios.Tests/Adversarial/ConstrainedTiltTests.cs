using CsCheck;
using Prometheus.Synthetic.Scenarios.Adversarial;
using Prometheus.Synthetic.Scenarios.Combination;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Scenarios.Tests.Adversarial;

public sealed class ConstrainedTiltTests
{
    /// <summary>
    /// For normal (x, L) the condition E[x] = s uses up ½s²/σ² of the entropy; the rest moves L, given x, by its
    /// conditional deviation: E[L] = ρσ_L·s/σ + σ_L·√(1 − ρ²)·√(2κ − s²/σ²).
    /// </summary>
    [Theory]
    [InlineData(0.0, 0.5, 0.5)]
    [InlineData(0.7, 0.8, 1.0)]
    [InlineData(-0.4, -0.6, 0.8)]
    public void A_normal_sample_gives_the_conditional_closed_form(double rho, double s, double kappa)
    {
        const int n = 300;
        double[] x = new double[n * n];
        double[] loss = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double a = StandardNormal.Quantile((i + 0.5) / n);
                double b = StandardNormal.Quantile((j + 0.5) / n);
                x[i * n + j] = a;
                loss[i * n + j] = 0.02 * (rho * a + Math.Sqrt(1 - rho * rho) * b);
            }
        }

        ConstrainedTilt.Result result = ConstrainedTilt.Solve(
            loss,
            kappa,
            [new PooledView("x", x, ViewRelation.Equal, s)]
        );
        double expected = 0.02 * (rho * s + Math.Sqrt(1 - rho * rho) * Math.Sqrt(2 * kappa - s * s));
        // A grid of 300 quantiles has variance 1 − 0.004 and ends at 2.9σ; a tilt by at most 1.3σ leaves 6 % of its
        // weight beyond that end, worth about 0.3 % of σ in the mean.
        Assert.Equal(expected, result.Tilt.ExpectedLoss, 0.01 * 0.02);
        Assert.Equal(kappa, result.Tilt.Divergence, 2e-9);
        Assert.Equal(s, Mean(result.Tilt.Weights, x), 1e-9);
    }

    /// <summary>
    /// The problem is convex: weights ∝ e^{θL − Σ m·g} with θ > 0 that use up κ, meet every condition, and have
    /// multipliers only where an inequality is tight, are the optimum (Karush, Kuhn and Tucker).
    /// </summary>
    [Fact]
    public void The_optimality_conditions_hold_on_any_sample() =>
        Gen.Select(Gen.Int[20, 200], Gen.ULong)
            .AlwaysHolds(
                (n, seed) =>
                {
                    (double[] loss, double[] x, double[] y) = Sample(n, seed);
                    const double kappa = 0.3;
                    PooledView[] conditions =
                    [
                        new("x", x, ViewRelation.Equal, Mean(null, x) + 0.2),
                        new("y", y, ViewRelation.AtMost, Mean(null, y) + 0.1),
                    ];
                    ConstrainedTilt.Result result = ConstrainedTilt.Solve(loss, kappa, conditions);
                    double[] q = result.Tilt.Weights;
                    Assert.Equal(kappa, result.Tilt.Divergence, 1e-8);
                    Assert.Equal(conditions[0].Target, Mean(q, x), 1e-8);
                    Assert.True(Mean(q, y) <= conditions[1].Target + 1e-8);
                    Assert.True(result.Multipliers[1] >= 0.0);
                    Assert.True(result.Multipliers[1] == 0.0 || Math.Abs(Mean(q, y) - conditions[1].Target) < 1e-8);
                    double theta = result.Tilt.Theta;
                    for (int i = 1; i < n; i++)
                    {
                        double exponent =
                            theta * (loss[i] - loss[0])
                            - theta * result.Multipliers[0] * (x[i] - x[0])
                            - theta * result.Multipliers[1] * (y[i] - y[0]);
                        Assert.Equal(exponent, Math.Log(q[i] / q[0]), 1e-6 * (1 + Math.Abs(exponent)));
                    }
                },
                cases: 200
            );

    [Fact]
    public void Multipliers_are_the_loss_per_unit_of_relaxed_target()
    {
        (double[] loss, double[] x, double[] y) = Sample(150, 9);
        const double step = 1e-5;
        ConstrainedTilt.Result At(double dx, double dy) =>
            ConstrainedTilt.Solve(
                loss,
                0.4,
                [
                    new PooledView("x", x, ViewRelation.Equal, Mean(null, x) + 0.3 + dx),
                    new PooledView("y", y, ViewRelation.AtMost, Mean(null, y) - 0.2 + dy),
                ]
            );
        double[] multipliers = At(0, 0).Multipliers;
        // Central differences: error of order step², on a solution good to 1e-10.
        Assert.Equal(
            multipliers[0],
            (At(step, 0).Tilt.ExpectedLoss - At(-step, 0).Tilt.ExpectedLoss) / (2 * step),
            1e-4
        );
        Assert.Equal(
            multipliers[1],
            (At(0, step).Tilt.ExpectedLoss - At(0, -step).Tilt.ExpectedLoss) / (2 * step),
            1e-4
        );
    }

    [Fact]
    public void More_entropy_never_lowers_the_loss_and_another_condition_never_raises_it() =>
        Gen.ULong.AlwaysHolds(
            seed =>
            {
                (double[] loss, double[] x, double[] y) = Sample(80, seed);
                PooledView one = new("x", x, ViewRelation.Equal, Mean(null, x) + 0.1);
                PooledView two = new("y", y, ViewRelation.AtMost, Mean(null, y));
                double small = ConstrainedTilt.Solve(loss, 0.2, [one]).Tilt.ExpectedLoss;
                Assert.True(ConstrainedTilt.Solve(loss, 0.5, [one]).Tilt.ExpectedLoss >= small - 1e-9);
                Assert.True(ConstrainedTilt.Solve(loss, 0.2, [one, two]).Tilt.ExpectedLoss <= small + 1e-9);
                Assert.True(EntropicTilt.Solve(loss, 0.2).ExpectedLoss >= small - 1e-9);
            },
            cases: 100
        );

    [Fact]
    public void What_the_entropy_or_the_sample_does_not_reach_is_refused()
    {
        (double[] loss, double[] x, _) = Sample(100, 3);
        ScenarioRefusedException far = Assert.Throws<ScenarioRefusedException>(() =>
            ConstrainedTilt.Solve(loss, 0.05, [new PooledView("x", x, ViewRelation.Equal, Mean(null, x) + 1.0)])
        );
        Assert.Equal((ErrorCodes.Infeasible, "generator_spec.radius"), (far.Errors[0].Code, far.Errors[0].Field));
        ScenarioRefusedException outside = Assert.Throws<ScenarioRefusedException>(() =>
            ConstrainedTilt.Solve(loss, 3.0, [new PooledView("x", x, ViewRelation.Equal, x.Max() + 1.0)])
        );
        Assert.Equal((ErrorCodes.Infeasible, "x"), (outside.Errors[0].Code, outside.Errors[0].Field));
    }

    private static (double[] Loss, double[] X, double[] Y) Sample(int n, ulong seed)
    {
        var stream = new PhiloxStream(seed);
        double[] z = new double[3 * n];
        stream.FillNormals(z, 0, 0, DrawPurpose.Residual);
        double[] loss = new double[n];
        double[] x = new double[n];
        double[] y = new double[n];
        for (int i = 0; i < n; i++)
        {
            x[i] = z[3 * i];
            y[i] = 0.5 * x[i] + z[3 * i + 1];
            loss[i] = 0.6 * x[i] + 0.4 * y[i] + 0.5 * z[3 * i + 2];
        }

        return (loss, x, y);
    }

    private static double Mean(double[]? weights, double[] values) =>
        weights is null ? values.Average() : weights.Zip(values, (w, v) => w * v).Sum();
}
