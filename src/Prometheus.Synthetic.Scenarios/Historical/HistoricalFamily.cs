using System.Text.Json;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Selection;

namespace Prometheus.Synthetic.Scenarios.Historical;

/// <summary>Type A of the specification (4.1, 7.1): contiguous windows of history, replayed.</summary>
public sealed class HistoricalFamily : IScenarioFamily
{
    public string Category => ScenarioCategory.Historical;

    public IGeneratorSpec ParseSpec(JsonElement? generatorSpec) => HistoricalSpec.Parse(generatorSpec);

    public IPathGenerator Calibrate(
        CalibrationSnapshot snapshot,
        IGeneratorSpec spec,
        GenerationShape shape,
        IReadOnlyList<string>? regimeFilter
    )
    {
        var historical = (HistoricalSpec)spec;
        StartPool pool = WindowPool.Build(snapshot, historical, shape.HorizonDays, regimeFilter);
        var windows = new WindowChoice(pool, shape);
        return new HistoricalWindowGenerator(snapshot.Panel, shape, windows, Report(pool, windows, shape, historical));
    }

    private static JsonObject Report(StartPool pool, WindowChoice windows, GenerationShape shape, HistoricalSpec spec)
    {
        var report = new JsonObject
        {
            ["method"] = "historical_windows",
            ["window_days"] = shape.HorizonDays,
            ["available_windows"] = pool.Count,
            ["windows_without_overlap"] = WindowPool.Disjoint(pool, shape.HorizonDays),
            ["days_covered"] = WindowPool.Covered(pool, shape.HorizonDays),
            ["sampling"] = windows.WithReplacement ? "with_replacement" : "without_replacement",
            ["windows_expected_distinct"] = windows.ExpectedDistinct,
            ["regime_mode"] = Word(spec.RegimeMode),
            ["day_mode"] = Word(spec.DayMode),
            ["pool"] = pool.Describe(),
        };
        if (spec.Days.Describe() is { } episodes)
            report["episodes"] = episodes;
        return report;
    }

    private static string Word(WindowMode mode) => mode == WindowMode.AllDays ? "all_days" : "start_day";
}
