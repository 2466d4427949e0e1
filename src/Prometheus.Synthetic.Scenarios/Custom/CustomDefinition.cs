using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Custom;

/// <summary>Hand-written paths: each names the shocks of some drivers step by step; what it does not name follows or rests.</summary>
/// <param name="Propagate">Whether drivers that a step does not name move by their conditional expectation.</param>
public sealed record CustomDefinition(
    string Name,
    int Version,
    string Title,
    bool Propagate,
    IReadOnlyList<CustomPath> Paths
)
{
    public const string DefinitionKey = "definition";

    /// <summary>The last step that any shock is written for; null when none is.</summary>
    public int? LastStep =>
        Paths.SelectMany(p => p.Shocks).Select(s => (int?)(s.FirstStep + s.Values.Count - 1)).Max();

    /// <param name="path">Where the content stands, for errors.</param>
    /// <exception cref="ScenarioRefusedException">Everything wrong with it, at once.</exception>
    public static CustomDefinition Parse(string path, JsonElement content)
    {
        var reader = new SpecReader(path, content);
        string? name = reader.OptionalText("name");
        if (name is null && !reader.Has("name"))
            reader.Refuse(ErrorCodes.Missing, "name", "is missing; name the definition");
        reader.OptionalText("kind");
        string title = reader.OptionalText("title", 500) ?? string.Empty;
        reader.OptionalText("source", 4000);
        reader.OptionalText("notes", 8000);
        int version = reader.Integer("version", 1, 1, 1_000_000);
        bool propagate = reader.Flag("propagate", true);
        CustomPath[] paths = [.. reader.Objects("paths", 10_000).Select(CustomPath.Read)];
        if (paths.Length == 0)
            reader.Refuse(ErrorCodes.Missing, "paths", "is missing or empty; give at least one path");
        reader.Finish();
        reader.ThrowIfRefused();
        return new CustomDefinition(name!, version, title, propagate, paths);
    }
}

/// <param name="Probability">Weight within the set, or null for equal weights.</param>
/// <param name="Shocks">What is shocked when.</param>
public sealed record CustomPath(string Name, double? Probability, IReadOnlyList<CustomShock> Shocks)
{
    internal static CustomPath Read(SpecReader reader)
    {
        string name = reader.OptionalText("name") ?? string.Empty;
        double? probability = reader.OptionalNumber("probability", 0.0, 1.0);
        CustomShock[] shocks = [.. reader.Objects("shocks", 10_000).Select(CustomShock.Read)];
        reader.Finish();
        return new CustomPath(name, probability, shocks);
    }
}

/// <summary>Drivers that move alike, step by step.</summary>
/// <param name="FirstStep">Step 1.. of the first value.</param>
/// <param name="Values">Simple returns, or level changes of macro series, on consecutive steps.</param>
public sealed record CustomShock(DriverSelector Drivers, string Unit, int FirstStep, IReadOnlyList<double> Values)
{
    internal static CustomShock Read(SpecReader reader)
    {
        DriverSelector selector = DriverSelector.Read(reader);
        string unit = reader.Choice(
            "unit",
            Driver.SimpleReturn,
            Driver.SimpleReturn,
            "percent",
            "index",
            "usd",
            "level"
        );
        int first = reader.Integer("first_step", 1, 1, Generation.GenerationShape.MaxHorizonDays);
        IReadOnlyList<double> values =
            reader.OptionalNumbers("values", -1e9, 1e9, Generation.GenerationShape.MaxHorizonDays) ?? [];
        if (values.Count == 0)
            reader.Refuse(ErrorCodes.Missing, "values", "is missing or empty; give one shock a step");
        else if (unit == Driver.SimpleReturn && values.Any(v => v <= -1.0))
            reader.Refuse(
                ErrorCodes.OutOfRange,
                "values",
                "a return of -1 or less loses more than everything; write decimals, -0.15 for -15 %"
            );
        reader.Finish();
        return new CustomShock(selector, unit, first, values);
    }
}
