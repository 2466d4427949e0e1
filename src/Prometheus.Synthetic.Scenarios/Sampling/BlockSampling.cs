using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Sampling;

/// <summary>Drawing of historical rows as a spec asks for it: <c>scheme</c> and <c>block_length</c>.</summary>
/// <param name="Scheme">stationary (default), circular or moving.</param>
/// <param name="Length">Days, or mean days when stationary; 1 draws days independently.</param>
/// <param name="Field">Where the length was asked for, for refusals.</param>
public sealed record BlockSampling(BlockScheme Scheme, double Length, string Field)
{
    /// <summary>The length when none is given: two trading weeks.</summary>
    public const double DefaultLength = 10;

    public static BlockSampling Read(SpecReader? reader, string path)
    {
        if (reader is null)
            return new BlockSampling(BlockScheme.Stationary, DefaultLength, path);
        BlockScheme scheme = reader.Choice("scheme", "stationary", "stationary", "circular", "moving") switch
        {
            "circular" => BlockScheme.Circular,
            "moving" => BlockScheme.Moving,
            _ => BlockScheme.Stationary,
        };
        double length = reader.Number("block_length", DefaultLength, 1, 100_000);
        if (scheme != BlockScheme.Stationary && length != Math.Truncate(length))
            reader.Refuse(
                ErrorCodes.WrongType,
                "block_length",
                $"{length} is not a whole number of days; only stationary blocks have a fractional mean length"
            );
        return new BlockSampling(scheme, length, reader.Field("block_length"));
    }

    /// <exception cref="ScenarioRefusedException">The block is longer than the pool.</exception>
    public RowIndex Over(DayPool pool, PhiloxStream stream, ushort lane)
    {
        if (Length > pool.Count)
            throw new ScenarioRefusedException(
                ErrorCodes.BlockTooLong,
                Field,
                $"{Length} days is longer than the {pool.Count} days that may be drawn; shorten the block, widen the dates or allow more regimes"
            );
        return new RowIndex(pool, Scheme, Length, stream, lane);
    }

    public JsonObject Describe() =>
        new() { ["scheme"] = Scheme.ToString().ToLowerInvariant(), ["block_length"] = Length };
}
