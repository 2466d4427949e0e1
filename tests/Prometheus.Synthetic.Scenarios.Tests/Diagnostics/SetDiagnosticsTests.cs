using System.Text.Json;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Diagnostics;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Tests.Diagnostics;

public sealed class SetDiagnosticsTests
{
    private static readonly CalibrationSnapshot Market = ClusteredMarket.Snapshot();
    private static readonly GenerationShape Shape = new(400, 30, 11);

    private static IPathGenerator Bootstrap(string spec) =>
        new BlockBootstrapFamily().Calibrate(
            Market,
            new BlockBootstrapFamily().ParseSpec(JsonSerializer.Deserialize<JsonElement>(spec)),
            Shape,
            null
        );

    private static FidelityCheck Check(SetDiagnostics d, string name) => d.Fidelity.Single(c => c.Name == name);

    /// <summary>
    /// Independent days from the very sample: every check of single days compares equal things, what binds neighbouring
    /// days is lost by design. With one false alarm in a thousand per check the eleven verdicts are right with 99 %; the seed
    /// is fixed.
    /// </summary>
    [Fact]
    public void Independent_days_pass_what_concerns_single_days_and_lose_clustering()
    {
        SetDiagnostics d = SetDiagnostics.Of(Market, Bootstrap("""{"scheme":"circular","block_length":1}"""), Shape);

        Assert.Equal(Verdict.Warn, Check(d, "autocorrelation_abs").Verdict);
        Assert.All(
            d.Fidelity.Where(c => !c.Name.StartsWith("autocorrelation", StringComparison.Ordinal)),
            c => Assert.Equal(Verdict.Pass, c.Verdict)
        );
    }

    /// <summary>Blocks of 30 keep nearly all of the mean autocorrelation over ten lags; the history's own is far above zero.</summary>
    [Fact]
    public void Blocks_keep_clustering_that_independent_days_lose()
    {
        double Clustering(string spec) =>
            Check(SetDiagnostics.Of(Market, Bootstrap(spec), Shape), "autocorrelation_abs").Set!.Value;

        double independent = Clustering("""{"scheme":"circular","block_length":1}""");
        double blocks = Clustering("""{"scheme":"circular","block_length":30}""");
        Assert.True(blocks > independent + 0.05, $"{blocks} against {independent}");
    }

    [Fact]
    public void A_stressed_set_warns_of_what_was_stressed()
    {
        SetDiagnostics d = SetDiagnostics.Of(
            Market,
            new Scaled(Bootstrap("""{"scheme":"circular","block_length":1}"""), 1.5),
            Shape
        );

        FidelityCheck volatility = Check(d, "volatility");
        Assert.Equal(Verdict.Warn, volatility.Verdict);
        Assert.Equal(1.5, volatility.Set!.Value / volatility.History!.Value, 0.1);
        Assert.Equal(Verdict.Warn, Check(d, "lower_tail").Verdict);
    }

    [Fact]
    public void Replayed_windows_are_seen_as_memorised_and_mixed_days_are_not()
    {
        SetDiagnostics replay = SetDiagnostics.Of(
            Market,
            Bootstrap("""{"scheme":"moving","block_length":30}"""),
            Shape
        );
        SetDiagnostics mixed = SetDiagnostics.Of(
            Market,
            Bootstrap("""{"scheme":"circular","block_length":1}"""),
            Shape
        );

        Assert.Equal(1, replay.Memorisation!.ReplayedShare);
        Assert.Equal(30, replay.Memorisation.LongestReplay);
        Assert.Equal(0, replay.Memorisation.NearestWindow);
        Assert.Equal(0, mixed.Memorisation!.ReplayedShare);
        Assert.True(mixed.Memorisation.NearestWindow > 0.5);
    }

