using System.Text.Json;
using CsCheck;
using Prometheus.Synthetic.Scenarios.Adversarial;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Scenarios.Tests.Adversarial;

public sealed class WorstCaseSolverTests
{
    [Fact]
    public void Without_bounds_it_is_the_closed_form_of_an_independent_implementation()
    {
        using JsonDocument oracle = JsonDocument.Parse(
            File.ReadAllText(SharedData.RequireFile("oracles/reference.json"))
        );
        JsonElement reference = oracle.RootElement.GetProperty("mahalanobis");
        double[] mean = Numbers(reference.GetProperty("mu"));
        double[] covariance = [.. reference.GetProperty("cov").EnumerateArray().SelectMany(Numbers)];
        JsonElement expected = reference.GetProperty("equal_r3.0000");
        double[] x = Numbers(expected.GetProperty("x_star"));

        WorstCase worst = new WorstCaseSolver(covariance, mean.Length, []).Solve(
            Numbers(expected.GetProperty("w")),
            expected.GetProperty("r").GetDouble()
        );

        // The reference's ball is centred at the mean. Closed forms agree to 1e-8 relative (the oracle's own statement).
        for (int i = 0; i < mean.Length; i++)
            Assert.Equal(x[i] - mean[i], worst.Shock[i], 1e-8 * Math.Abs(x[i]));
        Assert.Equal(3.0, worst.Distance, 1e-12);
        Assert.True(worst.RadiusUsedUp);
    }

    [Fact]
    public void With_bounds_it_is_the_best_of_every_active_set() =>
        Gen.Select(Gen.Int[2, 4], Gen.ULong)
            .AlwaysHolds(
                (d, seed) =>
                {
                    Problem p = Problem.Random(d, seed);
                    WorstCase worst = p.Solve();
                    double best = p.BestOfEveryActiveSet();
                    // Two exact methods: only rounding between them, on losses of order 1.
                    Assert.Equal(best, worst.Loss, 1e-8 * Math.Max(1.0, best));
                    AssertFeasible(p, worst);
                },
                cases: 2_000
            );

    [Fact]
    public void A_loss_that_stops_within_rounding_of_a_bound_stays_in_the_ball()
    {
        Problem p = Problem.Random(4, 44199);
        AssertFeasible(p, p.Solve());
    }

    [Fact]
    public void A_wider_ball_never_hurts_less_and_another_bound_never_more() =>
        Gen.Select(Gen.Int[2, 12], Gen.ULong)
            .AlwaysHolds(
                (d, seed) =>
                {
                    Problem p = Problem.Random(d, seed);
                    double loss = p.Solve().Loss;
                    Assert.True((p with { Radius = p.Radius * 1.3 }).Solve().Loss >= loss - 1e-9);
                    Problem looser = p with { Bounds = [.. p.Bounds.Skip(1)] };
                    Assert.True(looser.Solve().Loss >= loss - 1e-9);
                },
                cases: 500
            );

    [Fact]
    public void Permuting_the_drivers_permutes_the_shock() =>
        Gen.Select(Gen.Int[2, 8], Gen.ULong)
            .AlwaysHolds(
                (d, seed) =>
                {
                    Problem p = Problem.Random(d, seed);
                    int[] order = [.. Enumerable.Range(0, d).Reverse()];
                    double[] straight = p.Solve().Shock;
                    double[] permuted = p.Permute(order).Solve().Shock;
                    for (int i = 0; i < d; i++)
                        Assert.Equal(straight[order[i]], permuted[i], 1e-8);
                },
                cases: 500
            );

    [Fact]
    public void Fixed_coordinates_leave_the_rest_of_the_radius_to_the_others()
    {
        // Σ and e small enough to write the conditional solution down: x₂ | x₁ = s has mean ρs and variance 1 − ρ².
        const double rho = 0.6;
        const double s = -1.5;
        const double k = 2.5;
        var bound = new ShockBound("one", LinearForm.Coordinate(0), s, s);
        WorstCase worst = new WorstCaseSolver([1, rho, rho, 1], 2, [bound]).Solve([0.2, 1.0], k);
        double rest = Math.Sqrt(k * k - s * s);
        Assert.Equal(s, worst.Shock[0], 1e-14);
        Assert.Equal(rho * s - rest * Math.Sqrt(1 - rho * rho), worst.Shock[1], 1e-12);
        Assert.Equal("fixed", Assert.Single(worst.Binding).Side);
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        double[] identity = [1, 0, 0, 1];
        ScenarioRefusedException origin = Assert.Throws<ScenarioRefusedException>(() =>
            new WorstCaseSolver(identity, 2, [new ShockBound("VIX", LinearForm.Coordinate(0), 0.5, 2.0)])
        );
        Assert.Equal(ErrorCodes.Conflict, Assert.Single(origin.Errors).Code);
        Assert.Equal("VIX", origin.Errors[0].Field);

        var far = new WorstCaseSolver(identity, 2, [new ShockBound("a", LinearForm.Coordinate(0), -5, -5)]);
        Assert.Equal(
            ErrorCodes.Infeasible,
            Assert.Throws<ScenarioRefusedException>(() => far.Solve([1, 1], 3)).Errors[0].Code
        );
        var plain = new WorstCaseSolver(identity, 2, []);
        Assert.Equal(
            ErrorCodes.ZeroExposure,
            Assert.Throws<ScenarioRefusedException>(() => plain.Solve([0, 0], 3)).Errors[0].Code
        );
        ShockBound[] twice = [new("a", LinearForm.Coordinate(0), -1, -1), new("b", new LinearForm([0], [2.0]), -1, -1)];
        Assert.Equal(
            ErrorCodes.Conflict,
            Assert
                .Throws<ScenarioRefusedException>(() => new WorstCaseSolver(identity, 2, twice).Solve([1, 1], 3))
                .Errors[0]
                .Code
        );
    }

    [Fact]
    public void Multipliers_are_the_loss_per_unit_of_relaxed_bound()
    {
        Problem p = Problem.Random(6, 77);
        WorstCase worst = p.Solve();
        Assert.NotEmpty(worst.Binding);
        foreach (BindingBound binding in worst.Binding)
        {
            const double step = 1e-6;
            Problem relaxed = p with
            {
                Bounds =
                [
                    .. p.Bounds.Select(b =>
                        b.Name == binding.Name ? b with { Lower = b.Lower - step, Upper = b.Upper + step } : b
                    ),
                ],
            };
            // A forward difference of a smooth function: error of order the step, on losses of order 1.
            Assert.Equal(binding.Multiplier, (relaxed.Solve().Loss - worst.Loss) / step, 1e-4);
        }
    }

    private static void AssertFeasible(Problem p, WorstCase worst)
    {
        Assert.True(worst.Distance <= p.Radius * (1 + 1e-12));
        double distance = Math.Sqrt(CholeskyFactor.TryFactor(p.Covariance, p.Size)!.InverseQuadratic(worst.Shock));
        Assert.True(distance <= p.Radius * (1 + 1e-9), $"distance {distance} of {p.Radius}");
        foreach (ShockBound b in p.Bounds)
            Assert.InRange(b.Form.Of(worst.Shock), b.Lower - 1e-10, b.Upper + 1e-10);
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetDouble())];
}
