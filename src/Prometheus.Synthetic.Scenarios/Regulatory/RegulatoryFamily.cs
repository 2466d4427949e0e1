using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Regulatory;

/// <summary>Type F of the specification (4.6): supervisors' scenarios and named crises, fixed by versioned definitions.</summary>
public sealed class RegulatoryFamily : IScenarioFamily
{
    public string Category => ScenarioCategory.Regulatory;

    public IGeneratorSpec ParseSpec(JsonElement? generatorSpec) => RegulatorySpec.Parse(generatorSpec);

    public IPathGenerator Calibrate(
        CalibrationSnapshot snapshot,
        IGeneratorSpec spec,
        GenerationShape shape,
        IReadOnlyList<string>? regimeFilter
    )
    {
        var regulatory = (RegulatorySpec)spec;
        ScenarioDefinition definition =
            regulatory.Definition
            ?? throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                "generator_spec.definition",
                "the definition was named but not resolved; requests that go through the engine have it embedded"
            );
        ShockPanel panel = RegimeRestriction.Restrict(snapshot, regimeFilter).Panel;
        int? replay = ReplayStart(definition, regulatory.Measured, snapshot.Panel, shape.HorizonDays);
        int periods = regulatory.Periods ?? definition.Periods - regulatory.FromPeriod;
        if (replay is null && definition.IsQuarterly && periods > shape.HorizonDays)
            throw new ScenarioRefusedException(
                ErrorCodes.OutOfRange,
                "horizon_days",
                $"{shape.HorizonDays} steps cannot hold {periods} quarters, one step or more each; ask for {periods} steps or more, or for fewer quarters"
            );
        var mapping = new DefinitionMapping(
            definition.IsQuarterly && replay is null,
            regulatory.FromPeriod,
            periods,
            shape.HorizonDays
        );
        CentralPath central = replay is { } first
            ? CentralPath.Replayed(snapshot.Panel, first, shape.HorizonDays)
            : CentralPath.Defined(panel, definition, mapping);
        return new RegulatoryGenerator(definition, regulatory, mapping, central, panel, shape);
    }

    /// <summary>The panel day on which a crisis' window starts, when the panel holds the window; null to use the figures.</summary>
    private static int? ReplayStart(ScenarioDefinition definition, string measured, ShockPanel panel, int horizon)
    {
        if (measured == "never" || definition.Window is not { } window)
        {
            if (measured == "always")
                throw new ScenarioRefusedException(
                    ErrorCodes.Conflict,
                    "generator_spec.measured",
                    $"{definition.Name} has no window of days to be measured on; leave measured out"
                );
            return null;
        }

        int first = 0;
        while (first < panel.Days && panel.Dates[first] < window.Start)
            first++;
        int days = 0;
        while (first + days < panel.Days && panel.Dates[first + days] <= window.End)
            days++;
        // Weekdays less a few holidays: a window that the panel holds in part would measure another crisis.
        int weekdays = Enumerable
            .Range(0, window.End.DayNumber - window.Start.DayNumber + 1)
            .Count(d => window.Start.AddDays(d).DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday));
        bool covered = days >= 0.9 * weekdays - 1 && panel.Dates[0] <= window.Start && panel.Dates[^1] >= window.End;
        if (covered && first + horizon <= panel.Days)
            return first;
        if (measured != "always")
            return null;
        throw new ScenarioRefusedException(
            ErrorCodes.TooLittleHistory,
            "generator_spec.measured",
            covered
                ? $"{horizon} steps from {window.Start:yyyy-MM-dd} go beyond the panel's last day {panel.Dates[^1]:yyyy-MM-dd}; ask for fewer steps"
                : $"the panel ({panel.Dates[0]:yyyy-MM-dd} to {panel.Dates[^1]:yyyy-MM-dd}) holds {days} of about {weekdays} days of the window {window.Start:yyyy-MM-dd} to {window.End:yyyy-MM-dd}; import them, widen the dates, or use measured: auto"
        );
    }
}
