using Prometheus.Synthetic.Scenarios.Dependence;
using Prometheus.Synthetic.Scenarios.Dependence.Elliptical;
using Prometheus.Synthetic.Scenarios.Dependence.Pairs;
using Prometheus.Synthetic.Scenarios.Dependence.Vines;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Tests.Tails;

namespace Prometheus.Synthetic.Scenarios.Tests.Dependence;

public sealed class VineTests
{
    private static readonly string[] Names = ["AAPL", "JPM", "BAC", "XOM", "KO"];

    private static readonly Lazy<(Vine Vine, double[][] Columns)> Real = new(() =>
    {
        (double[][] columns, _) = Ranks.OfColumns(RealSeries.Get().Rows(Names, 1_500), Names.Length);
        return (VineFit.Of(columns, Names, VineOptions.Default, "copula"), columns);
    });

    [Fact]
    public void A_vine_is_regular()
    {
        (Vine vine, _) = Get();
        int width = vine.Width;
        // Each tree k has K − k edges; each pair of variables is conditioned exactly once; proximity holds: an edge's
        // two inputs together hold its variables and nothing else.
        for (int level = 1; level < width; level++)
            Assert.Equal(width - level, vine.Edges.Count(e => e.Level == level));
        Assert.Equal(
            width * (width - 1) / 2,
            vine.Edges.Select(e => (Math.Min(e.A, e.B), Math.Max(e.A, e.B))).Distinct().Count()
        );
        foreach (VineEdge edge in vine.Edges.Where(e => e.Level > 1))
        {
            VineEdge left = vine.Edges[edge.InputA];
            VineEdge right = vine.Edges[edge.InputB];
            Assert.Equal(edge.Level - 1, left.Level);
            Assert.Equal(edge.Level - 1, right.Level);
            Assert.Equal(edge.Given.Append(edge.A).Order(), left.Given.Append(left.A).Append(left.B).Order());
            Assert.Equal(edge.Given.Append(edge.B).Order(), right.Given.Append(right.A).Append(right.B).Order());
        }
    }

    [Fact]
    public void First_tree_is_the_spanning_tree_of_greatest_dependence()
    {
        (Vine vine, double[][] columns) = Get();
        double[] taus = KendallTau.Matrix(columns);
        int n = vine.Width;
        double found = vine.Edges.Where(e => e.Level == 1).Sum(e => Math.Abs(taus[e.A * n + e.B]));
        // All 125 trees on five variables by their Prüfer sequences.
        double best = 0.0;
        for (int code = 0; code < 125; code++)
            best = Math.Max(best, Prufer([code / 25, code / 5 % 5, code % 5], taus, n));
        Assert.Equal(best, found, 1e-12);
    }

    [Fact]
    public void Rosenblatt_of_draws_is_uniform()
    {
        (Vine vine, _) = Get();
        double[][] draws = EllipticalCopulaTests.Draw(vine, 2_000);
        GoodnessOfFit fit = GoodnessOfFit.Of(vine, draws);
        Assert.All(fit.Columns, c => Assert.True(c.PValue > 0.001, $"{c}"));
        Assert.True(fit.Joint.PValue > 0.001);
    }

    [Fact]
    public void Draws_undo_the_transform_exactly()
    {
        // Sampling inverts Rosenblatt's transform: transforming a draw gives back the uniforms it was made of.
        (Vine vine, _) = Get();
        var stream = new PhiloxStream(5);
        double[] rows = new double[200 * vine.Width];
        vine.Fill(stream, 0, 0, 1, rows);
        vine.Rosenblatt(rows);
        for (int r = 0; r < 200; r++)
        {
            for (int at = 0; at < vine.Width; at++)
            {
                double uniform = stream.Uniform(r, 0, DrawPurpose.Copula, (uint)at);
                // Tables are good to 1e-7; where densities are steep a few times that.
                Assert.Equal(uniform, rows[r * vine.Width + vine.Order[at]], 5e-6);
            }
        }
    }

