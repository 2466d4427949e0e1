using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Combination;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Plausibility;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Overlays;

/// <summary>
/// Lays each overlay over the baseline's path in order. Returns compound, (1 + r)(1 + s) − 1, and stay above −1; macro
/// levels add. Day and size of overlay i of a path are draws of its own lane, so that adding an overlay moves no other.
/// </summary>
internal sealed class ShockOverlayGenerator : IPathGenerator
{
    /// <summary>Returns are kept at or above this; how often is said in the path's metadata.</summary>
    internal const double LowestReturn = -0.95;

    private readonly IPathGenerator _baseline;
    private readonly IReadOnlyList<OverlayLayer> _layers;
    private readonly PanelMetric _metric;
    private readonly PhiloxStream _stream;
    private readonly int _horizon;
    private readonly BaseSet? _set;
    private readonly CorrelationBlend _blend;
    private readonly Lazy<JsonObject> _report;

    public ShockOverlayGenerator(
        IPathGenerator baseline,
        IReadOnlyList<OverlayLayer> layers,
        PanelMetric metric,
        GenerationShape shape,
        BaseSet? set
    )
    {
        _baseline = baseline;
        _layers = layers;
        _metric = metric;
        _stream = new PhiloxStream(shape.Seed);
        _horizon = shape.HorizonDays;
        _set = set;
        _blend = new CorrelationBlend(metric);
        _report = new Lazy<JsonObject>(() => About(shape));
    }

    public IReadOnlyList<Driver> Drivers => _baseline.Drivers;

    public JsonObject Report => _report.Value;

    private int Length => _horizon * Drivers.Count;

    private JsonObject About(GenerationShape shape) =>
        new()
        {
            ["baseline"] = _set is null
                ? new JsonObject { ["report"] = _baseline.Report.DeepClone() }
                : new JsonObject
                {
                    ["scenario_set_id"] = _set.ScenarioSetId.ToString(),
                    ["name"] = _set.Name,
                    ["version"] = _set.Version,
                    ["content_hash"] = _set.ContentHash,
                },
            ["overlays"] = new JsonArray([
                .. _layers.Select(l => new JsonObject
                {
                    ["type"] = l.Overlay.Type,
                    ["name"] = l.Overlay.Name,
                    ["drivers_hit"] = l.Hit.Length,
                    ["drivers_reached"] = l.Unit.Count(u => u != 0.0),
                    ["propagated"] = l.Overlay.Propagate,
                }),
            ]),
            ["plausibility"] = PlausibilitySummary.Of(shape.NumPaths, p => _metric.Assess(Values(p))),
        };

    public void Generate(int firstPath, Span<double> destination)
    {
        for (int path = firstPath; destination.Length >= Length; path++)
        {
            _baseline.Generate(path, destination[..Length]);
            LayOver(path, destination[..Length]);
            destination = destination[Length..];
        }
    }

    public PathAnnotation? Describe(int path) => GenerateDescribed(path, 1, new double[Length])[0];

    public PathAnnotation?[] GenerateDescribed(int firstPath, int count, Span<double> destination)
    {
        PathAnnotation?[] annotations = _baseline.GenerateDescribed(firstPath, count, destination);
        for (int i = 0; i < count; i++)
        {
            Span<double> values = destination.Slice(i * Length, Length);
            annotations[i] = Describe(firstPath + i, LayOver(firstPath + i, values), values, annotations[i]);
        }

        return annotations;
    }

    private double[] Values(int path)
    {
        double[] values = new double[Length];
        Generate(path, values);
        return values;
    }

    private PathAnnotation Describe(int path, Overlaid overlaid, ReadOnlySpan<double> values, PathAnnotation? before)
    {
        var metadata = new JsonObject
        {
            ["overlays"] = new JsonArray([.. overlaid.Strikes.Select(s => s.ToJson())]),
            ["returns_floored"] = overlaid.Floored,
            ["plausibility"] = _metric.Assess(values).ToJson(),
        };
        if (_set is not null)
            metadata["baseline_path"] = path % _set.NumPaths;
        if (before?.Metadata is { } baseline)
            metadata["baseline"] = baseline.DeepClone();
        return new PathAnnotation
        {
            SourceDates = before?.SourceDates,
            Probability = before?.Probability,
            Metadata = metadata,
            Cells = OverlayMarks.Of(overlaid.Strikes, Drivers.Count, _horizon, before?.Cells ?? []),
        };
    }

