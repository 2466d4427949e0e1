using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Plausibility;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Regulatory;

/// <summary>
/// Path 0 is what the definition fixes; the others add day-to-day noise of the calibration sample that sums to zero
/// between figures (a bridge), so that every path hits every figure.
/// </summary>
internal sealed class RegulatoryGenerator : IPathGenerator
{
    private const double LowestReturn = -0.95;

    private readonly DefinitionMapping _mapping;
    private readonly CentralPath _central;
    private readonly PanelMetric _metric;
    private readonly PhiloxStream _stream;
    private readonly double _noise;
    private readonly int _horizon;
    private readonly Lazy<JsonObject> _report;

    public RegulatoryGenerator(
        ScenarioDefinition definition,
        RegulatorySpec spec,
        DefinitionMapping mapping,
        CentralPath central,
        ShockPanel panel,
        GenerationShape shape
    )
    {
        _mapping = mapping;
        _central = central;
        _metric = PanelMetric.Of(panel, panel.Drivers);
        _stream = new PhiloxStream(shape.Seed);
        _noise = spec.Noise;
        _horizon = shape.HorizonDays;
        _report = new Lazy<JsonObject>(() => About(definition, shape));
    }

    public IReadOnlyList<Driver> Drivers => _central.Drivers;

    public JsonObject Report => _report.Value;

    private JsonObject About(ScenarioDefinition definition, GenerationShape shape) =>
        new()
        {
            ["definition"] = new JsonObject
            {
                ["name"] = definition.Name,
                ["version"] = definition.Version,
                ["title"] = definition.Title,
                ["published"] = definition.Published,
                ["source"] = definition.Source,
            },
            ["measured_from_history"] = _central.SourceDates is not null,
            ["mapping"] = _mapping.ToJson(),
            ["tied_series"] = new JsonArray([.. _central.Tied.Select(t => JsonValue.Create(t))]),
            ["interpolated"] =
                "figures are hit at the ends of their periods; between them and where a figure is not known levels are interpolated, after the last they are held",
            ["floor_hits"] = _central.FloorHits,
            ["noise"] = _noise,
            ["plausibility"] = PlausibilitySummary.Of(shape.NumPaths, p => Assess(Path(p))),
        };

    public void Generate(int firstPath, Span<double> destination)
    {
        int length = _horizon * Drivers.Count;
        for (int path = firstPath; destination.Length >= length; path++)
        {
            Path(path).CopyTo(destination);
            destination = destination[length..];
        }
    }

    public PathAnnotation? Describe(int path) => Describe(path, Path(path));

    public PathAnnotation?[] GenerateDescribed(int firstPath, int count, Span<double> destination)
    {
        int length = _horizon * Drivers.Count;
        var annotations = new PathAnnotation?[count];
        for (int i = 0; i < count; i++)
        {
            double[] values = Path(firstPath + i);
            values.CopyTo(destination[(i * length)..]);
            annotations[i] = Describe(firstPath + i, values);
        }

        return annotations;
    }

    private PathAnnotation Describe(int path, double[] values) =>
        new()
        {
            SourceDates = path == 0 || _noise == 0.0 ? _central.SourceDates : null,
            Metadata = new JsonObject
            {
                ["variant"] = path == 0 || _noise == 0.0 ? "as_defined" : "with_bridge_noise",
                ["plausibility"] = Assess(values).ToJson(),
            },
        };

    private double[] Path(int path)
    {
        double[] values = [.. _central.Values];
        if (path == 0 || _noise == 0.0)
            return values;
        double[] noise = Noise(path);
        double scale = 1.0;
        int width = Drivers.Count;
        for (int k = 0; k < width; k++)
        {
            double level = Drivers[k].BaseLevel ?? 0.0;
            double moved = 0.0;
            double floor = _central.Series[k]?.Floor ?? double.NegativeInfinity;
            for (int h = 0; h < _horizon; h++)
            {
                int i = h * width + k;
                if (Drivers[k].Kind != DriverKind.Macro && noise[i] < 0.0)
                    scale = Math.Min(scale, Math.Max(0.0, (LowestReturn - values[i]) / noise[i]));
                level += values[i];
                moved += noise[i];
                if (moved < 0.0 && !double.IsInfinity(floor))
                    scale = Math.Min(scale, Math.Max(0.0, (floor - level) / moved));
            }
        }

        Add(values, noise, scale);
        return values;
    }

    /// <summary>Adds the noise; a series' last step before a figure takes up what rounding would leave open.</summary>
    private void Add(double[] values, double[] noise, double scale)
    {
        int width = Drivers.Count;
        for (int k = 0; k < width; k++)
        {
            bool defined = _central.Series[k] is not null;
            double target = Drivers[k].BaseLevel ?? 0.0;
            double level = target;
            for (int h = 0; h < _horizon; h++)
            {
                int i = h * width + k;
                target += values[i];
                values[i] = defined && _central.Pins.Contains(h + 1) ? target - level : values[i] + scale * noise[i];
                level += values[i];
            }
        }
    }

    /// <summary>H × K noise with the sample's covariance per step, zero in sum between figures.</summary>
    private double[] Noise(int path)
    {
        int d = _metric.Metric.Dimension;
        int width = Drivers.Count;
        double[] noise = new double[_horizon * width];
        double[] normals = new double[d];
        double[] moves = new double[d];
        double step = _noise * Math.Sqrt(_mapping.DaysPerStep);
        for (int h = 0; h < _horizon; h++)
        {
            _stream.FillNormals(normals, path, h + 1, DrawPurpose.Bridge);
            _metric.Metric.Factor.MultiplyLower(normals, moves);
            for (int i = 0; i < d; i++)
            {
                int k = _central.OfPanel[_metric.PanelColumns[i]];
                if (k >= 0)
                    noise[h * width + k] = step * moves[i];
            }
        }

        int from = 0;
        foreach (int to in _central.Pins)
        {
            for (int k = 0; k < width; k++)
            {
                double sum = 0.0;
                for (int h = from; h < to; h++)
                    sum += noise[h * width + k];
                for (int h = from; h < to; h++)
                    noise[h * width + k] -= sum / (to - from);
            }

            from = to;
        }

        return noise;
    }

    /// <summary>Against days of the sample: a step that stands for n days is divided by √n.</summary>
    private PathPlausibility Assess(double[] path)
    {
        int panelWidth = _central.OfPanel.Length;
        int width = Drivers.Count;
        double root = Math.Sqrt(_mapping.DaysPerStep);
        double[] inPanel = new double[_horizon * panelWidth];
        for (int h = 0; h < _horizon; h++)
        {
            for (int p = 0; p < panelWidth; p++)
            {
                if (_central.OfPanel[p] is >= 0 and var k)
                    inPanel[h * panelWidth + p] = path[h * width + k] / root;
            }
        }

        return _metric.Assess(inPanel);
    }
}
