using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Diagnostics;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Tests.Diagnostics;

public sealed class SetComparisonTests
{
    private static readonly CalibrationSnapshot Market = ClusteredMarket.Snapshot();

    private static (IPathGenerator, GenerationShape) Bootstrap(string spec, ulong seed, int steps = 30)
    {
        var family = new BlockBootstrapFamily();
        var shape = new GenerationShape(400, steps, seed);
        return (
            family.Calibrate(Market, family.ParseSpec(JsonSerializer.Deserialize<JsonElement>(spec)), shape, null),
            shape
        );
    }

    private static ComparisonCheck Check(SetComparison c, string name) => c.Checks.Single(k => k.Name == name);

    /// <summary>Thirteen figures with one false alarm in a thousand each: right with 98.7 %; the seeds are fixed.</summary>
    [Fact]
    public void Two_seeds_of_one_spec_are_alike()
    {
        var c = SetComparison.Of(Bootstrap("""{"block_length":10}""", 11), Bootstrap("""{"block_length":10}""", 12));
        Assert.Equal(6, c.CommonDrivers);
        Assert.All(c.Checks, k => Assert.Equal(ComparisonVerdict.Alike, k.Verdict));
        Assert.Equal(0, c.Differences);
        Assert.Contains(c.Checks, k => k.Name == "tail_dependence" && k.First > 0);
    }

    [Fact]
    public void A_set_is_like_itself()
    {
        var set = Bootstrap("""{"block_length":10}""", 11);
        Assert.All(SetComparison.Of(set, set).Checks, k => Assert.Equal(0, k.StandardErrors));
    }

    [Fact]
    public void Independent_days_differ_from_blocks_in_clustering_and_nothing_of_single_days()
    {
        var c = SetComparison.Of(
            Bootstrap("""{"scheme":"circular","block_length":1}""", 11),
            Bootstrap("""{"scheme":"circular","block_length":30}""", 12)
        );
        Assert.Equal(ComparisonVerdict.Different, Check(c, "autocorrelation_abs").Verdict);
        Assert.All(
            new[] { "mean", "lower_tail", "correlation", "tail_dependence" },
            name => Assert.Equal(ComparisonVerdict.Alike, Check(c, name).Verdict)
        );
    }

    [Fact]
    public void A_stressed_set_differs_in_volatility_and_not_in_correlation()
    {
        var (inner, shape) = Bootstrap("""{"scheme":"circular","block_length":1}""", 12);
        double[] path = new double[30 * 6];
        var stressed = new GivenSet(
            inner.Drivers,
            30,
            (p, h, k) =>
            {
                if (h == 1 && k == 0)
                    inner.Generate(p, path);
                return 1.5 * path[(h - 1) * 6 + k];
            }
        );
        var c = SetComparison.Of(Bootstrap("""{"scheme":"circular","block_length":1}""", 11), (stressed, shape));
        ComparisonCheck volatility = Check(c, "volatility");
        Assert.Equal(ComparisonVerdict.Different, volatility.Verdict);
        Assert.Equal(1.5, volatility.Second!.Value / volatility.First!.Value, 0.1);
        Assert.Equal(ComparisonVerdict.Alike, Check(c, "correlation").Verdict);
    }

    [Fact]
    public void Horizons_that_differ_leave_spectra_out_and_compare_the_rest()
    {
        var c = SetComparison.Of(
            Bootstrap("""{"block_length":10}""", 11),
            Bootstrap("""{"block_length":10}""", 12, steps: 5)
        );
        Assert.Equal(ComparisonVerdict.NotApplicable, Check(c, "spectral_slope").Verdict);
        Assert.Equal(ComparisonVerdict.NotApplicable, Check(c, "autocorrelation_abs").Verdict);
        Assert.Equal(ComparisonVerdict.Alike, Check(c, "volatility").Verdict);
    }

    [Fact]
    public void Sets_without_a_common_driver_are_refused()
    {
        // The same id in another unit is another driver.
        Driver[] other = [new(DriverKind.Instrument, Market.Panel.Drivers[0].Id, "percent", 100)];
        var refused = Assert.Throws<ScenarioRefusedException>(() =>
            SetComparison.Of(
                Bootstrap("""{"block_length":10}""", 11),
                (new GivenSet(other, 30, (_, _, _) => 0), new GenerationShape(400, 30, 1))
            )
        );
        Assert.Equal((ErrorCodes.NotFound, "second"), (refused.Errors[0].Code, refused.Errors[0].Field));
    }
}
