using Prometheus.Synthetic.Scenarios.Diagnostics;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Tests.Diagnostics;

/// <summary>Sets at the borders of what can be said of a set.</summary>
public sealed class DiagnosticsEdgeTests
{
    private static readonly PhiloxStream Stream = new(21);
    private static readonly Driver[] Two = GivenSet.Instruments(2);
    private static readonly CalibrationSnapshot Independent = GivenSet.History(Two, 1500, (t, k) => Past(t, k));

    private static double Past(int t, int k) => 0.01 * Stream.Normal(0, t, DrawPurpose.FactorInnovation, (uint)k);

    private static double Shock(int p, int h, int k) => 0.01 * Stream.Normal(p, h, DrawPurpose.Residual, (uint)k);

    private static SetDiagnostics Of(CalibrationSnapshot history, IPathGenerator set, int paths, int steps) =>
        SetDiagnostics.Of(history, set, new GenerationShape(paths, steps, 1));

    private static FidelityCheck Check(SetDiagnostics d, string name) => d.Fidelity.Single(c => c.Name == name);

    [Fact]
    public void Paths_count_by_their_probability()
    {
        // The second half of the paths is three times as wild and has no probability.
        var set = new GivenSet(
            Two,
            20,
            (p, h, k) => (p < 200 ? 1 : 3) * Shock(p, h, k),
            p => new PathAnnotation { Probability = p < 200 ? 0.005 : 0 }
        );
        SetDiagnostics d = Of(Independent, set, 400, 20);

        Assert.Equal(200, d.EffectivePaths, 6);
        FidelityCheck volatility = Check(d, "volatility");
        // 4,000 weighted steps: the deviation is known to 1/√8000, 1.1 %; four of these.
        Assert.Equal(1, volatility.Set!.Value / volatility.History!.Value, 0.05);
        CoverageReport coverage = d.Coverage!;
        Assert.Equal(400, coverage.Cells.Sum(c => c.Paths));
        Assert.Equal(1, coverage.Cells.Sum(c => c.Probability), 9);
        double wild = coverage.Cells.Where(c => c.Radius == "EXTREME").Sum(c => c.Paths) / 400.0;
        double probable = coverage.Cells.Where(c => c.Radius == "EXTREME").Sum(c => c.Probability);
        Assert.True(wild > 0.1 && probable < 0.02, $"{wild} by number, {probable} by probability");
    }

    /// <summary>
    /// Exact Pareto sizes beyond the border, α = 3: Hill's figure at a fixed border is the mean of exponentials of mean
    /// 1/3. 2·400·20·5 % = 800 exceedances, error 1/(3√800) = 0.012; four of these.
    /// </summary>
    [Fact]
    public void The_tail_index_of_a_power_law_is_found()
    {
        static double Pareto(double u, double sign) => Math.CopySign(0.01 * Math.Pow(u, -1 / 3.0), sign);
        double Draw(int p, int t, int k, DrawPurpose purpose) =>
            Pareto(
                Normal.Uniform(Stream.Normal(p, t, purpose, (uint)(2 * k))),
                Stream.Normal(p, t, purpose, (uint)(2 * k + 1))
            );
        CalibrationSnapshot history = GivenSet.History(
            Two,
            3000,
            (t, k) => Draw(0, t, k, DrawPurpose.FactorInnovation)
        );
        SetDiagnostics d = Of(
            history,
            new GivenSet(Two, 20, (p, h, k) => Draw(p, h, k, DrawPurpose.Residual)),
            400,
            20
        );
        Assert.Equal(1 / 3.0, Check(d, "tail_index").Set!.Value, 0.05);
    }

    [Fact]
    public void Drivers_that_fall_together_show_full_tail_dependence_and_correlation()
    {
        CalibrationSnapshot history = GivenSet.History(Two, 1500, (t, _) => Past(t, 0));
        SetDiagnostics d = Of(history, new GivenSet(Two, 20, (p, h, _) => Shock(p, h, 0)), 400, 20);
        Assert.Equal(1, Check(d, "tail_dependence").Set!.Value, 9);
        Assert.Equal(1, Check(d, "correlation").Set!.Value, 9);
        // Of two equal drivers one spans the distance, and it is defined.
        Assert.DoesNotContain(d.Coverage!.Cells, c => c.Radius == "UNKNOWN");
    }

