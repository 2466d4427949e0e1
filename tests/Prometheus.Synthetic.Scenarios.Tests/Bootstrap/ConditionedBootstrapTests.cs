using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Spectra;

namespace Prometheus.Synthetic.Scenarios.Tests.Bootstrap;

/// <summary>Pools, regimes and weights: which days are drawn, and how often.</summary>
public sealed class ConditionedBootstrapTests
{
    private static readonly BlockBootstrapFamily s_family = new();

    // Regimes in runs of 25 days: A, B, C, A, …
    private static string Label(int day) => ((string[])["A", "B", "C"])[day / 25 % 3];

    [Theory]
    [InlineData("stationary")]
    [InlineData("circular")]
    [InlineData("moving")]
    public void Exit_blocks_stay_within_the_regime_and_run_on_inside_it(string scheme)
    {
        ShockPanel panel = Histories.Panel(600, 3);
        IPathGenerator generator = Histories.Calibrate(
            s_family,
            Histories.WithRegimes(panel, Label),
            $$"""{"scheme":"{{scheme}}","block_length":10}""",
            200,
            30,
            ["B"]
        );
        int[][] days = Histories.Days(generator, panel, 200);
        Assert.All(days, path => Assert.All(path, d => Assert.Equal("B", Label(d))));
        double[] cells = Histories.All(generator, 200, 30);
        for (int p = 0; p < 200; p++)
        {
            for (int h = 0; h < 30; h++)
                Assert.Equal(panel[days[p][h], 1], cells[(p * 30 + h) * 3 + 1]);
        }

        // A block of mean 10 in runs of 25 goes on with probability 0.9 · 24/25 or more; of 5,800 steps more than two
        // thirds must follow their predecessor.
        int follows = days.Sum(path => path.Skip(1).Where((d, h) => d == path[h] + 1).Count());
        Assert.True(follows > 200 * 29 * 2 / 3, $"{follows} of {200 * 29} steps follow their predecessor");
    }

    [Fact]
    public void Transition_mode_has_the_estimated_matrix()
    {
        // Runs of 25 days: P(A → A) = 24/25 up to the last run, and the rest goes to the next letter.
        ShockPanel panel = Histories.Panel(750, 2);
        const int paths = 2_000;
        IPathGenerator generator = Histories.Calibrate(
            s_family,
            Histories.WithRegimes(panel, Label),
            """{"regime_mode":"transition","block_length":10}""",
            paths,
            40,
            ["A"]
        );
        int[][] days = Histories.Days(generator, panel, paths);
        Assert.All(days, p => Assert.Equal("A", Label(p[0])));
        int steps = 0;
        int stays = 0;
        foreach (int[] path in days)
        {
            for (int h = 1; h < path.Length; h++)
            {
                string from = Label(path[h - 1]);
                string to = Label(path[h]);
                steps++;
                stays += from == to ? 1 : 0;
                Assert.True(
                    from == to
                        || to
                            == (
                                from == "A" ? "B"
                                : from == "B" ? "C"
                                : "A"
                            )
                );
            }
        }

        // Ten runs of each label, the last of C without an end: P(stay) is 0.96 for A and B and 240/249 for C. Binomial
        // sampling error of 78,000 steps is √(0.04 · 0.96 / 78000) = 0.0007; five of them.
        Assert.InRange((double)stays / steps, 0.960 - 0.0035, 0.964 + 0.0035);
    }

    [Fact]
    public void A_chain_starts_its_blocks_where_blocks_may_start()
    {
        ShockPanel panel = Histories.Panel(750, 1);
        var choppy = new SpectralClassCondition(panel.Column(0), 20, [WindowClass.Choppy]);
        IPathGenerator generator = Histories.Calibrate(
            s_family,
            Histories.WithRegimes(panel, Label),
            """{"regime_mode":"transition","block_length":10,"spectral_condition":{"window_days":20,"classes":["CHOPPY"]}}""",
            300,
            40
        );
        int[][] days = Histories.Days(generator, panel, 300);
        int fresh = 0;
        foreach (int[] path in days)
        {
            for (int h = 0; h < path.Length; h++)
            {
                if (h > 0 && path[h] == path[h - 1] + 1)
                    continue;
                Assert.True(choppy.Admits(path[h]), $"day {path[h]} starts a block");
                fresh += h > 0 ? 1 : 0;
            }
        }

        Assert.True(fresh > 300, $"{fresh} fresh blocks");
    }