    [Fact]
    public void Dependence_of_draws_is_that_of_the_sample()
    {
        (Vine vine, double[][] columns) = Get();
        double[][] draws = EllipticalCopulaTests.Draw(vine, 20_000);
        double[] before = KendallTau.Matrix(columns);
        double[] after = KendallTau.Matrix(draws);
        // Sampling error of τ at n = 1,500 is 0.017; what one-parameter families miss adds to it.
        for (int i = 0; i < before.Length; i++)
            Assert.Equal(before[i], after[i], 0.04);
    }

    [Fact]
    public void A_vine_of_normal_pairs_is_the_normal_copula()
    {
        double[] r = [1.0, 0.6, 0.4, 0.3, 0.6, 1.0, 0.5, 0.2, 0.4, 0.5, 1.0, 0.1, 0.3, 0.2, 0.1, 1.0];
        double[][] sample = EllipticalCopulaTests.Draw(new EllipticalCopula(r, 4, null), 20_000);
        string[] ids = ["A", "B", "C", "D"];
        Vine vine = VineFit.Of(sample, ids, VineOptions.Default with { Families = ["gaussian"] }, "copula");
        double[] after = KendallTau.Matrix(EllipticalCopulaTests.Draw(vine, 20_000));
        for (int i = 0; i < 16; i++)
            // Two samples of 20,000: √2·0.0047, four of it.
            Assert.Equal(Sine.ArcSine(r[i]) * 2.0 / Math.PI, after[i], 0.027);
    }

    [Fact]
    public void Given_variables_the_others_follow_the_conditional_law_jointly()
    {
        double[] r = [1.0, 0.6, 0.4, 0.3, 0.6, 1.0, 0.5, 0.2, 0.4, 0.5, 1.0, 0.1, 0.3, 0.2, 0.1, 1.0];
        double[][] sample = EllipticalCopulaTests.Draw(new EllipticalCopula(r, 4, null), 20_000);
        string[] ids = ["A", "B", "C", "D"];
        VineOptions options = VineOptions.Default with { Families = ["gaussian"], First = [1, 3] };
        Vine vine = VineFit.Of(sample, ids, options, "copula");
        double[] u = [0.01, 0.2];
        double[][] draws = EllipticalCopulaTests.Draw(vine.Given([1, 3], u, "condition"), 20_000);
        Assert.All(draws[1], x => Assert.Equal(0.01, x, 1e-8));
        Assert.All(draws[3], x => Assert.Equal(0.2, x, 1e-8));
        // Normal theory: mean Σ₁₂Σ₂₂⁻¹z, covariance Σ₁₁ − Σ₁₂Σ₂₂⁻¹Σ₂₁ of the scores of A and C.
        double z1 = StandardNormal.Quantile(u[0]);
        double z3 = StandardNormal.Quantile(u[1]);
        double determinant = 1.0 - 0.2 * 0.2;
        (double A, double B) Beta(double c1, double c3) =>
            ((c1 - 0.2 * c3) / determinant, (c3 - 0.2 * c1) / determinant);
        (double A, double B) a = Beta(0.6, 0.3);
        (double A, double B) c = Beta(0.5, 0.1);
        double[] za = [.. draws[0].Select(StandardNormal.Quantile)];
        double[] zc = [.. draws[2].Select(StandardNormal.Quantile)];
        double meanA = za.Average();
        double meanC = zc.Average();
        double covariance = za.Zip(zc, (x, y) => (x - meanA) * (y - meanC)).Average();
        double variance = za.Average(x => (x - meanA) * (x - meanA));
        // Fit error of ρ 0.006 times |z| up to 2.3, and sampling error 0.007.
        Assert.Equal(a.A * z1 + a.B * z3, meanA, 0.06);
        Assert.Equal(c.A * z1 + c.B * z3, meanC, 0.06);
        Assert.Equal(1.0 - a.A * 0.6 - a.B * 0.3, variance, 0.03);
        Assert.Equal(0.4 - a.A * 0.5 - a.B * 0.1, covariance, 0.03);
    }

