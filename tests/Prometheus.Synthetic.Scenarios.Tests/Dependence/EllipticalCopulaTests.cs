using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Dependence;
using Prometheus.Synthetic.Scenarios.Dependence.Elliptical;
using Prometheus.Synthetic.Scenarios.Dependence.Pairs;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Tests.Tails;

namespace Prometheus.Synthetic.Scenarios.Tests.Dependence;

public sealed class EllipticalCopulaTests
{
    private static readonly string[] Five = ["AAPL", "JPM", "XOM", "KO", "PFE"];

    [Fact]
    public void Fit_of_five_real_series_is_that_of_the_R_package()
    {
        (double[][] columns, _) = Ranks.OfColumns(RealSeries.Get().Rows(Five, 1000), 5);
        JsonElement expected = RealSeries.Reference("copula_r", "d5_last1000", "itau_mpl");
        EllipticalFit fit = EllipticalFit.Of(columns, Five, student: true, null, "copula");
        // ρ from τ is a closed form but for ties in the last bit of the returns.
        int at = 0;
        for (int i = 0; i < 5; i++)
        {
            for (int j = i + 1; j < 5; j++)
                Assert.Equal(expected.GetProperty("rho")[at++].GetDouble(), fit.Copula.Correlation[i * 5 + j], 1e-5);
        }

        Assert.Equal(expected.GetProperty("df").GetDouble(), fit.Copula.DegreesOfFreedom!.Value, 1e-3 * 5.2);
        Assert.Equal(expected.GetProperty("loglik").GetDouble(), fit.LogLikelihood, 5e-3);
        Assert.Null(fit.AtBound);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(3.0)]
    [InlineData(12.0)]
    public void Dependence_of_draws_is_the_theory_and_the_fit_recovers_it(double? nu)
    {
        double[] r = [1.0, 0.6, -0.3, 0.6, 1.0, 0.1, -0.3, 0.1, 1.0];
        var copula = new EllipticalCopula(r, 3, nu);
        const int count = 30_000;
        double[][] columns = Draw(copula, count);
        for (int i = 0; i < 3; i++)
        {
            // Kolmogorov's distance of each margin from uniform, 1 % point with a margin for three tests.
            double[] sorted = [.. columns[i].Order()];
            Assert.True(sorted.Select((u, k) => Math.Abs(u - (k + 0.5) / count)).Max() < 1.8 / Math.Sqrt(count));
            for (int j = 0; j < i; j++)
            {
                double tau = Sine.ArcSine(r[i * 3 + j]) * 2.0 / Math.PI;
                Assert.Equal(tau, KendallTau.Of(columns[i], columns[j]), 0.015);
            }
        }

        string[] ids = ["A", "B", "C"];
        (double[][] ranks, _) = Ranks.OfColumns(
            [.. Enumerable.Range(0, count).SelectMany(t => columns.Select(c => c[t]))],
            3
        );
        EllipticalFit fit = EllipticalFit.Of(ranks, ids, student: true, null, "copula");
        if (nu is { } truth)
        {
            // The standard error of ν at this size is near 0.07 for 3 and 0.7 for 12; four of it.
            Assert.InRange(fit.Copula.DegreesOfFreedom!.Value, truth * 0.80, truth * 1.28);
            const double q = 0.002;
            TailDependence tails = TailDependence.Of(columns, q);
            double lambda = copula.TailDependence(0, 1);
            // Binomial error of the count, times four, and what a q above 0 adds to the limit (checked ≤ 0.08 at ν = 12).
            double slack = 4.0 * Math.Sqrt(lambda / (q * count)) + 0.08;
            Assert.InRange(tails.Lower[1], lambda - slack, lambda + slack);
            Assert.InRange(tails.Upper[1], lambda - slack, lambda + slack);
        }
        else
        {
            Assert.True(fit.Copula.DegreesOfFreedom > 40.0);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(4.0)]
    public void Rosenblatt_of_draws_is_uniform_and_independent(double? nu)
    {
        var copula = new EllipticalCopula([1.0, 0.6, -0.3, 0.6, 1.0, 0.1, -0.3, 0.1, 1.0], 3, nu);
        double[][] columns = Draw(copula, 2_000);
        GoodnessOfFit fit = GoodnessOfFit.Of(copula, columns);
        Assert.All(fit.Columns, c => Assert.True(c.PValue > 0.001, $"{c}"));
        Assert.True(fit.Joint.PValue > 0.001);
        // And a wrong copula is told apart: the same correlation without the joint tails, or the reverse.
        var wrong = new EllipticalCopula(copula.Correlation, 3, nu is null ? 3.0 : null);
        Assert.True(GoodnessOfFit.Of(wrong, columns).Joint.PValue < 0.01);
    }

    [Fact]
    public void Draws_have_the_same_bits_however_they_are_cut()
    {
        var copula = new EllipticalCopula([1.0, 0.5, 0.2, 0.5, 1.0, 0.3, 0.2, 0.3, 1.0], 3, 4.0);
        var stream = new PhiloxStream(170);
        double[] whole = new double[40 * 7 * 3];
        copula.Fill(stream, 0, 5, 7, whole);
        for (int p = 0; p < 40; p++)
        {
            double[] one = new double[7 * 3];
            copula.Fill(stream, 0, 5 + p, 7, one);
            Assert.Equal(whole[(p * 21)..(p * 21 + 21)], one);
        }
    }

    [Fact]
    public void Table_probabilities_are_those_of_the_distribution()
    {
        var stream = new PhiloxStream(1);
        const double nu = 4.0;
        var copula = new EllipticalCopula([1.0, 0.0, 0.0, 1.0], 2, nu);
        double[] rows = new double[2 * 500];
        copula.Fill(stream, 0, 0, 1, rows);
        var t = new StudentT(nu);
        for (int r = 0; r < 500; r++)
        {
            double w = ChiSquare.QuantileOfScore(stream.Normal(r, 0, DrawPurpose.CopulaMixing), nu);
            for (int i = 0; i < 2; i++)
            {
                double exact = t.Cdf(stream.Normal(r, 0, DrawPurpose.Copula, (uint)i) * Math.Sqrt(nu / w));
                Assert.Equal(exact, rows[2 * r + i], 2e-8);
            }
        }
    }

    [Fact]
    public void Refusals_say_what_to_do()
    {
        double[] x = [.. Enumerable.Range(1, 200).Select(i => i / 201.0)];
        Assert.Equal(
            ErrorCodes.DegenerateDependence,
            Assert
                .Throws<ScenarioRefusedException>(() => EllipticalFit.Of([x, x], ["A", "B"], true, null, "c"))
                .Errors[0]
                .Code
        );
        ScenarioRefusedException wide = Assert.Throws<ScenarioRefusedException>(() =>
            EllipticalFit.Of(
                [.. Enumerable.Repeat(x, 101)],
                [.. Enumerable.Range(0, 101).Select(i => $"{i}")],
                true,
                null,
                "c"
            )
        );
        Assert.Equal(ErrorCodes.OverLimit, wide.Errors[0].Code);
        Assert.Contains("on the factors", wide.Message, StringComparison.Ordinal);
        Assert.Equal(
            ErrorCodes.SingularCovariance,
            Assert
                .Throws<ScenarioRefusedException>(() => new EllipticalCopula([1.0, 1.0, 1.0, 1.0], 2, 4.0))
                .Errors[0]
                .Code
        );
    }

    internal static double[][] Draw(ICopula copula, int count)
    {
        double[] rows = new double[count * copula.Width];
        copula.Fill(new PhiloxStream(23), 0, 0, 1, rows);
        return
        [
            .. Enumerable
                .Range(0, copula.Width)
                .Select(i => Enumerable.Range(0, count).Select(r => rows[r * copula.Width + i]).ToArray()),
        ];
    }
}
