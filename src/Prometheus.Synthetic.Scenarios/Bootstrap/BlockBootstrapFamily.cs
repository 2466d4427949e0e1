using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Bootstrap;

/// <summary>Type B of the specification (4.2, 7.2): pseudo-histories stitched from blocks of real days.</summary>
public sealed class BlockBootstrapFamily : IScenarioFamily
{
    public string Category => ScenarioCategory.Bootstrap;

    public IGeneratorSpec ParseSpec(JsonElement? generatorSpec) => BlockBootstrapSpec.Parse(generatorSpec);

    public IPathGenerator Calibrate(
        CalibrationSnapshot snapshot,
        IGeneratorSpec spec,
        GenerationShape shape,
        IReadOnlyList<string>? regimeFilter
    )
    {
        var bootstrap = (BlockBootstrapSpec)spec;
        int days = snapshot.Panel.Days;
        if (bootstrap.BlockLength > days)
        {
            throw new ScenarioRefusedException(
                ErrorCodes.BlockTooLong,
                "generator_spec.block_length",
                $"{bootstrap.BlockLength} days is longer than the history of {days} days; shorten the block or widen the dates"
            );
        }

        if (regimeFilter is not null)
        {
            throw new ScenarioRefusedException(
                ErrorCodes.UnknownValue,
                "regime_filter",
                "regime-consistent blocks are not built into this engine version; leave regime_filter out"
            );
        }

        return new BlockBootstrapGenerator(snapshot.Panel, bootstrap, shape);
    }
}
