using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Overlays;

/// <summary>One shock laid over every path of a baseline.</summary>
public sealed record Overlay
{
    public const string CrashGap = "CRASH_GAP";
    public const string VolSpike = "VOL_SPIKE";
    public const string CreditFreeze = "CREDIT_FREEZE";
    public const string LiquidityDrain = "LIQUIDITY_DRAIN";
    public const string RateShock = "RATE_SHOCK";
    public const string FxDevaluation = "FX_DEVALUATION";
    public const string CorrelationSpike = "CORRELATION_SPIKE";
    public const string Custom = "CUSTOM";

    public static IReadOnlyList<string> Types { get; } =
    [CrashGap, VolSpike, CreditFreeze, LiquidityDrain, RateShock, FxDevaluation, CorrelationSpike, Custom];

    public required string Type { get; init; }

    /// <summary>The tag of its cells: the type, or the name of a custom shock.</summary>
    public required string Name { get; init; }

    public required DriverSelector Drivers { get; init; }

    /// <summary>Shock their mean (each by its share) rather than each by the same size.</summary>
    public bool Aggregate { get; init; }

    /// <summary><c>size</c>: return, level change, factor on volatility (≥ 1), or blend of correlation (0..1), by type.</summary>
    public required DrawnNumber Size { get; init; }

    /// <summary><c>day</c>: step 1.. on which it strikes.</summary>
    public required DrawnNumber Day { get; init; }

    /// <summary><c>half_life</c>: on following days the size halves every so many; 0 strikes on one day only.</summary>
    public double HalfLife { get; init; }

    /// <summary><c>duration</c>: the effect lasts this many days.</summary>
    public int Duration { get; init; } = 1;

    /// <summary><c>recovery</c>: this share of what was lost or gained comes back, evenly over the days after.</summary>
    public double RecoveryShare { get; init; }

    public int RecoveryDays { get; init; }

    /// <summary><c>propagate</c>: drivers that are not shocked move by their conditional expectation.</summary>
    public bool Propagate { get; init; }

    /// <summary><c>mode</c>: add to the baseline's move, or replace it.</summary>
    public bool Replace { get; init; }

    /// <summary>Scales deviations or correlation instead of moving levels.</summary>
    public bool ScalesMoves => Type is VolSpike or CorrelationSpike;

    internal static Overlay Read(SpecReader reader)
    {
        string type = reader.Choice("type", string.Empty, [.. Types]);
        if (!reader.Has("type"))
            reader.Refuse(ErrorCodes.Missing, "type", $"is missing; one of {string.Join(", ", Types)}");
        string name = reader.OptionalText("name", 100) ?? type;
        SpecReader? target = reader.OptionalObject("applies_to");
        DriverSelector selector = target is null ? DefaultDrivers(type) : DriverSelector.Read(target);
        target?.Finish();
        if (target is null && type is RateShock or CreditFreeze or Custom)
            reader.Refuse(
                ErrorCodes.Missing,
                "applies_to",
                "is missing; name the series, e.g. {\"kind\": \"MACRO\", \"ids\": [\"DGS10\"]}"
            );
        bool scales = type is VolSpike or CorrelationSpike;
        (double min, double max, double fallback) = SizeRange(type, selector);
        DrawnNumber size = DrawnNumber.Read(reader, "size", min, max, fallback);
        if (double.IsNaN(fallback) && !reader.Has("size"))
            reader.Refuse(ErrorCodes.Missing, "size", "is missing; give the shock in the drivers' unit");
        DrawnNumber day = DrawnNumber.Read(reader, "day", 1, GenerationShape.MaxHorizonDays, 1);
        double halfLife = reader.Number("half_life", 0, 0, 1000);
        if (halfLife > 0 && type == LiquidityDrain)
            reader.Refuse(
                ErrorCodes.Conflict,
                "half_life",
                $"a {type} spreads its size evenly over its duration; leave it out, or take a CUSTOM shock"
            );
        int fallbackDuration =
            type is VolSpike or CorrelationSpike or LiquidityDrain ? 10
            : halfLife > 0 ? GenerationShape.MaxHorizonDays
            : 1;
        int duration = reader.Integer("duration", fallbackDuration, 1, GenerationShape.MaxHorizonDays);
        double share = 0;
        int days = 0;
        if (reader.OptionalObject("recovery") is { } recovery)
        {
            share = recovery.Number("share", 1, 0, 1);
            days = recovery.Integer("days", 10, 1, GenerationShape.MaxHorizonDays);
            recovery.Finish();
            if (scales)
                reader.Refuse(
                    ErrorCodes.Conflict,
                    "recovery",
                    $"a {type} moves no level that could recover; leave it out"
                );
        }

        bool propagate = reader.Flag("propagate", !scales && type != LiquidityDrain);
        if (propagate && scales)
            reader.Refuse(
                ErrorCodes.Conflict,
                "propagate",
                $"a {type} scales moves, it does not propagate; leave it out"
            );
        bool replace = reader.Choice("mode", "add", "add", "replace") == "replace";
        bool aggregate = reader.Flag("aggregate", target is null && type == CrashGap);
        reader.Finish();
        return new Overlay
        {
            Type = type,
            Name = name,
            Drivers = selector,
            Aggregate = aggregate,
            Size = size,
            Day = day,
            HalfLife = halfLife,
            Duration = duration,
            RecoveryShare = share,
            RecoveryDays = days,
            Propagate = propagate,
            Replace = replace,
        };
    }

    private static DriverSelector DefaultDrivers(string type) =>
        type == FxDevaluation
            ? new DriverSelector
            {
                Kind = DriverKind.Instrument,
                Attributes = new SortedDictionary<string, IReadOnlyList<string>> { ["asset_class"] = ["FX"] },
            }
            : new DriverSelector { Kind = DriverKind.Instrument };

    /// <summary>Least, largest and default size by type; NaN where there is no sensible default.</summary>
    private static (double, double, double) SizeRange(string type, DriverSelector selector) =>
        type switch
        {
            CrashGap => (-0.95, 1, -0.15),
            VolSpike => (1, 20, 3),
            CorrelationSpike => (0, 1, 0.5),
            LiquidityDrain => (-0.95, 0, -0.10),
            FxDevaluation => (-0.95, 1, -0.20),
            _ => selector.Kind == DriverKind.Macro ? (-1e6, 1e6, double.NaN) : (-0.95, 10, double.NaN),
        };
}
