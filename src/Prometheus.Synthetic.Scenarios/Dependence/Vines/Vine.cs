using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Dependence.Vines;

/// <summary>A fitted regular vine on K variables.</summary>
public sealed class Vine : ICopula
{
    private readonly VineOrder _order;
    private readonly VineSampler _sampler;

    internal Vine(int width, IReadOnlyList<VineEdge> edges, VineOptions options, double logLikelihood, int parameters)
    {
        Width = width;
        Edges = edges;
        Options = options;
        LogLikelihood = logLikelihood;
        Parameters = parameters;
        _order = VineOrder.Of(this, options.First) ?? VineOrder.Of(this, [])!;
        _sampler = new VineSampler(this, _order, [], []);
    }

    public int Width { get; }

    /// <summary>Tree after tree.</summary>
    public IReadOnlyList<VineEdge> Edges { get; }

    public VineOptions Options { get; }

    public double LogLikelihood { get; }

    /// <summary>Number of fitted parameters.</summary>
    public int Parameters { get; }

    public double Aic => 2.0 * Parameters - 2.0 * LogLikelihood;

    /// <summary>The variables in the order in which they are drawn.</summary>
    public IReadOnlyList<int> Order => _order.Variables;

    public void Fill(PhiloxStream stream, ushort lane, int firstPath, int steps, Span<double> rows) =>
        _sampler.Fill(stream, lane, firstPath, steps, rows);

    /// <summary>A sampler of the other variables jointly, given the values of some.</summary>
    /// <param name="variables">Which are given.</param>
    /// <param name="uniforms">Their probabilities F(x) in (0, 1).</param>
    /// <exception cref="ScenarioRefusedException">
    /// The given variables form no vine of their own in this one; fit it with them named first, which always does.
    /// </exception>
    public ICopula Given(IReadOnlyList<int> variables, IReadOnlyList<double> uniforms, string field)
    {
        VineOrder order =
            VineOrder.Of(this, variables)
            ?? throw new ScenarioRefusedException(
                ErrorCodes.Infeasible,
                field,
                $"the {variables.Count} given variables form no vine of their own within the fitted one, so the others cannot be drawn jointly given them; fit the vine with these variables named first"
            );
        return new VineSampler(this, order, variables, uniforms);
    }

    public void Rosenblatt(Span<double> rows) => _sampler.Rosenblatt(rows);

    public JsonObject Describe()
    {
        var report = new JsonObject
        {
            ["family"] = "vine",
            ["log_likelihood"] = LogLikelihood,
            ["parameters"] = Parameters,
            ["truncation"] = Options.Truncation,
            ["independence_level"] = Options.IndependenceLevel,
            ["order"] = new JsonArray([.. Order.Select(i => (JsonNode)i)]),
        };
        var edges = new JsonArray();
        foreach (VineEdge edge in Edges)
        {
            if (Options.Truncation is { } most && edge.Level > most)
                continue;
            JsonObject pair = edge.Copula.Describe();
            pair["tree"] = edge.Level;
            pair["pair"] = new JsonArray(edge.A, edge.B);
            pair["given"] = new JsonArray([.. edge.Given.Select(d => (JsonNode)d)]);
            edges.Add((JsonNode)pair);
        }

        report["edges"] = edges;
        return report;
    }
}
