using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Scenarios.Bootstrap;

/// <summary>The <c>generator_spec</c> of a block bootstrap.</summary>
/// <param name="Scheme"><c>scheme</c>: stationary (default), circular or moving.</param>
/// <param name="BlockLength"><c>block_length</c> in trading days: the length of a block, or its mean when stationary.</param>
public sealed record BlockBootstrapSpec(BlockScheme Scheme, double BlockLength) : IGeneratorSpec
{
    public const double DefaultBlockLength = 10;

    public DataNeeds Needs { get; } = new();

    /// <exception cref="Errors.ScenarioRefusedException">Unknown key, wrong type, or a value out of range.</exception>
    public static BlockBootstrapSpec Parse(JsonElement? generatorSpec)
    {
        var reader = new SpecReader("generator_spec", generatorSpec);
        BlockScheme scheme = reader.Choice("scheme", "stationary", "stationary", "circular", "moving") switch
        {
            "circular" => BlockScheme.Circular,
            "moving" => BlockScheme.Moving,
            _ => BlockScheme.Stationary,
        };
        double length = reader.Number("block_length", DefaultBlockLength, 1, 100_000);
        if (scheme != BlockScheme.Stationary && length != Math.Truncate(length))
            reader.Refuse(
                Errors.ErrorCodes.WrongType,
                "block_length",
                $"{length} is not a whole number of days; only stationary blocks have a fractional mean length"
            );
        reader.Finish();
        reader.ThrowIfRefused();
        return new BlockBootstrapSpec(scheme, length);
    }
}
