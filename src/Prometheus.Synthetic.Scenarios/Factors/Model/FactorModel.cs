using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Factors.Model;

/// <summary>
/// r = α + B·f + ε of N instruments on the first R of C sampled columns, with the pool's residuals. All sums run over
/// the columns in their order, the intercept first.
/// </summary>
public sealed class FactorModel
{
    /// <summary>Loadings are padded to whole vectors of this many instruments.</summary>
    public const int Padding = 16;

    internal FactorModel(
        string id,
        IReadOnlyList<Driver> instruments,
        IReadOnlyList<Driver> columns,
        int regressors,
        double[] alpha,
        double[] exposures
    )
    {
        Id = id;
        Instruments = instruments;
        Columns = columns;
        Regressors = regressors;
        Stride = (instruments.Count + Padding - 1) / Padding * Padding;
        Intercepts = new double[Stride];
        alpha.CopyTo(Intercepts, 0);
        Loadings = new double[Stride * regressors];
        for (int i = 0; i < instruments.Count; i++)
        {
            for (int f = 0; f < regressors; f++)
                Loadings[f * Stride + i] = exposures[i * regressors + f];
        }
    }

    /// <summary>Registry id, or <c>estimated</c>.</summary>
    public string Id { get; }

    /// <summary>The N instruments.</summary>
    public IReadOnlyList<Driver> Instruments { get; }

    /// <summary>The C sampled columns: factors, then macro series; the first R drive the instruments.</summary>
    public IReadOnlyList<Driver> Columns { get; }

    /// <summary>Number R of columns that drive the instruments.</summary>
    public int Regressors { get; }

    /// <summary>α, padded with zeros to <see cref="Stride"/>.</summary>
    public double[] Intercepts { get; }

    /// <summary>B, one column after the other: exposure of instrument i to column f at f · Stride + i.</summary>
    public double[] Loadings { get; }

    /// <summary>N rounded up to whole vectors.</summary>
    public int Stride { get; }

    /// <summary>α + B·f of instrument <paramref name="i"/>, in the order the kernel adds.</summary>
    /// <param name="columns">One day's C values.</param>
    public double Explained(int i, ReadOnlySpan<double> columns)
    {
        double sum = Intercepts[i];
        for (int f = 0; f < Regressors; f++)
            sum += Loadings[f * Stride + i] * columns[f];
        return sum;
    }

    /// <summary>ids, α and B, every digit: with the stored paths, ε = r − α − B·f.</summary>
    public JsonObject Describe() =>
        new()
        {
            ["factor_model_id"] = Id,
            ["columns"] = new JsonArray([.. Columns.Take(Regressors).Select(c => (JsonNode)c.Id)]),
            ["instruments"] = new JsonArray([.. Instruments.Select(i => (JsonNode)i.Id)]),
            ["alpha"] = new JsonArray([.. Intercepts.Take(Instruments.Count).Select(v => (JsonNode)v)]),
            ["exposures"] = new JsonArray([
                .. Enumerable
                    .Range(0, Instruments.Count)
                    .Select(i => new JsonArray([
                        .. Enumerable.Range(0, Regressors).Select(f => (JsonNode)Loadings[f * Stride + i]),
                    ])),
            ]),
        };
}
