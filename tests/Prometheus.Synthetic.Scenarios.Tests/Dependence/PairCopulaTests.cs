using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Dependence;
using Prometheus.Synthetic.Scenarios.Dependence.Pairs;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Tests.Tails;

namespace Prometheus.Synthetic.Scenarios.Tests.Dependence;

public sealed class PairCopulaTests
{
    private static PairCopula Make(string family) =>
        family switch
        {
            "gaussian" => new GaussianPair(0.5),
            "student_t" => new StudentPair(0.5, 4.0),
            "clayton" => new ClaytonPair(2.0),
            "gumbel" => new GumbelPair(2.0),
            "frank" => new FrankPair(4.0),
            "joe" => new JoePair(2.2),
            _ => IndependentPair.Instance,
        };

    public static TheoryData<string, int> All()
    {
        var data = new TheoryData<string, int>();
        foreach (string family in PairFit.Families)
        {
            foreach (int rotation in new[] { 0, 90, 180, 270 })
                data.Add(family, rotation);
        }

        return data;
    }

    [Theory]
    [InlineData("student_t", 0.0908187)]
    [InlineData("gaussian", 0.1195887)]
    [InlineData("clayton", 0.0320545)]
    [InlineData("gumbel", 0.1149068)]
    public void Conditional_probabilities_are_the_published_ones(string family, double expected) =>
        Assert.Equal(expected, Make(family).H(0.1, 0.3), 5e-8);

    [Fact]
    public void Tail_dependence_of_the_t_copula_is_the_published_one() =>
        Assert.Equal(0.2531700, StudentPair.TailCoefficient(0.5, 4.0), 5e-8);