    /// <summary>Independent Gaussian drivers: 5 % dependence by chance, and a stressed scale is no correlation.</summary>
    [Fact]
    public void A_stress_of_scale_changes_no_correlation_and_no_clustering()
    {
        SetDiagnostics d = Of(Independent, new GivenSet(Two, 20, (p, h, k) => 2 * Shock(p, h, k)), 400, 20);
        Assert.Equal(Verdict.Warn, Check(d, "volatility").Verdict);
        Assert.InRange(Check(d, "autocorrelation_abs").Set!.Value, -0.05, 0.05);
        FidelityCheck correlation = Check(d, "correlation");
        Assert.InRange(correlation.Set!.Value, correlation.History!.Value - 0.1, correlation.History.Value + 0.1);
    }

    [Fact]
    public void One_path_is_placed_but_not_judged()
    {
        SetDiagnostics d = Of(Independent, new GivenSet(Two, 20, Shock), 1, 20);
        Assert.Equal(Verdict.NotApplicable, Assert.Single(d.Fidelity).Verdict);
        Assert.Equal(1, Assert.Single(d.Coverage!.Cells).Paths);
    }

    [Fact]
    public void One_step_has_no_dependence_no_clustering_and_no_spectrum()
    {
        SetDiagnostics d = Of(Independent, new GivenSet(Two, 1, Shock), 400, 1);
        Assert.All(
            new[] { "autocorrelation", "autocorrelation_abs", "spectral_slope", "dominant_period" },
            name => Assert.Equal(Verdict.NotApplicable, Check(d, name).Verdict)
        );
        Assert.Equal(Verdict.Pass, Check(d, "volatility").Verdict);
        Assert.All(d.Coverage!.Cells, c => Assert.Equal(("UNKNOWN", "UNKNOWN"), (c.Dependence, c.Spectrum)));
        Assert.DoesNotContain(d.Coverage.Gaps, g => g.Dimension is "dependence" or "spectrum" or "regime");
    }