    private sealed record Overlaid(IReadOnlyList<Strike> Strikes, int Floored);

    /// <summary>Lays the overlays over the baseline's path in <paramref name="values"/>.</summary>
    private Overlaid LayOver(int path, Span<double> values)
    {
        var strikes = new List<Strike>();
        int floored = 0;
        foreach (OverlayLayer layer in _layers)
        {
            ushort lane = (ushort)layer.Index;
            int day = layer.Overlay.Day.WholeAt(_stream.Uniform(path, 0, DrawPurpose.ShockDay, 0, lane));
            double size = layer.Overlay.Size.At(_stream.Uniform(path, 0, DrawPurpose.ShockSize, 0, lane));
            var strike = new Strike(layer, day, size, _horizon);
            strikes.Add(strike);
            floored += Apply(strike, values);
        }

        return new Overlaid(strikes, floored);
    }

    private int Apply(Strike strike, Span<double> values)
    {
        Overlay overlay = strike.Layer.Overlay;
        if (overlay.Type == Overlay.CorrelationSpike)
        {
            for (int h = strike.FirstStep; h <= strike.LastStep; h++)
                _blend.Apply(
                    values.Slice((h - 1) * Drivers.Count, Drivers.Count),
                    strike.Layer.Hit,
                    strike.EffectAt(h)
                );
            return Floor(values);
        }

        if (overlay.Type == Overlay.VolSpike)
        {
            Spread(strike, values);
            return Floor(values);
        }

        double[] back = strike.LastStep < strike.FirstStepBack ? [] : Back(strike);
        for (int h = strike.FirstStep; h <= strike.LastStep; h++)
        {
            double effect = strike.EffectAt(h);
            if (effect == 0.0)
                continue;
            for (int k = 0; k < Drivers.Count; k++)
            {
                double unit = strike.Layer.Unit[k];
                double move = h < strike.FirstStepBack ? effect * unit : back[k];
                if (move == 0.0)
                    continue;
                ref double value = ref values[(h - 1) * Drivers.Count + k];
                double kept = overlay.Replace && h <= strike.FirstStep + overlay.Duration - 1 ? 0.0 : value;
                value =
                    Drivers[k].Kind == DriverKind.Macro
                        ? kept + move
                        : (1.0 + kept) * (1.0 + Math.Max(move, LowestReturn)) - 1.0;
            }
        }

        return Floor(values);
    }

    /// <summary>Every driver's move on each day of a recovery: eight roots at a time, with the bits of one.</summary>
    private double[] Back(Strike strike)
    {
        ReadOnlySpan<double> unit = strike.Layer.Unit;
        double[] back = new double[(unit.Length + 7) / 8 * 8];
        Array.Fill(back, 1.0);
        for (int k = 0; k < unit.Length; k++)
            back[k] = strike.GrowthBack(unit[k]);
        StableMath.Pow(back, 1.0 / strike.Layer.Overlay.RecoveryDays, back);
        for (int k = 0; k < unit.Length; k++)
            back[k] = Drivers[k].Kind == DriverKind.Macro ? strike.ChangeBackPerDay(unit[k]) : back[k] - 1.0;
        return back;
    }

    /// <summary>Scales what departs from the path's own mean; the mean itself stays.</summary>
    private void Spread(Strike strike, Span<double> values)
    {
        int width = Drivers.Count;
        foreach (int k in strike.Layer.Hit)
        {
            double mean = 0.0;
            for (int h = 0; h < _horizon; h++)
                mean += values[h * width + k];
            mean /= _horizon;
            for (int h = strike.FirstStep; h <= strike.LastStep; h++)
            {
                ref double value = ref values[(h - 1) * width + k];
                value = mean + strike.EffectAt(h) * (value - mean);
            }
        }
    }

    private int Floor(Span<double> values)
    {
        int floored = 0;
        int width = Drivers.Count;
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] >= LowestReturn || Drivers[i % width].Kind == DriverKind.Macro)
                continue;
            values[i] = LowestReturn;
            floored++;
        }

        return floored;
    }
}