    [Theory]
    [MemberData(nameof(All))]
    public void Conditional_probability_is_undone_by_its_inverse(string family, int rotation)
    {
        PairCopula copula = RotatedPair.Of(Make(family), rotation);
        foreach (double v in new[] { 1e-4, 0.02, 0.3, 0.7, 0.98, 0.9999 })
        {
            foreach (double p in new[] { 1e-5, 0.01, 0.25, 0.5, 0.9, 0.999 })
            {
                double u = copula.HInverse(p, v);
                Assert.InRange(u, 0.0, 1.0);
                // Where u is within rounding of an end, h cannot come back: skip what a double cannot tell.
                if (u is > 1e-12 and < 1.0 - 1e-12)
                    Assert.Equal(p, copula.H(u, v), 2e-4 * p * (1.0 - p) + 1e-9);
                double w = copula.HOtherInverse(p, v);
                if (w is > 1e-12 and < 1.0 - 1e-12)
                    Assert.Equal(p, copula.HOther(w, v), 2e-4 * p * (1.0 - p) + 1e-9);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Density_is_the_derivative_of_the_conditional_probability(string family, int rotation)
    {
        PairCopula copula = RotatedPair.Of(Make(family), rotation);
        foreach (double u in new[] { 0.05, 0.4, 0.8 })
        {
            foreach (double v in new[] { 0.1, 0.5, 0.93 })
            {
                const double h = 1e-5;
                double density = Math.Exp(copula.LogDensity(u, v));
                double byU = (copula.H(u + h, v) - copula.H(u - h, v)) / (2.0 * h);
                double byV = (copula.HOther(v + h, u) - copula.HOther(v - h, u)) / (2.0 * h);
                // Central differences: h² times the third derivative.
                Assert.Equal(density, byU, 2e-5 * (1.0 + density));
                Assert.Equal(density, byV, 2e-5 * (1.0 + density));
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Tau_and_tail_dependence_of_samples_are_the_theory(string family, int rotation)
    {
        PairCopula copula = RotatedPair.Of(Make(family), rotation);
        const int count = 40_000;
        (double[] u, double[] v) = Sample(copula, count, 1);
        // The standard error of τ is below 2/3·√(1/n)·√2 ≈ 0.0047 for any copula; four of it.
        Assert.Equal(copula.Tau, KendallTau.Of(u, v), 0.015);
        const double q = 0.005;
        double lower = u.Zip(v, (a, b) => a < q && b < q ? 1 : 0).Sum() / (q * count);
        double upper = u.Zip(v, (a, b) => a > 1 - q && b > 1 - q ? 1 : 0).Sum() / (q * count);
        // P(U < q | V < q) itself, from the copula: C(q, q)/q by numerical integration of h; 4 binomial errors.
        double expectedLower = Conditional(copula, q);
        double expectedUpper = Conditional(RotatedPair.Of(Make(family), (rotation + 180) % 360), q);
        Assert.Equal(expectedLower, lower, 4.0 * Math.Sqrt(expectedLower / (q * count)) + 0.005);
        Assert.Equal(expectedUpper, upper, 4.0 * Math.Sqrt(expectedUpper / (q * count)) + 0.005);
        // And the limit that the copula states lies near it at so small a q.
        // (the Gaussian's and the far corner of Gumbel's vanish slowly: q^0.3 and q^0.41).
        double slack =
            family is "gaussian" ? 0.2
            : family is "gumbel" ? 0.12
            : 0.06;
        Assert.Equal(copula.LowerTail, expectedLower, slack);
        Assert.Equal(copula.UpperTail, expectedUpper, slack);
    }

    [Theory]
    [InlineData("gaussian", 0)]
    [InlineData("student_t", 0)]
    [InlineData("clayton", 0)]
    [InlineData("gumbel", 0)]
    [InlineData("frank", 0)]
    [InlineData("joe", 0)]
    [InlineData("clayton", 180)]
    [InlineData("gumbel", 180)]
    public void Fits_of_a_real_pair_are_those_of_VineCopula(string family, int rotation)
    {
        RealSeries real = RealSeries.Get();
        double[] u = Ranks.Of(real["JPM"]).Uniforms;
        double[] v = Ranks.Of(real["BAC"]).Uniforms;
        string key =
            rotation == 180 ? $"surv_{family}"
            : family is "student_t" ? "t"
            : family;
        JsonElement expected = RealSeries.Reference("copula_r", "JPM_BAC", "families", key);
        PairFit fit = PairFit.Of(u, v, family, rotation, "pair");
        double par = expected.GetProperty("par").GetDouble();
        Assert.Equal(par, fit.Copula.Parameters[0], 1e-3 * par);
        if (family is "student_t")
        {
            double nu = expected.GetProperty("par2").GetDouble();
            Assert.Equal(nu, fit.Copula.Parameters[1], 1e-3 * nu);
            Assert.Equal(
                RealSeries.Reference("copula_r", "JPM_BAC", "taildep").GetDouble(),
                fit.Copula.LowerTail,
                1e-3
            );
        }

        // Returns that are equal but for the last bit of a logarithm tie in one program and not in another: the
        // pseudo-observations of a few days move by 1e-4, the likelihood by a few thousandths, τ by a few millionths.
        Assert.InRange(fit.LogLikelihood - expected.GetProperty("loglik").GetDouble(), -5e-3, 0.1);
        Assert.Equal(RealSeries.Reference("copula_r", "JPM_BAC", "kendall_tau").GetDouble(), fit.Tau, 5e-6);
    }

    [Fact]
    public void Least_AIC_picks_the_family_and_rotation_that_made_the_sample()
    {
        foreach (
            (string family, int rotation) in new[]
            {
                ("clayton", 0),
                ("gumbel", 180),
                ("joe", 90),
                ("frank", 0),
                ("clayton", 270),
                ("student_t", 0),
            }
        )
        {
            (double[] u, double[] v) = Sample(RotatedPair.Of(Make(family), rotation), 4_000, 2);
            PairFit best = PairFit.Best(u, v, PairFit.Families, 0.05, "pair");
            Assert.Equal(family, best.Copula.Family);
            Assert.Equal(rotation, best.Copula.Rotation);
        }
    }

    [Fact]
    public void Independent_variables_pass_the_gate_as_independent()
    {
        (double[] u, double[] v) = Sample(IndependentPair.Instance, 2_000, 3);
        Assert.Equal("independent", PairFit.Best(u, v, PairFit.Families, 0.05, "pair").Copula.Family);
    }

    [Fact]
    public void The_same_variable_twice_is_refused()
    {
        (double[] u, _) = Sample(IndependentPair.Instance, 500, 4);
        Assert.Equal(
            ErrorCodes.DegenerateDependence,
            Assert
                .Throws<ScenarioRefusedException>(() => PairFit.Best(u, u, PairFit.Families, 0.05, "pair"))
                .Errors[0]
                .Code
        );
    }

    [Fact]
    public void Normal_dependence_stops_the_degrees_of_freedom_at_the_bound()
    {
        (double[] u, double[] v) = Sample(new GaussianPair(0.5), 3_000, 9);
        Assert.True(PairFit.Of(u, v, "student_t", 0, "pair").Copula.Parameters[1] > 20.0);
    }

    internal static (double[] U, double[] V) Sample(PairCopula copula, int count, int path)
    {
        var stream = new PhiloxStream(77);
        double[] u = new double[count];
        double[] v = new double[count];
        for (int i = 0; i < count; i++)
        {
            v[i] = stream.Uniform(path, i, DrawPurpose.Copula, 0);
            u[i] = copula.HInverse(stream.Uniform(path, i, DrawPurpose.Copula, 1), v[i]);
        }

        return (u, v);
    }

    /// <summary>C(q, q)/q = mean over v in (0, q) of h(q | v), by the midpoint rule in ln v.</summary>
    private static double Conditional(PairCopula copula, double q)
    {
        const int pieces = 400;
        double sum = 0.0;
        for (int i = 0; i < pieces; i++)
        {
            double v = q * (i + 0.5) / pieces;
            sum += copula.H(q, v);
        }

        return sum / pieces;
    }
}