    /// <summary>20 paths of one step expect 0.2 steps below the 1 % quantile: none below it says nothing.</summary>
    [Fact]
    public void Too_few_events_give_no_verdict()
    {
        SetDiagnostics d = Of(Independent, new GivenSet(Two, 1, Shock), 20, 1);
        Assert.Equal(Verdict.NotApplicable, Check(d, "deep_lower_tail").Verdict);
        Assert.Contains("events", Check(d, "deep_lower_tail").Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_of_macro_series_alone_is_diagnosed_without_a_portfolio()
    {
        Driver[] macros =
        [
            new(DriverKind.Macro, "MACRO:DGS10", "percent", 4),
            new(DriverKind.Macro, "MACRO:VIX", "index points", 20),
        ];
        SetDiagnostics d = Of(GivenSet.History(macros, 1500, Past), new GivenSet(macros, 20, Shock), 400, 20);
        Assert.Empty(d.Notes);
        Assert.DoesNotContain(d.Fidelity, c => c.Subject == SetDiagnostics.Portfolio);
        Assert.Equal(400, d.Coverage!.Cells.Sum(c => c.Paths));
    }

    [Fact]
    public void One_driver_has_no_pairs_and_no_portfolio_of_its_own()
    {
        Driver[] one = GivenSet.Instruments(1);
        SetDiagnostics d = Of(GivenSet.History(one, 1500, Past), new GivenSet(one, 20, Shock), 400, 20);
        Assert.Equal(Verdict.NotApplicable, Check(d, "correlation").Verdict);
        Assert.Equal(Verdict.NotApplicable, Check(d, "tail_dependence").Verdict);
        Assert.DoesNotContain(d.Fidelity, c => c.Subject == SetDiagnostics.Portfolio);
        Assert.All(d.Coverage!.Cells, c => Assert.NotEqual("UNKNOWN", c.Radius));
    }

    /// <summary>0.1 is no binary fraction: its mean over 1,500 days is off by rounding, and yet it does not move.</summary>
    [Fact]
    public void A_constant_series_is_left_out_and_named()
    {
        CalibrationSnapshot history = GivenSet.History(Two, 1500, (t, k) => k == 0 ? 0.1 : Past(t, k));
        SetDiagnostics d = Of(history, new GivenSet(Two, 20, Shock), 400, 20);
        Assert.Contains(d.Notes, n => n.Contains(Two[0].Id, StringComparison.Ordinal));
        Assert.DoesNotContain(d.Fidelity, c => c.Subject == Two[0].Id);
    }

    [Fact]
    public void A_set_that_does_not_move_at_all_is_reported_and_not_stumbled_over()
    {
        SetDiagnostics d = Of(Independent, new GivenSet(Two, 20, (_, _, _) => 0), 400, 20);
        Assert.Equal(Verdict.Warn, Check(d, "volatility").Verdict);
        Assert.Equal(Verdict.NotApplicable, Check(d, "spectral_slope").Verdict);
        Assert.All(d.Coverage!.Cells, c => Assert.Equal(("UNKNOWN", "CENTRAL"), (c.Spectrum, c.Radius)));
    }

    [Fact]
    public void A_history_shorter_than_a_path_is_said()
    {
        SetDiagnostics d = Of(GivenSet.History(Two, 15, Past), new GivenSet(Two, 20, Shock), 400, 20);
        Assert.Contains(d.Notes, n => n.Contains("15 days", StringComparison.Ordinal));
        Assert.Equal(0, d.Coverage!.RegionsOfHistory);
    }

    /// <summary>
    /// 2,000 paths give five templates in turn; 400 sampled at equal distance would all be of one. Golden-ratio places
    /// are as even as a lattice, so that each template has 80, give or take a few.
    /// </summary>
    [Fact]
    public void The_sample_meets_every_template_that_comes_in_turn()
    {
        var sample = PathSample.Of(new GivenSet(Two, 2, Shock), new GenerationShape(2000, 2, 1));
        Assert.Equal(400, sample.Paths.Distinct().Count());
        Assert.Equal(sample.Paths, sample.Paths.Order());
        Assert.All(sample.Paths.GroupBy(p => p % 5), g => Assert.InRange(g.Count(), 70, 90));
    }

    /// <summary>
    /// The index of two members is passed over, so that two Gaussian drivers are left: a tenth of independent outcomes
    /// lies beyond the 90 % level. 4,000 paths: error 0.5 %; the covariance of 1,500 days adds about as much.
    /// </summary>
    [Fact]
    public void The_distance_of_gaussian_outcomes_has_its_level()
    {
        const int paths = 4000;
        Series Make(string name, Func<int, int, int, double> shock, Func<int, double> past) =>
            new(
                name,
                [.. Enumerable.Range(0, paths * 5).Select(i => shock(i / 5, i % 5 + 1, 0))],
                [.. Enumerable.Range(0, 1500).Select(past)]
            );
        Series a = Make("A", (p, h, _) => Shock(p, h, 0), t => Past(t, 0));
        Series b = Make("B", (p, h, _) => Shock(p, h, 1), t => Past(t, 1));
        Series index = Make(
            "I",
            (p, h, _) => (Shock(p, h, 0) + Shock(p, h, 1)) / 2,
            t => (Past(t, 0) + Past(t, 1)) / 2
        );
        var distance = new OutcomeDistance([a, b, index]);
        Assert.Equal(2, distance.Dimensions);
        int beyond = Enumerable.Range(0, paths).Count(p => distance.Level(static s => s.Set, p * 5, 5) > 0.9);
        Assert.InRange(beyond / (double)paths, 0.07, 0.13);
    }

    private static class Normal
    {
        /// <summary>A uniform from a standard normal.</summary>
        public static double Uniform(double z) => MathNet.Numerics.Distributions.Normal.CDF(0, 1, z);
    }
}
