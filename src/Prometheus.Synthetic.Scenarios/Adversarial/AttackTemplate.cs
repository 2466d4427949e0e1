using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>A named way to hurt the targets; defensive tests only.</summary>
/// <param name="Name">As requests and reports name it.</param>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
public sealed record AttackTemplate(string Name, string Kind)
{
    public const string WorstCase = "worst_case";
    public const string SovereignFundingSqueeze = "sovereign_funding_squeeze";
    public const string SectorCrash = "sector_crash";
    public const string CrowdedTradeUnwind = "crowded_trade_unwind";
    public const string LiquidityDrain = "liquidity_drain";
    public const string ContagionCascade = "contagion_cascade";

    public const string Gap = "gap";
    public const string Grind = "grind";

    public static IReadOnlyList<string> Kinds { get; } =
    [WorstCase, SovereignFundingSqueeze, SectorCrash, CrowdedTradeUnwind, LiquidityDrain, ContagionCascade];

    /// <summary>gap (all in one day) and grind (evenly over the horizon); a cascade orders its own stages.</summary>
    public IReadOnlyList<string> Allocations { get; init; } = [Gap, Grind];

    /// <summary>Weight in [0, 0.9] of what stands beside the targets: banks, sector, crowd, illiquid names.</summary>
    public double Blend { get; init; } = 0.4;

    /// <summary>For a sector crash: by how much of a broad fall the objective is relieved, in [0, 1).</summary>
    public double MarketRelief { get; init; } = 0.5;

    /// <summary>Total change over the horizon, by driver id, in the driver's unit.</summary>
    public IReadOnlyDictionary<string, double> Fixed { get; init; } =
        new SortedDictionary<string, double>(StringComparer.Ordinal);

    /// <summary>
    /// The same in standard deviations of a move over the template's days: those of a day of the calibration sample times
    /// the root of the days, so that a gap and a grind use up as much of the radius.
    /// </summary>
    public IReadOnlyDictionary<string, double> FixedDeviations { get; init; } =
        new SortedDictionary<string, double>(StringComparer.Ordinal);

    /// <summary>For a cascade: who falls in which order; empty for the targets in order of their scores.</summary>
    public IReadOnlyList<DriverSelector> Stages { get; init; } = [];

    /// <summary>Whether another template fixes the same drivers at the same values.</summary>
    public bool FixesTheSame(AttackTemplate other) =>
        Fixed.SequenceEqual(other.Fixed) && FixedDeviations.SequenceEqual(other.FixedDeviations);

    internal static AttackTemplate Read(SpecReader reader)
    {
        string? name = reader.OptionalText("name");
        if (name is null)
            reader.Refuse(ErrorCodes.Missing, "name", "is missing; name the template");
        string kind = reader.Choice("kind", name ?? WorstCase, [.. Kinds]);
        if (!Kinds.Contains(kind, StringComparer.Ordinal))
            reader.Refuse(ErrorCodes.Missing, "kind", $"is missing; one of {string.Join(", ", Kinds)}");
        IReadOnlyList<string> allocations = reader.OptionalTexts("allocations", 4) ?? [Gap, Grind];
        if (allocations.Count == 0 || allocations.Any(a => a is not (Gap or Grind)))
            reader.Refuse(ErrorCodes.UnknownValue, "allocations", $"is a list of {Gap} and {Grind}");
        double blend = reader.Number("blend", 0.4, 0.0, 0.9);
        double relief = reader.Number("market_relief", 0.5, 0.0, 0.99);
        IReadOnlyDictionary<string, double> fixedValues =
            reader.OptionalNumberMap("fixed", -1e9, 1e9) ?? new SortedDictionary<string, double>();
        IReadOnlyDictionary<string, double> deviations =
            reader.OptionalNumberMap("fixed_deviations", -10, 10) ?? new SortedDictionary<string, double>();
        foreach (string id in fixedValues.Keys.Intersect(deviations.Keys, StringComparer.Ordinal))
            reader.Refuse(
                ErrorCodes.Conflict,
                $"fixed.{id}",
                "is fixed twice, by value and by deviations; keep one of the two"
            );
        var stages = new List<DriverSelector>();
        foreach (SpecReader stage in reader.Objects("stages", 20))
        {
            stages.Add(DriverSelector.Read(stage));
            stage.Finish();
        }

        if (stages.Count > 0 && kind != ContagionCascade)
            reader.Refuse(ErrorCodes.Conflict, "stages", $"only a {ContagionCascade} has stages; this is a {kind}");
        reader.Finish();
        return new AttackTemplate(name ?? kind, kind)
        {
            Allocations = [.. allocations.Distinct(StringComparer.Ordinal)],
            Blend = blend,
            MarketRelief = relief,
            Fixed = fixedValues,
            FixedDeviations = deviations,
            Stages = stages,
        };
    }
}
