using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Dependence;
using Prometheus.Synthetic.Scenarios.Dependence.Elliptical;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Tails.Margins;

namespace Prometheus.Synthetic.Scenarios.Analysis;

/// <summary>
/// Which margins and which copula a panel bears: each kind that a spec can ask for is fitted and tested by parametric
/// bootstrap, with the methods that <c>goodness_of_fit_replicates</c> uses. The replicates are independent days: where
/// volatility clusters, p of raw returns leans low, and comparing kinds says more than a verdict. For people; never hashed.
/// </summary>
/// <param name="Replicates">Of each bootstrap.</param>
/// <param name="Margins">One entry per series, kind and part; one without a p where the kind cannot be fitted, with the reason.</param>
/// <param name="Copulas">One entry per elliptical family over all series; empty for a single series.</param>
public sealed record FitAnalysis(int Replicates, IReadOnlyList<JsonObject> Margins, IReadOnlyList<JsonObject> Copulas)
{
    /// <summary>Where a number of replicates is asked for.</summary>
    public const string Field = "--goodness-of-fit";

    private const double TailFraction = 0.10;

    // Draws of the copula's test beside those of the margins'.
    private const ushort MarginLane = 0;
    private const ushort CopulaLane = 1;

    private static readonly (string Name, MarginKind Kind)[] s_kinds =
    [
        ("normal", MarginKind.Normal),
        ("student_t", MarginKind.StudentT),
        ("gpd", MarginKind.Gpd),
    ];

    /// <param name="constant">Drivers that never move; nothing is fitted to them.</param>
    /// <param name="replicates"><see cref="ParametricBootstrap.FewestReplicates"/> to <see cref="ParametricBootstrap.MostReplicates"/>.</param>
    /// <param name="progress">Told the tests done, of how many.</param>
    /// <exception cref="ScenarioRefusedException">The replicates are out of range, or the fits would be too many.</exception>
    public static FitAnalysis Of(
        ShockPanel panel,
        IReadOnlyList<string> constant,
        int replicates,
        Action<int, int>? progress = null,
        CancellationToken ct = default
    )
    {
        if (replicates is < ParametricBootstrap.FewestReplicates or > ParametricBootstrap.MostReplicates)
            throw new ScenarioRefusedException(
                ErrorCodes.OutOfRange,
                Field,
                $"{replicates} replicates; give {ParametricBootstrap.FewestReplicates} to {ParametricBootstrap.MostReplicates}, or leave it out for no test"
            );
        int[] moving =
        [
            .. Enumerable
                .Range(0, panel.Width)
                .Where(k => !constant.Contains(panel.Drivers[k].Id, StringComparer.Ordinal)),
        ];
        string[] ids = [.. moving.Select(k => panel.Drivers[k].Id)];
        double[][] series = [.. moving.Select(panel.Column)];
        // A normal, a t and two tails each.
        ParametricBootstrap.RefuseTooMany(replicates, 4L * ids.Length, "margins and tails", Field);
        string[] families = ids.Length > 1 ? ["gaussian", "student_t"] : [];
        int total = ids.Length * s_kinds.Length + families.Length;
        // The same question has the same answer.
        var stream = new PhiloxStream(0);
        var margins = new List<JsonObject>();
        var copulas = new List<JsonObject>();
        int done = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            foreach ((string name, MarginKind kind) in s_kinds)
            {
                margins.AddRange(
                    Test(series[i], ids[i], name, new MarginSpec(kind, TailFraction, ids[i]), replicates, stream)
                );
                Step();
            }
        }

        double[][] ranks = [.. series.Select(x => Ranks.Of(x).Uniforms)];
        foreach (string family in families)
        {
            copulas.Add(Test(ranks, ids, family, replicates, stream));
            Step();
        }

        return new FitAnalysis(replicates, margins, copulas);

        void Step()
        {
            progress?.Invoke(++done, total);
            ct.ThrowIfCancellationRequested();
        }
    }

    private static IEnumerable<JsonObject> Test(
        double[] series,
        string id,
        string kind,
        MarginSpec spec,
        int replicates,
        PhiloxStream stream
    )
    {
        try
        {
            spec = spec with { Replicates = replicates };
            IMargin[] margin = spec.Fit(series, [id]);
            JsonArray tests = MarginGoodness.Describe(spec, margin, series, [id], stream, MarginLane);
            return [.. tests.Select(t => Named(t!.DeepClone().AsObject(), "kind", kind))];
        }
        catch (ScenarioRefusedException refused)
        {
            return [Named(NotFitted(refused), "kind", kind, "series", id)];
        }
    }

    private static JsonObject Test(double[][] ranks, string[] ids, string family, int replicates, PhiloxStream stream)
    {
        try
        {
            EllipticalFit.RefuseWidth(ids.Length, "SERIES");
            ParametricBootstrap.RefuseTooMany(replicates, ids.Length * (ids.Length - 1L) / 2, "pairs", Field);
            ICopula Fit(double[][] others) =>
                EllipticalFit.Of(others, ids, family == "student_t", null, "SERIES").Copula;
            ICopula copula = Fit(ranks);
            JsonObject test = GoodnessOfFit.Of(copula, ranks, replicates, Fit, stream, CopulaLane).Describe();
            test["parameters"] = copula.Describe();
            return Named(test, "family", family);
        }
        catch (ScenarioRefusedException refused)
        {
            return Named(NotFitted(refused), "family", family);
        }
    }

    private static JsonObject NotFitted(ScenarioRefusedException refused) =>
        new()
        {
            ["p_value"] = null,
            ["verdict"] = "not_fitted",
            ["reason"] = refused.Message,
        };

    private static JsonObject Named(JsonObject test, params ReadOnlySpan<string> names)
    {
        for (int i = 0; i < names.Length; i += 2)
            test[names[i]] = names[i + 1];
        return test;
    }
}