    [Fact]
    public void Half_life_halves_the_start_weight()
    {
        ShockPanel panel = Histories.Panel(1_000, 1);
        const int paths = 60_000;
        IPathGenerator generator = Histories.Calibrate(
            s_family,
            Histories.Snapshot(panel),
            """{"block_length":1,"half_life_days":100}""",
            paths,
            1
        );
        int[] days = [.. Histories.Days(generator, panel, paths).Select(p => p[0])];
        // Weights 2^(−age/100): the last 100 days carry (1 − 2⁻¹)/(1 − 2⁻¹⁰) of all, the 100 before them half of that.
        double last = days.Count(d => d >= 900) / (double)paths;
        double before = days.Count(d => d is >= 800 and < 900) / (double)paths;
        double expected = 0.5 / (1 - Math.Pow(2, -10));
        double error = 5 * Math.Sqrt(0.25 / paths);
        Assert.InRange(last, expected - error, expected + error);
        Assert.InRange(before, expected / 2 - error, expected / 2 + error);
    }

    [Fact]
    public void Occupancy_predicts_how_often_days_are_drawn()
    {
        ShockPanel panel = Histories.Panel(90, 1);
        const int paths = 20_000;
        const int horizon = 12;
        CalibrationSnapshot snapshot = Histories.WithRegimes(panel, d => d / 15 % 2 == 0 ? "X" : "Y");
        foreach (
            (string spec, string[]? regimes) in new (string, string[]?)[]
            {
                ("""{"scheme":"moving","block_length":4}""", null),
                ("""{"scheme":"circular","block_length":5}""", ["X"]),
                ("""{"scheme":"stationary","block_length":6,"half_life_days":30}""", null),
                ("""{"scheme":"stationary","block_length":6,"regime_mode":"transition"}""", ["X"]),
            }
        )
        {
            var parsed = (BlockBootstrapSpec)
                s_family.ParseSpec(System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(spec));
            DrawPlan plan = DrawPlanning.Build(snapshot, parsed, parsed.BlockLength!.Value, regimes, []);
            double[] expected = DayOccupancy.Of(plan, horizon);
            Assert.Equal(1.0, expected.Sum(), 1e-12);
            double[] counted = new double[panel.Days];
            IPathGenerator generator = Histories.Calibrate(s_family, snapshot, spec, paths, horizon, regimes);
            foreach (int[] path in Histories.Days(generator, panel, paths))
            {
                foreach (int d in path)
                    counted[d] += 1.0 / ((double)paths * horizon);
            }

            // Paths are independent; within a path a day's count varies at most horizon times a Bernoulli's. Six standard
            // errors over 90 days and four plans.
            for (int d = 0; d < panel.Days; d++)
            {
                double error = 6 * Math.Sqrt(expected[d] / paths) + 1e-12;
                Assert.InRange(counted[d], expected[d] - error, expected[d] + error);
            }
        }
    }

    [Fact]
    public void Moving_blocks_draw_the_ends_less_as_published()
    {
        const int n = 40;
        const int b = 5;
        var spec = new BlockBootstrapSpec(BlockScheme.Moving, b);
        DrawPlan plan = DrawPlanning.Build(Histories.Snapshot(Histories.Panel(n, 1)), spec, b, null, []);
        double[] shares = DayOccupancy.Of(plan, 3 * b);
        double[] weights =
        [
            .. Enumerable.Range(1, n).Select(i => (double)Math.Min(Math.Min(i, b), Math.Min(n - i + 1, n - b + 1))),
        ];
        for (int i = 0; i < n; i++)
            Assert.Equal(weights[i] / weights.Sum(), shares[i], 1e-12);
    }

    [Fact]
    public void Crossing_the_seam_is_listed()
    {
        ShockPanel panel = Histories.Panel(25, 1);
        IPathGenerator generator = Histories.Calibrate(
            s_family,
            Histories.Snapshot(panel),
            """{"scheme":"circular","block_length":10}""",
            50,
            20
        );
        int[][] days = Histories.Days(generator, panel, 50);
        int listed = 0;
        for (int p = 0; p < 50; p++)
        {
            int[] expected =
            [
                .. Enumerable.Range(1, 19).Where(h => days[p][h] == 0 && days[p][h - 1] == 24).Select(h => h + 1),
            ];
            int[] found =
            [
                .. generator.Describe(p)!.Metadata?["wrapped_steps"]?.AsArray().Select(n => n!.GetValue<int>()) ?? [],
            ];
            Assert.Equal(expected, found);
            listed += found.Length;
        }

        Assert.True(listed > 0);
    }

    [Fact]
    public void Blocks_end_at_gaps_when_asked()
    {
        ShockPanel panel = Histories.Panel(60, 1);
        CalibrationSnapshot snapshot = Histories.Snapshot(panel) with { GapsBefore = [20, 40] };
        IPathGenerator generator = Histories.Calibrate(
            s_family,
            snapshot,
            """{"block_length":30,"end_blocks_at_gaps":true}""",
            300,
            20
        );
        int crossings = Histories
            .Days(generator, panel, 300)
            .Sum(p => p.Skip(1).Where((d, h) => d is 20 or 40 && p[h] == d - 1).Count());
        // A fresh block may start there by chance, once in 60 draws that follow a gap's eve.
        Assert.InRange(crossings, 0, 8);
    }

