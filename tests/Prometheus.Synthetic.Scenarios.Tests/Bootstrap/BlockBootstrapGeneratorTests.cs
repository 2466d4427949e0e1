using CsCheck;
using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Tests.Panels;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Scenarios.Tests.Bootstrap;

public sealed class BlockBootstrapGeneratorTests
{
    private static readonly Gen<BlockBootstrapSpec> s_specs = Gen.Select(
        Gen.Enum<BlockScheme>(),
        Gen.Int[1, 12],
        (scheme, block) => new BlockBootstrapSpec(scheme, block)
    );

    [Fact]
    public void Any_cut_into_shards_gives_the_same_bits() =>
        Gen.Select(s_specs, Gen.Int[1, 40], Gen.Int[1, 60], Gen.ULong, Gen.Int[1, 40])
            .AlwaysHolds(
                (spec, paths, horizon, seed, shard) =>
                {
                    IPathGenerator generator = Calibrate(TestPanels.Normal(64, 3), spec, paths, horizon, seed);
                    double[] whole = Generate(generator, 0, paths, horizon);
                    var cut = new List<double>();
                    for (int first = 0; first < paths; first += shard)
                        cut.AddRange(Generate(generator, first, Math.Min(shard, paths - first), horizon));
                    Assert.Equal(whole, cut);
                },
                cases: 500
            );

    [Fact]
    public void Permuting_the_columns_of_history_permutes_the_columns_of_paths()
    {
        ShockPanel panel = TestPanels.Normal(80, 5);
        int[] order = [3, 0, 4, 2, 1];
        double[] permuted = new double[panel.Values.Length];
        for (int t = 0; t < panel.Days; t++)
        for (int k = 0; k < 5; k++)
            permuted[t * 5 + k] = panel[t, order[k]];
        var spec = new BlockBootstrapSpec(BlockScheme.Stationary, 6);
        double[] plain = Generate(Calibrate(panel, spec, 20, 30, 7), 0, 20, 30);
        double[] moved = Generate(
            Calibrate(new ShockPanel(panel.Drivers, panel.Dates, permuted), spec, 20, 30, 7),
            0,
            20,
            30
        );
        for (int row = 0; row < 20 * 30; row++)
        for (int k = 0; k < 5; k++)
            Assert.Equal(plain[row * 5 + order[k]], moved[row * 5 + k]);
    }

    [Fact]
    public void Scaling_history_scales_paths()
    {
        ShockPanel panel = TestPanels.Normal(50, 4);
        var scaled = new ShockPanel(panel.Drivers, panel.Dates, [.. panel.Values.ToArray().Select(v => v * 1.7)]);
        var spec = new BlockBootstrapSpec(BlockScheme.Circular, 5);
        double[] plain = Generate(Calibrate(panel, spec, 10, 20, 3), 0, 10, 20);
        double[] large = Generate(Calibrate(scaled, spec, 10, 20, 3), 0, 10, 20);
        Assert.Equal(plain.Select(v => v * 1.7), large);
    }

    [Theory]
    [InlineData(BlockScheme.Stationary)]
    [InlineData(BlockScheme.Circular)]
    [InlineData(BlockScheme.Moving)]
    public void Source_dates_are_the_days_whose_rows_were_copied(BlockScheme scheme)
    {
        ShockPanel panel = TestPanels.Normal(40, 3);
        IPathGenerator generator = Calibrate(panel, new BlockBootstrapSpec(scheme, 7), 50, 60, 11);
        double[] values = Generate(generator, 0, 50, 60);
        for (int p = 0; p < 50; p++)
        {
            IReadOnlyList<DateOnly> dates = generator.Describe(p)!.SourceDates!;
            Assert.Equal(60, dates.Count);
            for (int h = 0; h < 60; h++)
                Assert.True(
                    panel
                        .Day(dates[h].DayNumber - TestPanels.FirstDay.DayNumber)
                        .SequenceEqual(values.AsSpan((p * 60 + h) * 3, 3))
                );
        }
    }

    [Fact]
    public void A_block_longer_than_history_is_refused_by_field()
    {
        var refused = Assert.Throws<ScenarioRefusedException>(() =>
            Calibrate(TestPanels.Normal(10, 1), new BlockBootstrapSpec(BlockScheme.Moving, 11), 1, 1, 1)
        );
        FieldError error = Assert.Single(refused.Errors);
        Assert.Equal((ErrorCodes.BlockTooLong, "generator_spec.block_length"), (error.Code, error.Field));
        Assert.Contains("10 days", error.Message, StringComparison.Ordinal);
    }

    private static IPathGenerator Calibrate(
        ShockPanel panel,
        BlockBootstrapSpec spec,
        int paths,
        int horizon,
        ulong seed
    ) =>
        new BlockBootstrapFamily().Calibrate(
            new CalibrationSnapshot(panel.Dates[^1], panel),
            spec,
            new GenerationShape(paths, horizon, seed),
            null
        );

    private static double[] Generate(IPathGenerator generator, int first, int count, int horizon)
    {
        double[] values = new double[count * horizon * generator.Drivers.Count];
        generator.Generate(first, values);
        return values;
    }
}
