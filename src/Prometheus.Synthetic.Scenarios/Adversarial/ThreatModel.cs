using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>
/// What an adversary is granted: how far from the calibration sample, how much per driver and day, which levels a macro
/// series cannot leave, and the templates of attack. A versioned file (infra/threat-models), embedded in the set's spec.
/// </summary>
public sealed record ThreatModel
{
    /// <summary>A radius above this is refused whatever a file says.</summary>
    public const double HardMaxRadius = 12.0;

    /// <summary>No instrument or factor loses more than this in one day, whatever a file says: returns stay above −1.</summary>
    public const double HardLowerReturn = -0.95;

    public required string Name { get; init; }

    public required int Version { get; init; }

    public double MaxRadius { get; init; } = 8.0;

    public double DefaultRadius { get; init; } = 4.0;

    /// <summary>Per-day bounds; the first that matches a driver holds for it.</summary>
    public IReadOnlyList<DriverBound> Bounds { get; init; } = [];

    public IReadOnlyList<LevelDomain> Levels { get; init; } = [];

    public IReadOnlyList<AttackTemplate> Templates { get; init; } = [];

    /// <summary>Index instrument → constituents and weights: index return = Σ weight × constituent return.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Indices { get; init; } =
        new SortedDictionary<string, IReadOnlyDictionary<string, double>>(StringComparer.Ordinal);

    /// <summary>Only the hard limits and every template with its defaults: what holds when no file is named.</summary>
    public static ThreatModel HardLimits { get; } =
        new()
        {
            Name = "HARD_LIMITS",
            Version = 1,
            Templates = [.. AttackTemplate.Kinds.Select(k => new AttackTemplate(k, k))],
        };

    public DriverBound? BoundFor(Driver driver) => Bounds.FirstOrDefault(b => b.Selector.Matches(driver));

    public LevelDomain? LevelFor(Driver driver) =>
        driver.Kind == DriverKind.Macro ? Levels.FirstOrDefault(l => l.MacroId == driver.Id) : null;

    /// <summary>Reads the content of a threat-model file.</summary>
    /// <param name="path">Where the content stands, for errors.</param>
    /// <exception cref="ScenarioRefusedException">Everything wrong with it, at once.</exception>
    public static ThreatModel Parse(string path, JsonElement content)
    {
        var reader = new SpecReader(path, content);
        string? name = reader.OptionalText("name");
        if (name is null)
            reader.Refuse(ErrorCodes.Missing, "name", "is missing; name the threat model");
        reader.OptionalText("kind");
        reader.OptionalText("title", 500);
        reader.OptionalText("source", 4000);
        int version = reader.Integer("version", 1, 1, 1_000_000);
        double maxRadius = reader.Number("max_radius", 8.0, 0.1, HardMaxRadius);
        double defaultRadius = reader.Number("default_radius", Math.Min(4.0, maxRadius), 0.1, HardMaxRadius);
        if (defaultRadius > maxRadius)
            reader.Refuse(ErrorCodes.Conflict, "default_radius", $"{defaultRadius} is above max_radius {maxRadius}");
        DriverBound[] bounds = [.. reader.Objects("bounds").Select(DriverBound.Read)];
        LevelDomain[] levels = [.. reader.Objects("levels").Select(LevelDomain.Read)];
        AttackTemplate[] templates = [.. reader.Objects("templates", 100).Select(AttackTemplate.Read)];
        foreach (string twice in templates.GroupBy(t => t.Name).Where(g => g.Count() > 1).Select(g => g.Key))
            reader.Refuse(ErrorCodes.Conflict, "templates", $"'{twice}' is defined twice; keep one");
        var indices = new SortedDictionary<string, IReadOnlyDictionary<string, double>>(StringComparer.Ordinal);
        foreach (SpecReader index in reader.Objects("indices"))
        {
            string? id = index.OptionalText("instrument_id");
            IReadOnlyDictionary<string, double>? weights = index.OptionalNumberMap("constituents", -10, 10);
            if (id is null || weights is not { Count: > 0 })
                index.Refuse(ErrorCodes.Missing, "constituents", "give instrument_id and its constituents' weights");
            else
                indices[id] = weights;
            index.Finish();
        }

        reader.Finish();
        reader.ThrowIfRefused();
        return new ThreatModel
        {
            Name = name!,
            Version = version,
            MaxRadius = maxRadius,
            DefaultRadius = defaultRadius,
            Bounds = bounds,
            Levels = levels,
            Templates =
                templates.Length > 0 ? templates : [.. AttackTemplate.Kinds.Select(k => new AttackTemplate(k, k))],
            Indices = indices,
        };
    }
}

/// <summary>How much one day may move a driver: Lower ≤ 0 ≤ Upper, in the driver's unit of shock.</summary>
public sealed record DriverBound(DriverSelector Selector, double Lower, double Upper)
{
    internal static DriverBound Read(SpecReader reader)
    {
        SpecReader? drivers = reader.OptionalObject("drivers");
        DriverSelector selector = DriverSelector.Read(drivers ?? reader);
        drivers?.Finish();
        double lower = reader.Number("lower", double.NegativeInfinity, -1e9, 1e9);
        double upper = reader.Number("upper", double.PositiveInfinity, -1e9, 1e9);
        string unit = reader.Choice(
            "unit",
            Driver.SimpleReturn,
            Driver.SimpleReturn,
            "percent",
            "index",
            "level",
            "usd"
        );
        if (lower > 0.0 || upper < 0.0)
            reader.Refuse(
                ErrorCodes.Conflict,
                lower > 0.0 ? "lower" : "upper",
                $"bounds [{lower}, {upper}] exclude 0, the unshocked state; let lower <= 0 <= upper"
            );
        if (
            unit == Driver.SimpleReturn
            && selector.Kind != DriverKind.Macro
            && lower is > double.NegativeInfinity and <= -1.0
        )
            reader.Refuse(ErrorCodes.OutOfRange, "lower", $"{lower} loses everything; a return stays above -1");
        if (selector.Kind == DriverKind.Macro && unit == Driver.SimpleReturn && reader.Has("unit"))
            reader.Refuse(
                ErrorCodes.Conflict,
                "unit",
                "macro shocks are level changes in the series' own unit, not returns; write e.g. percent or index"
            );
        reader.Finish();
        return new DriverBound(selector, lower, upper);
    }
}

/// <summary>The levels a macro series can take.</summary>
public sealed record LevelDomain(string MacroId, double Min, double Max)
{
    internal static LevelDomain Read(SpecReader reader)
    {
        string? id = reader.OptionalText("macro_id");
        if (id is null)
            reader.Refuse(ErrorCodes.Missing, "macro_id", "is missing; name the series, e.g. VIXCLS");
        double min = reader.Number("min", double.NegativeInfinity, -1e12, 1e12);
        double max = reader.Number("max", double.PositiveInfinity, -1e12, 1e12);
        if (min >= max)
            reader.Refuse(ErrorCodes.Conflict, "min", $"{min} is not below max {max}");
        reader.Finish();
        return new LevelDomain(id ?? string.Empty, min, max);
    }
}