    [Fact]
    public void Coverage_counts_every_path_once_and_names_a_regime_that_is_never_drawn()
    {
        CoverageReport whole = SetDiagnostics
            .Of(Market, Bootstrap("""{"scheme":"moving","block_length":30}"""), Shape)
            .Coverage!;
        CoverageReport firstHalf = SetDiagnostics.Of(Market, new FirstHalf(Market.Panel), Shape).Coverage!;

        Assert.Equal(400, whole.Cells.Sum(c => c.Paths));
        Assert.DoesNotContain(whole.Gaps, g => g.Dimension == "regime");
        CoverageGap gap = Assert.Single(firstHalf.Gaps, g => g.Dimension == "regime");
        Assert.Equal("CRISIS", gap.Trait);
        Assert.InRange(gap.HistoryShare, 0.4, 0.6);
        Assert.Contains("CRISIS", gap.FilledBy, StringComparison.Ordinal);
    }

    /// <summary>Only calm days are drawn: the regions of history's crisis are named, with the request that fills them.</summary>
    [Fact]
    public void Regions_of_history_that_no_path_is_in_are_named_with_what_fills_them()
    {
        var shape = new GenerationShape(200, 20, 4);
        var family = new BlockBootstrapFamily();
        IPathGenerator calm = family.Calibrate(Market, family.ParseSpec(null), shape, ["CARRY"]);
        CoverageReport coverage = SetDiagnostics
            .Of(Market, calm, shape, TestContext.Current.CancellationToken)
            .Coverage!;
        Assert.Equal(coverage.RegionsOfHistory - coverage.RegionsOfHistoryReached, coverage.RegionGaps.Count);
        RegionGap[] crisis = [.. coverage.RegionGaps.Where(g => g.Regime == "CRISIS")];
        Assert.NotEmpty(crisis);
        Assert.Equal(coverage.History.Count(h => h.Regime == "CRISIS"), crisis.Length);
        Assert.Equal(coverage.History.Where(h => h.Regime == "CRISIS").Sum(h => h.Paths), crisis.Sum(g => g.Windows));
        Assert.All(crisis, g => Assert.Contains("regime_filter [\"CRISIS\"]", g.FilledBy, StringComparison.Ordinal));
    }

    [Fact]
    public void Diagnosing_again_gives_the_same_report()
    {
        string Once() =>
            JsonSerializer.Serialize(SetDiagnostics.Of(Market, Bootstrap("""{"block_length":10}"""), Shape));
        Assert.Equal(Once(), Once());
    }

    [Fact]
    public void Few_paths_are_not_judged()
    {
        var few = new GenerationShape(5, 30, 11);
        SetDiagnostics d = SetDiagnostics.Of(Market, Bootstrap("""{"block_length":10}"""), few);

        Assert.Equal(Verdict.NotApplicable, Assert.Single(d.Fidelity).Verdict);
    }

    /// <summary>Multiplies every shock.</summary>
    private sealed class Scaled(IPathGenerator inner, double factor) : IPathGenerator
    {
        public IReadOnlyList<Driver> Drivers => inner.Drivers;

        public JsonObject Report => inner.Report;

        public void Generate(int firstPath, Span<double> destination)
        {
            inner.Generate(firstPath, destination);
            foreach (ref double v in destination)
                v *= factor;
        }

        public PathAnnotation? Describe(int path) => inner.Describe(path);
    }

    /// <summary>Replays windows of the first half of history only.</summary>
    private sealed class FirstHalf(ShockPanel panel) : IPathGenerator
    {
        public IReadOnlyList<Driver> Drivers => panel.Drivers;

        public JsonObject Report { get; } = [];

        public void Generate(int firstPath, Span<double> destination)
        {
            int length = 30 * panel.Width;
            for (int p = firstPath; destination.Length >= length; p++)
            {
                panel.Values.Slice(Start(p) * panel.Width, length).CopyTo(destination);
                destination = destination[length..];
            }
        }

        public PathAnnotation? Describe(int path) =>
            new() { SourceDates = [.. Enumerable.Range(Start(path), 30).Select(t => panel.Dates[t])] };

        private int Start(int path) => path * 17 % (panel.Days / 2 - 30);
    }
}
