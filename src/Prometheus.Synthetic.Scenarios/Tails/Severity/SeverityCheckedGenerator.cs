using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Tails.Severity;

/// <summary>
/// A generator whose report also holds its set against external extreme-value figures, under <c>severity_checks</c>. The
/// set's first paths are looked at (all of them up to a limit of cells): they are the same numbers that are stored.
/// </summary>
public sealed class SeverityCheckedGenerator : IPathGenerator
{
    /// <summary>Cells generated for the checks at most.</summary>
    private const int MostCells = 4_000_000;

    private readonly IPathGenerator _inner;
    private readonly GenerationShape _shape;
    private readonly Lazy<JsonObject> _report;

    private SeverityCheckedGenerator(IPathGenerator inner, GenerationShape shape, IReadOnlyList<SeverityCheck> checks)
    {
        _inner = inner;
        _shape = shape;
        _report = new(() =>
        {
            var report = (JsonObject)inner.Report.DeepClone();
            report["severity_checks"] = Evaluate(checks);
            return report;
        });
    }

    /// <exception cref="ScenarioRefusedException">A check names a driver that the generator does not have.</exception>
    public static IPathGenerator Over(
        IPathGenerator inner,
        GenerationShape shape,
        IReadOnlyList<SeverityCheck> checks,
        string field = "generator_spec.severity_checks"
    )
    {
        if (checks.Count == 0)
            return inner;
        string[] ids = [.. inner.Drivers.Select(d => d.Id)];
        FieldError[] unknown =
        [
            .. checks
                .Select((check, i) => (check, i))
                .Where(x => !ids.Contains(x.check.Id, StringComparer.Ordinal))
                .Select(x => new FieldError(
                    ErrorCodes.UnknownValue,
                    $"{field}[{x.i}].id",
                    $"'{x.check.Id}' is not a driver of the set{Spelling.Suggest(x.check.Id, ids)}"
                )),
        ];
        return unknown.Length == 0
            ? new SeverityCheckedGenerator(inner, shape, checks)
            : throw new ScenarioRefusedException(unknown);
    }

    public IReadOnlyList<Driver> Drivers => _inner.Drivers;

    public JsonObject Report => _report.Value;

    public void Generate(int firstPath, Span<double> destination) => _inner.Generate(firstPath, destination);

    public PathAnnotation? Describe(int path) => _inner.Describe(path);

    private JsonArray Evaluate(IReadOnlyList<SeverityCheck> checks)
    {
        int width = Drivers.Count;
        int steps = _shape.HorizonDays;
        int paths = Math.Clamp(MostCells / (steps * width), 1, _shape.NumPaths);
        int[] columns = [.. checks.Select(c => Enumerable.Range(0, width).First(i => Drivers[i].Id == c.Id))];
        double[][] values = [.. checks.Select(_ => new double[paths * steps])];
        double[] cells = new double[steps * width];
        for (int p = 0; p < paths; p++)
        {
            _inner.Generate(p, cells);
            for (int c = 0; c < checks.Count; c++)
            {
                for (int h = 0; h < steps; h++)
                    values[c][p * steps + h] = cells[h * width + columns[c]];
            }
        }

        var results = new JsonArray();
        for (int c = 0; c < checks.Count; c++)
        {
            SeverityResult result = checks[c].Evaluate(values[c], steps);
            JsonObject entry = result.Detail;
            entry["id"] = checks[c].Id;
            entry["tail"] = checks[c].Lower ? "lower" : "upper";
            entry["verdict"] = result.Verdict;
            entry["paths_examined"] = paths;
            if (checks[c].Source is { } source)
                entry["source"] = source;
            results.Add((JsonNode)entry);
        }

        return results;
    }
}
