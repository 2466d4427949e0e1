using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Selection;

namespace Prometheus.Synthetic.Scenarios.Bootstrap;

/// <summary>The <c>generator_spec</c> of a block bootstrap.</summary>
/// <param name="Scheme"><c>scheme</c>: stationary (default), circular or moving.</param>
/// <param name="BlockLength">
/// <c>block_length</c> in trading days: the length of a block, or its mean when stationary. Null (<c>"auto"</c>, the
/// default) estimates it; with a filter null means 1, because filtered rows are close to independent.
/// </param>
public sealed record BlockBootstrapSpec(BlockScheme Scheme, double? BlockLength) : IGeneratorSpec
{
    public const int DefaultMinPoolDays = 20;
    public const int MaxSmoothingDays = 10;

    /// <summary><c>block_length_basis</c>: largest (default), returns, absolute or component; what "auto" looks at.</summary>
    public string Basis { get; init; } = "largest";

    /// <summary><c>regime_mode</c>: how a path goes on when a block leaves its regime.</summary>
    public RegimeMode RegimeMode { get; init; }

    /// <summary><c>min_pool_days</c>: fewest days that a pool of start days (and each reachable regime) must hold.</summary>
    public int MinPoolDays { get; init; } = DefaultMinPoolDays;

    /// <summary><c>half_life_days</c>: a start day that many trading days older is half as likely; null for equal weights.</summary>
    public double? HalfLifeDays { get; init; }

    /// <summary><c>end_blocks_at_gaps</c>: no block runs over a trading day that is missing from the panel.</summary>
    public bool EndBlocksAtGaps { get; init; }

    /// <summary><c>seam_smoothing_days</c>: days after a seam that are blended with the block before it; 0 (default) for none.</summary>
    public int SeamSmoothingDays { get; init; }

    /// <summary><c>marginals</c> is <c>history</c>: each driver's draws are mapped to its whole history's distribution.</summary>
    public bool KeepMarginals { get; init; }

    /// <summary><c>correlation</c> is <c>history</c>: draws are recombined to the whole history's correlation.</summary>
    public bool KeepCorrelation { get; init; }

    /// <summary><c>filter</c>: filtered historical simulation; null for plain blocks.</summary>
    public VolatilityFilterSpec? Filter { get; init; }

    public DayFilterSpec Days { get; init; } = new();

    public DataNeeds Needs =>
        new() { Regimes = RegimeMode == RegimeMode.Transition, ScoreHistories = Days.ScoreHistories };

    /// <exception cref="ScenarioRefusedException">Unknown key, wrong type, or a value out of range.</exception>
    public static BlockBootstrapSpec Parse(JsonElement? generatorSpec)
    {
        var reader = new SpecReader("generator_spec", generatorSpec);
        BlockScheme scheme = reader.Choice("scheme", "stationary", "stationary", "circular", "moving") switch
        {
            "circular" => BlockScheme.Circular,
            "moving" => BlockScheme.Moving,
            _ => BlockScheme.Stationary,
        };
        double? length = Length(reader, scheme);
        var spec = new BlockBootstrapSpec(scheme, length)
        {
            Basis = reader.Choice("block_length_basis", "largest", "largest", "returns", "absolute", "component"),
            RegimeMode = reader.Choice("regime_mode", "exit", "exit", "transition") is "transition"
                ? RegimeMode.Transition
                : RegimeMode.Exit,
            MinPoolDays = reader.Integer("min_pool_days", DefaultMinPoolDays, 1, 100_000),
            HalfLifeDays = reader.OptionalNumber("half_life_days", 1, 100_000),
            EndBlocksAtGaps = reader.Flag("end_blocks_at_gaps", false),
            SeamSmoothingDays = reader.Integer("seam_smoothing_days", 0, 0, MaxSmoothingDays),
            KeepMarginals = reader.Choice("marginals", "drawn", "drawn", "history") is "history",
            KeepCorrelation = reader.Choice("correlation", "drawn", "drawn", "history") is "history",
            Filter = VolatilityFilterSpec.Read(reader.OptionalObject("filter")),
            Days = DayFilterSpec.Read(reader),
        };
        RefuseConflicts(spec, reader);
        reader.Finish();
        reader.ThrowIfRefused();
        return spec;
    }

    private static double? Length(SpecReader reader, BlockScheme scheme)
    {
        if (reader.IsText("block_length"))
        {
            reader.Choice("block_length", "auto", "auto");
            return null;
        }

        double? length = reader.OptionalNumber("block_length", 1, 100_000);
        if (scheme != BlockScheme.Stationary && length is { } given && given != Math.Truncate(given))
            reader.Refuse(
                ErrorCodes.WrongType,
                "block_length",
                $"{given} is not a whole number of days; only stationary blocks have a fractional mean length"
            );
        return length;
    }

    private static void RefuseConflicts(BlockBootstrapSpec spec, SpecReader reader)
    {
        if (spec.Filter is not null)
        {
            Refuse(spec.SeamSmoothingDays > 0, "seam_smoothing_days", "residual rows have no seams to smooth");
            Refuse(
                spec.KeepMarginals,
                "marginals",
                "a filter changes the distribution on purpose, to today's volatility"
            );
            Refuse(spec.KeepCorrelation, "correlation", "whole residual rows keep the history's correlation already");
        }

        if (spec.RegimeMode == RegimeMode.Transition && spec.HalfLifeDays is not null)
            reader.Refuse(
                ErrorCodes.Conflict,
                "half_life_days",
                "cannot be used with regime_mode transition, whose next regime decides which days may start a block; drop one"
            );
        if (spec.Scheme == BlockScheme.Moving && spec.RegimeMode == RegimeMode.Transition)
            reader.Refuse(
                ErrorCodes.Conflict,
                "scheme",
                "moving blocks cannot follow a transition matrix; use stationary or circular"
            );

        void Refuse(bool given, string key, string why)
        {
            if (given)
                reader.Refuse(ErrorCodes.Conflict, key, $"cannot be used with filter: {why}; drop one");
        }
    }
}

/// <summary>How a path goes on when a block reaches a day that its conditions do not admit.</summary>
public enum RegimeMode
{
    /// <summary>The block ends there and another starts within the admitted days: the path stays in the target regime.</summary>
    Exit,

    /// <summary>The regime itself is a Markov chain with the estimated transition matrix; it starts in the target regime.</summary>
    Transition,
}