    [Fact]
    public void Any_set_named_first_can_be_given_whatever_the_families()
    {
        (_, double[][] columns) = Get();
        // Every pair and triple of five variables.
        for (int mask = 1; mask < 31; mask++)
        {
            int[] given = [.. Enumerable.Range(0, 5).Where(i => (mask >> i & 1) == 1)];
            if (given.Length is < 2 or > 3)
                continue;
            VineOptions options = VineOptions.Default with { Families = ["gaussian"], First = given };
            Vine vine = VineFit.Of(columns, Names, options, "copula");
            double[] rows = new double[5 * 4];
            vine.Given(given, [.. given.Select(_ => 0.05)], "condition").Fill(new PhiloxStream(1), 0, 0, 1, rows);
            Assert.All(given, i => Assert.Equal(0.05, rows[i], 1e-8));
            Assert.Equal(given.Order(), vine.Order.Take(given.Length).Order());
        }
    }

    [Fact]
    public void Conditional_draws_agree_with_the_unconditional_near_the_given_value()
    {
        (Vine vine, double[][] columns) = Get();
        // Condition on JPM at its 5 % quantile; beside it, draws whose JPM happens to lie near.
        Vine first = VineFit.Of(columns, Names, VineOptions.Default with { First = [1] }, "copula");
        double[][] conditional = EllipticalCopulaTests.Draw(first.Given([1], [0.05], "condition"), 20_000);
        double[][] all = EllipticalCopulaTests.Draw(first, 200_000);
        for (int i = 0; i < vine.Width; i++)
        {
            double[] near =
            [
                .. Enumerable.Range(0, 200_000).Where(r => Math.Abs(all[1][r] - 0.05) < 0.005).Select(r => all[i][r]),
            ];
            // Near: 2,000 draws, deviation of a uniform's mean at most 0.29/√2000 = 0.0065; four of it.
            Assert.Equal(near.Average(), conditional[i].Average(), 0.026);
        }
    }

    [Fact]
    public void Truncation_leaves_later_trees_independent()
    {
        (_, double[][] columns) = Get();
        Vine vine = VineFit.Of(columns, Names, VineOptions.Default with { Truncation = 1 }, "copula");
        Assert.All(vine.Edges.Where(e => e.Level > 1), e => Assert.Equal("independent", e.Copula.Family));
        Assert.All(vine.Edges.Where(e => e.Level == 1), e => Assert.NotEqual("independent", e.Copula.Family));
        Assert.True(vine.Parameters <= 8);
    }

    [Fact]
    public void Draws_have_the_same_bits_however_they_are_cut()
    {
        (Vine vine, _) = Get();
        var stream = new PhiloxStream(170);
        int row = vine.Width * 10;
        double[] whole = new double[60 * row];
        vine.Fill(stream, 0, 0, 10, whole);
        for (int p = 0; p < 60; p += 7)
        {
            double[] one = new double[row];
            vine.Fill(stream, 0, p, 10, one);
            Assert.Equal(whole[(p * row)..((p + 1) * row)], one);
        }
    }

    [Fact]
    public void Refusals_are_typed()
    {
        double[] u = [.. Enumerable.Range(1, 60).Select(i => i / 61.0)];
        double[] v = [.. u.Select(x => x * 37.0 % 1.0)];
        Assert.Equal(
            ErrorCodes.TooLittleHistory,
            Assert
                .Throws<ScenarioRefusedException>(() => VineFit.Of([u, v], ["A", "B"], VineOptions.Default, "c"))
                .Errors[0]
                .Code
        );
        Assert.Equal(
            ErrorCodes.OverLimit,
            Assert
                .Throws<ScenarioRefusedException>(() =>
                    VineFit.Of(
                        [.. Enumerable.Repeat(u, 51)],
                        [.. Enumerable.Range(0, 51).Select(i => $"{i}")],
                        VineOptions.Default,
                        "c"
                    )
                )
                .Errors[0]
                .Code
        );
    }

    private static (Vine Vine, double[][] Columns) Get()
    {
        RealSeries.Get();
        return Real.Value;
    }

    private static double Prufer(int[] code, double[] taus, int n)
    {
        int[] degree = [.. Enumerable.Range(0, n).Select(i => 1 + code.Count(c => c == i))];
        double sum = 0.0;
        foreach (int c in code)
        {
            int leaf = Array.IndexOf(degree, 1);
            sum += Math.Abs(taus[leaf * n + c]);
            degree[leaf]--;
            degree[c]--;
        }

        int a = Array.IndexOf(degree, 1);
        int b = Array.LastIndexOf(degree, 1);
        return sum + Math.Abs(taus[a * n + b]);
    }
}
