using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Combination;

/// <summary>The paths of a set with the probabilities that entropy pooling gives them under views.</summary>
internal sealed class ViewsGenerator : IPathGenerator
{
    private readonly IPathGenerator _base;
    private readonly EntropyPooling _pooling;

    public ViewsGenerator(IPathGenerator inner, BaseSet set, IReadOnlyList<ViewSpec> views, GenerationShape shape)
    {
        if (shape.NumPaths != set.NumPaths || shape.HorizonDays != set.HorizonDays)
            throw new ScenarioRefusedException(
                ErrorCodes.Conflict,
                shape.NumPaths != set.NumPaths ? "num_paths" : "horizon_days",
                $"views weigh every path of {set.Name} version {set.Version} as it is: ask for its {set.NumPaths} paths of {set.HorizonDays} steps"
            );
        _base = inner;
        int[] drivers = [.. views.Select(v => DriverOf(v, inner.Drivers))];
        double[] prior = new double[set.NumPaths];
        double[][] outcomes = Outcomes(inner, views, drivers, set, prior);
        _pooling = EntropyPooling.Solve(prior, [.. views.Select((v, i) => v.On(outcomes[i], prior))]);
        Report = new JsonObject
        {
            ["method"] = "entropy_pooling",
            ["base"] = BaseSetReport.Of(set),
            ["relative_entropy"] = _pooling.RelativeEntropy,
            ["effective_scenarios"] = _pooling.EffectiveScenarios,
            ["largest_probability"] = _pooling.Probabilities.Max(),
            ["iterations"] = _pooling.Iterations,
            ["views"] = new JsonArray([
                .. views.Select(
                    (v, i) =>
                        new JsonObject
                        {
                            ["driver"] = v.Id,
                            ["statistic"] = v.Statistic,
                            ["step"] = v.Step,
                            ["value"] = v.Value,
                            ["residual"] = _pooling.Residuals[i],
                        }
                ),
            ]),
        };
    }

    public IReadOnlyList<Driver> Drivers => _base.Drivers;

    public JsonObject Report { get; }

    public void Generate(int firstPath, Span<double> destination) => _base.Generate(firstPath, destination);

    public PathAnnotation? Describe(int path) => Weighed(path, _base.Describe(path));

    public PathAnnotation?[] GenerateDescribed(int firstPath, int count, Span<double> destination) =>
        [.. _base.GenerateDescribed(firstPath, count, destination).Select((a, i) => Weighed(firstPath + i, a))];

    private PathAnnotation Weighed(int path, PathAnnotation? before) =>
        (before ?? new PathAnnotation()) with
        {
            Probability = _pooling.Probabilities[path],
        };

    private static int DriverOf(ViewSpec view, IReadOnlyList<Driver> drivers)
    {
        for (int k = 0; k < drivers.Count; k++)
        {
            if (drivers[k].Kind == view.Kind && drivers[k].Id == view.Id)
                return k;
        }

        throw new ScenarioRefusedException(
            ErrorCodes.NotFound,
            view.Field.Replace(".value", ".driver", StringComparison.Ordinal),
            $"'{view.Id}' is no {view.Kind.ToString().ToLowerInvariant()} of the base set{Spelling.Suggest(view.Id, drivers.Select(d => d.Id))}"
        );
    }

    private static double[][] Outcomes(
        IPathGenerator inner,
        IReadOnlyList<ViewSpec> views,
        int[] drivers,
        BaseSet set,
        double[] prior
    )
    {
        int width = inner.Drivers.Count;
        double[] path = new double[set.HorizonDays * width];
        double[][] outcomes = [.. views.Select(_ => new double[set.NumPaths])];
        for (int p = 0; p < set.NumPaths; p++)
        {
            prior[p] = inner.GenerateDescribed(p, 1, path)[0]?.Probability ?? 1.0 / prior.Length;
            for (int v = 0; v < views.Count; v++)
                outcomes[v][p] = Outcome(path, width, drivers[v], views[v]);
        }

        return outcomes;
    }

    private static double Outcome(double[] path, int width, int k, ViewSpec view)
    {
        int horizon = path.Length / width;
        if (view.Step > horizon)
            throw new ScenarioRefusedException(
                ErrorCodes.OutOfRange,
                view.Field.Replace(".value", ".step", StringComparison.Ordinal),
                $"step {view.Step} is after the base set's horizon of {horizon}"
            );
        if (view.Step > 0)
            return path[(view.Step - 1) * width + k];
        double sum = 0.0;
        double product = 1.0;
        for (int h = 0; h < horizon; h++)
        {
            sum += path[h * width + k];
            product *= 1.0 + path[h * width + k];
        }

        return view.Kind == DriverKind.Macro ? sum : product - 1.0;
    }
}