    [Fact]
    public void Small_pools_are_refused_with_the_numbers()
    {
        CalibrationSnapshot snapshot = Histories.WithRegimes(Histories.Panel(300, 2), d => d < 12 ? "RARE" : "COMMON");
        var refused = Assert.Throws<ScenarioRefusedException>(() =>
            Histories.Calibrate(s_family, snapshot, """{"block_length":5}""", 10, 10, ["RARE"])
        );
        FieldError error = Assert.Single(refused.Errors);
        Assert.Equal((ErrorCodes.PoolTooSmall, "regime_filter"), (error.Code, error.Field));
        Assert.Contains("12 start days", error.Message, StringComparison.Ordinal);
        Assert.Contains("20", error.Message, StringComparison.Ordinal);
        refused = Assert.Throws<ScenarioRefusedException>(() =>
            Histories.Calibrate(
                s_family,
                snapshot,
                """{"block_length":5,"regime_mode":"transition"}""",
                10,
                10,
                ["RARE"]
            )
        );
        Assert.Contains("RARE", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"block_lenght":5}""", "generator_spec.block_lenght", "block_length")]
    [InlineData("""{"block_length":"automatic"}""", "generator_spec.block_length", "auto")]
    [InlineData("""{"block_length":0}""", "generator_spec.block_length", "1..100000")]
    [InlineData("""{"scheme":"moving","block_length":2.5}""", "generator_spec.block_length", "whole number")]
    [InlineData("""{"filter":{"model":"garch"},"marginals":"history"}""", "generator_spec.marginals", "filter")]
    [InlineData("""{"filter":{"model":"garch","lambda":0.9}}""", "generator_spec.filter.lambda", "ewma")]
    [InlineData("""{"filter":{"model":"arch"}}""", "generator_spec.filter.model", "garch")]
    [InlineData("""{"episodes":["COVID_2021"]}""", "generator_spec.episodes", "COVID_2020")]
    [InlineData("""{"seam_smoothing_days":11}""", "generator_spec.seam_smoothing_days", "0..10")]
    [InlineData("""{"score_filter":[{"table":"stability"}]}""", "generator_spec.score_filter[0].entity_id", "missing")]
    public void Bad_specs_are_refused_by_field(string spec, string field, string says)
    {
        var refused = Assert.Throws<ScenarioRefusedException>(() =>
            s_family.ParseSpec(System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(spec))
        );
        Assert.Contains(refused.Errors, e => e.Field == field && e.Message.Contains(says, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"block_length":7}""", null)]
    [InlineData("{}", null)]
    [InlineData("""{"block_length":7,"half_life_days":50,"seam_smoothing_days":3}""", null)]
    [InlineData("""{"block_length":7,"marginals":"history","correlation":"history"}""", "B")]
    [InlineData("""{"block_length":7,"regime_mode":"transition"}""", "B")]
    [InlineData("""{"filter":{"model":"ewma"}}""", null)]
    [InlineData("""{"filter":{"model":"garch","innovations":"t"}}""", "B")]
    public void Any_cut_into_shards_gives_the_same_bits_and_a_shorter_horizon_is_a_prefix(string spec, string? regime)
    {
        ShockPanel panel = Histories.Panel(400, 4);
        CalibrationSnapshot snapshot = Histories.WithRegimes(panel, Label);
        string[]? regimes = regime is null ? null : [regime];
        const int paths = 37;
        const int horizon = 24;
        double[] whole = Histories.All(
            Histories.Calibrate(s_family, snapshot, spec, paths, horizon, regimes),
            paths,
            horizon
        );
        IPathGenerator again = Histories.Calibrate(s_family, snapshot, spec, paths, horizon, regimes);
        int cells = horizon * panel.Width;
        Parallel.For(
            0,
            paths,
            p =>
            {
                double[] one = new double[cells];
                again.Generate(paths - 1 - p, one);
                Assert.Equal(whole.AsSpan((paths - 1 - p) * cells, cells).ToArray(), one);
            }
        );
        Assert.All(whole, v => Assert.True(double.IsFinite(v) && v > -1.0));
        if (spec.Contains("history", StringComparison.Ordinal) || spec.Contains("seam", StringComparison.Ordinal))
            return; // The corrections look at the expected draws of the whole horizon.
        double[] shorter = Histories.All(Histories.Calibrate(s_family, snapshot, spec, paths, 10, regimes), paths, 10);
        for (int p = 0; p < paths; p++)
            Assert.Equal(
                whole.AsSpan(p * cells, 10 * panel.Width).ToArray(),
                shorter.AsSpan(p * 10 * panel.Width, 10 * panel.Width).ToArray()
            );
    }
}
