using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Plausibility;

namespace Prometheus.Synthetic.Scenarios.Regulatory;

/// <summary>
/// The path that a definition fixes: its series' changes of level, step by step, and what every driver of the panel is
/// expected to do with them; or the days of history themselves.
/// </summary>
/// <param name="Drivers">Stored drivers in canonical order, K of them.</param>
/// <param name="Values">H × K.</param>
/// <param name="SourceDates">For history: the day behind each step.</param>
/// <param name="OfPanel">Per panel driver, its index among the stored ones; −1 where the set does not store it.</param>
/// <param name="Series">Per stored driver, the series it follows; null for the others.</param>
/// <param name="Pins">Steps at whose ends a figure is hit; noise sums to zero between them.</param>
/// <param name="Tied">The series whose moves instruments respond to.</param>
internal sealed record CentralPath(
    IReadOnlyList<Driver> Drivers,
    double[] Values,
    DateOnly[]? SourceDates,
    int[] OfPanel,
    DefinedSeries?[] Series,
    IReadOnlyList<int> Pins,
    IReadOnlyList<string> Tied,
    int FloorHits
)
{
    private const double LowestReturn = -0.95;

    public static CentralPath Replayed(ShockPanel panel, int first, int horizon) =>
        new(
            panel.Drivers,
            panel.Values.Slice(first * panel.Width, horizon * panel.Width).ToArray(),
            [.. Enumerable.Range(first, horizon).Select(t => panel.Dates[t])],
            [.. Enumerable.Range(0, panel.Width)],
            new DefinedSeries?[panel.Width],
            [horizon],
            [],
            0
        );

    /// <exception cref="ScenarioRefusedException">No series of the definition is tied to anything in the panel.</exception>
    public static CentralPath Defined(ShockPanel panel, ScenarioDefinition definition, DefinitionMapping mapping)
    {
        (Driver[] drivers, int[] ofPanel, DefinedSeries?[] series) = Arrange(panel, definition, mapping);
        int horizon = mapping.Horizon;
        double[] values = new double[horizon * drivers.Length];
        for (int k = 0; k < drivers.Length; k++)
        {
            if (series[k] is not { } defined)
                continue;
            // Each step closes what rounding left open, so that levels summed up again hit the figures.
            double level = defined.LevelAt(mapping.TimeOf(0));
            for (int h = 0; h < horizon; h++)
            {
                double change = defined.LevelAt(mapping.TimeOf(h + 1)) - level;
                values[h * drivers.Length + k] = change;
                level += change;
            }
        }

        (IReadOnlyList<string> tied, int floorHits) = Respond(
            panel,
            definition,
            mapping,
            drivers,
            ofPanel,
            series,
            values
        );
        int[] pins =
        [
            .. definition
                .Series.SelectMany(s => s.Points.Keys)
                .Select(p => p - mapping.From)
                .Where(p => p >= 1 && p <= mapping.Periods)
                .Select(mapping.EndOf)
                .Where(s => s <= horizon)
                .Append(horizon)
                .Distinct()
                .Order(),
        ];
        return new CentralPath(drivers, values, null, ofPanel, series, pins, tied, floorHits);
    }

    private static (Driver[], int[], DefinedSeries?[]) Arrange(
        ShockPanel panel,
        ScenarioDefinition definition,
        DefinitionMapping mapping
    )
    {
        Dictionary<string, DefinedSeries> byPanelId = definition
            .Series.Where(s => s.PanelId is not null)
            .GroupBy(s => s.PanelId!)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        var own = definition.Series.ToDictionary(
            s => s,
            s => new Driver(DriverKind.Macro, s.Id, s.Unit, s.LevelAt(mapping.TimeOf(0)))
        );
        Driver[] drivers =
        [
            .. panel
                .Drivers.Where(d =>
                    d.Kind != DriverKind.Macro
                    || (!byPanelId.ContainsKey(d.Id) && !definition.Series.Any(s => s.Id == d.Id))
                )
                .Concat(own.Values)
                .Order(Comparer<Driver>.Create(Driver.CompareCanonical)),
        ];
        int[] ofPanel =
        [
            .. panel.Drivers.Select(d =>
                Array.IndexOf(
                    drivers,
                    d.Kind == DriverKind.Macro && byPanelId.TryGetValue(d.Id, out DefinedSeries? s) ? own[s] : d
                )
            ),
        ];
        var series = new DefinedSeries?[drivers.Length];
        foreach ((DefinedSeries defined, Driver driver) in own)
            series[Array.IndexOf(drivers, driver)] = defined;
        return (drivers, ofPanel, series);
    }

    /// <summary>Moves of the panel's other drivers: their conditional expectation given the series' moves of the step.</summary>
    private static (IReadOnlyList<string>, int) Respond(
        ShockPanel panel,
        ScenarioDefinition definition,
        DefinitionMapping mapping,
        Driver[] drivers,
        int[] ofPanel,
        DefinedSeries?[] series,
        double[] values
    )
    {
        var metric = PanelMetric.Of(panel, panel.Drivers);
        int d = metric.Metric.Dimension;
        var tied = new List<DefinedSeries>();
        var forms = new List<double[]>();
        foreach (DefinedSeries defined in definition.Series)
        {
            double[] form = new double[d];
            int[] coordinates =
            [
                .. Enumerable
                    .Range(0, d)
                    .Where(i =>
                    {
                        Driver driver = panel.Drivers[metric.PanelColumns[i]];
                        return defined.IsMarket
                            ? driver.Kind == DriverKind.Instrument
                            : driver.Kind == DriverKind.Macro && driver.Id == defined.PanelId;
                    }),
            ];
            if (coordinates.Length == 0)
                continue;
            Driver tiedTo = panel.Drivers[metric.PanelColumns[coordinates[0]]];
            // A series whose publisher gives no unit is a "level"; anything else must be the same unit.
            if (!defined.IsMarket && tiedTo.Unit != defined.Unit && tiedTo.Unit != "level")
                throw new ScenarioRefusedException(
                    ErrorCodes.Conflict,
                    "generator_spec.definition",
                    $"series {defined.Id} of {definition.Name} is in {defined.Unit}, {tiedTo.Id} in the macro tables is in {tiedTo.Unit}; mend the unit of one"
                );
            foreach (int i in coordinates)
                form[i] = 1.0 / coordinates.Length;
            forms.Add(form);
            tied.Add(defined);
        }

        if (tied.Count == 0)
            throw new ScenarioRefusedException(
                ErrorCodes.MissingExposure,
                "generator_spec.definition",
                $"nothing ties {definition.Name} to the panel: it has no market series, and none of {string.Join(", ", definition.Series.Select(s => s.PanelId).OfType<string>())} is in the macro tables; import them"
            );
        var move = new ConditionalMove(metric.Metric.Covariance.Values, d, forms, "generator_spec.definition");
        double[] shocks = new double[tied.Count];
        double[] moves = new double[d];
        int floorHits = 0;
        for (int h = 0; h < mapping.Horizon; h++)
        {
            for (int f = 0; f < shocks.Length; f++)
            {
                double before = tied[f].LevelAt(mapping.TimeOf(h));
                double after = tied[f].LevelAt(mapping.TimeOf(h + 1));
                shocks[f] = tied[f].IsMarket ? after / before - 1.0 : after - before;
            }

            move.Of(shocks, moves);
            for (int i = 0; i < d; i++)
            {
                int k = ofPanel[metric.PanelColumns[i]];
                if (k < 0 || series[k] is not null)
                    continue;
                double value = moves[i];
                if (drivers[k].Kind != DriverKind.Macro && value < LowestReturn)
                {
                    value = LowestReturn;
                    floorHits++;
                }

                values[h * drivers.Length + k] = value;
            }
        }

        return ([.. tied.Select(s => s.Id)], floorHits);
    }
}
