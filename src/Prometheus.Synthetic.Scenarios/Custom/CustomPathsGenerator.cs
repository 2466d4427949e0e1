using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Plausibility;

namespace Prometheus.Synthetic.Scenarios.Custom;

/// <summary>Hand-written shocks on the panel's drivers; the others rest, or move by their conditional expectation.</summary>
internal sealed class CustomPathsGenerator : IPathGenerator
{
    private const double LowestReturn = -0.95;

    private readonly CustomDefinition _definition;
    private readonly double[] _values;
    private readonly List<CellMark>[] _marks;
    private readonly PanelMetric _metric;
    private readonly int _length;

    /// <exception cref="ScenarioRefusedException">Unknown drivers, wrong unit, too short a horizon, probabilities that do not sum to 1.</exception>
    public CustomPathsGenerator(CustomDefinition definition, ShockPanel panel, GenerationShape shape)
    {
        _definition = definition;
        Drivers = panel.Drivers;
        _length = shape.HorizonDays * panel.Width;
        Check(definition, panel, shape);
        _metric = PanelMetric.Of(panel, panel.Drivers);
        _values = new double[definition.Paths.Count * _length];
        _marks = [.. definition.Paths.Select(_ => new List<CellMark>())];
        for (int p = 0; p < definition.Paths.Count; p++)
        {
            for (int h = 0; h < shape.HorizonDays; h++)
                Step(p, h);
        }

        Report = new JsonObject
        {
            ["definition"] = new JsonObject
            {
                ["name"] = definition.Name,
                ["version"] = definition.Version,
                ["title"] = definition.Title,
            },
            ["propagate"] = definition.Propagate,
            ["paths"] = new JsonArray([.. definition.Paths.Select(p => JsonValue.Create(p.Name))]),
            ["plausibility"] = PlausibilitySummary.Of(shape.NumPaths, p => _metric.Assess(Path(p))),
        };
    }

    public IReadOnlyList<Driver> Drivers { get; }

    public JsonObject Report { get; }

    public void Generate(int firstPath, Span<double> destination) =>
        _values.AsSpan(firstPath * _length, destination.Length).CopyTo(destination);

    public PathAnnotation? Describe(int path) =>
        new()
        {
            Probability = _definition.Paths[path].Probability,
            Metadata = new JsonObject
            {
                ["name"] = _definition.Paths[path].Name,
                ["plausibility"] = _metric.Assess(Path(path)).ToJson(),
            },
            Cells = _marks[path],
        };

    private ReadOnlySpan<double> Path(int path) => _values.AsSpan(path * _length, _length);

    private void Step(int path, int h)
    {
        Span<double> day = _values.AsSpan(path * _length + h * Drivers.Count, Drivers.Count);
        var named = new SortedDictionary<int, double>();
        foreach (CustomShock shock in _definition.Paths[path].Shocks)
        {
            int i = h + 1 - shock.FirstStep;
            if (i < 0 || i >= shock.Values.Count)
                continue;
            foreach (int k in shock.Drivers.Among(Drivers))
                named[k] = shock.Values[i];
        }

        if (named.Count == 0)
            return;
        if (_definition.Propagate)
            Propagate(named, day);
        foreach ((int k, double value) in named)
        {
            day[k] = value;
            _marks[path].Add(new CellMark(k, h + 1, new JsonObject { ["custom"] = "given" }));
        }
    }

    private void Propagate(SortedDictionary<int, double> named, Span<double> day)
    {
        int d = _metric.Metric.Dimension;
        int[] coordinates = [.. Enumerable.Range(0, d).Where(i => named.ContainsKey(_metric.Columns[i]))];
        if (coordinates.Length == 0)
            return;
        double[][] forms =
        [
            .. coordinates.Select(i =>
            {
                double[] form = new double[d];
                form[i] = 1.0;
                return form;
            }),
        ];
        var move = new ConditionalMove(_metric.Metric.Covariance.Values, d, forms, "generator_spec.definition");
        double[] moves = new double[d];
        move.Of([.. coordinates.Select(i => named[_metric.Columns[i]])], moves);
        for (int i = 0; i < d; i++)
        {
            int k = _metric.Columns[i];
            day[k] = Drivers[k].Kind == DriverKind.Macro ? moves[i] : Math.Max(moves[i], LowestReturn);
        }
    }

    private static void Check(CustomDefinition definition, ShockPanel panel, GenerationShape shape)
    {
        var errors = new List<FieldError>();
        if (definition.Paths.Count != shape.NumPaths)
            errors.Add(
                new FieldError(
                    ErrorCodes.Conflict,
                    "num_paths",
                    $"{shape.NumPaths} is asked for; {definition.Name} writes {definition.Paths.Count} paths"
                )
            );
        int withProbability = definition.Paths.Count(p => p.Probability is not null);
        double sum = definition.Paths.Sum(p => p.Probability ?? 0.0);
        if (withProbability > 0 && (withProbability < definition.Paths.Count || Math.Abs(sum - 1.0) > 1e-9))
            errors.Add(
                new FieldError(
                    ErrorCodes.Conflict,
                    "generator_spec.definition.paths",
                    $"probabilities are given for {withProbability} of {definition.Paths.Count} paths and sum to {sum:R}; give all, summing to 1, or none"
                )
            );
        for (int p = 0; p < definition.Paths.Count; p++)
        {
            for (int s = 0; s < definition.Paths[p].Shocks.Count; s++)
                CheckShock(
                    definition.Paths[p].Shocks[s],
                    $"generator_spec.definition.paths[{p}].shocks[{s}]",
                    panel,
                    shape,
                    errors
                );
        }

        if (errors.Count > 0)
            throw new ScenarioRefusedException(errors);
    }

    private static void CheckShock(
        CustomShock shock,
        string field,
        ShockPanel panel,
        GenerationShape shape,
        List<FieldError> errors
    )
    {
        int[] hit = shock.Drivers.Among(panel.Drivers);
        if (hit.Length == 0)
            errors.Add(
                new FieldError(
                    ErrorCodes.NotFound,
                    field,
                    $"no driver of the panel matches {shock.Drivers}; mend the ids or widen the universe"
                )
            );
        foreach (string unit in hit.Select(k => panel.Drivers[k].Unit).Distinct().Where(u => u != shock.Unit))
            errors.Add(
                new FieldError(
                    ErrorCodes.Conflict,
                    $"{field}.unit",
                    $"'{shock.Unit}' is not the unit '{unit}' of {panel.Drivers[hit.First(k => panel.Drivers[k].Unit == unit)].Id}; mend the unit or the drivers"
                )
            );
        int last = shock.FirstStep + shock.Values.Count - 1;
        if (last > shape.HorizonDays)
            errors.Add(
                new FieldError(
                    ErrorCodes.OutOfRange,
                    $"{field}.values",
                    $"reach to step {last}, beyond the horizon of {shape.HorizonDays} steps"
                )
            );
    }
}
