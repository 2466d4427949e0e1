using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Tails.Margins;

/// <summary>
/// How well fitted margins fit: Cramér–von Mises on the probabilities that a margin gives to its own data (for <c>gpd</c>
/// to the excesses of each tail; the body between is the data), with p by parametric bootstrap, as Lilliefors' test is.
/// </summary>
public static class MarginGoodness
{
    // Draws of their own, beside those that the set is made of.
    private const int ReplicateLane = 0x4000;
    private const int PartsPerSeries = 2;

    /// <summary>One entry per part tested; empty when nothing is asked or nothing was fitted.</summary>
    /// <param name="rows">T × n values that the margins were fitted to.</param>
    /// <param name="lane">That of the margins' own draws.</param>
    public static JsonArray Describe(
        MarginSpec spec,
        IReadOnlyList<IMargin> margins,
        double[] rows,
        IReadOnlyList<string> ids,
        PhiloxStream stream,
        ushort lane
    )
    {
        var tests = new JsonArray();
        if (spec.Replicates == 0)
            return tests;
        for (int i = 0; i < margins.Count; i++)
        {
            double[] column = new double[rows.Length / margins.Count];
            for (int t = 0; t < column.Length; t++)
                column[t] = rows[t * margins.Count + i];
            int part = 0;
            foreach ((string name, double[] sample, FittedPart fitted) in Parts(margins[i], column))
            {
                (CramerVonMises test, ParametricBootstrap bootstrap) = Test(
                    sample,
                    fitted,
                    spec.Replicates,
                    stream,
                    (ushort)(lane | ReplicateLane),
                    i * PartsPerSeries + part++
                );
                JsonObject entry = bootstrap.Describe();
                entry["series"] = ids[i];
                entry["part"] = name;
                entry["statistic"] = test.Statistic;
                entry["observations"] = sample.Length;
                entry["verdict"] =
                    double.IsNaN(bootstrap.PValue) ? "undecided"
                    : bootstrap.PValue >= 0.01 ? "pass"
                    : "warn";
                tests.Add((JsonNode)entry);
            }
        }

        return tests;
    }

    /// <summary>A fitted distribution, and how it is fitted again.</summary>
    internal sealed record FittedPart(
        Func<double, double> Cdf,
        Func<double, double> Quantile,
        Func<double[], FittedPart> Refit
    );

    internal static (CramerVonMises Test, ParametricBootstrap Bootstrap) Test(
        double[] sample,
        FittedPart fitted,
        int replicates,
        PhiloxStream stream,
        ushort lane,
        int step
    )
    {
        CramerVonMises test = CramerVonMises.OfUniforms([.. sample.Select(fitted.Cdf)]);
        ParametricBootstrap bootstrap = ParametricBootstrap.Of(
            test.Statistic,
            replicates,
            b =>
            {
                double[] drawn = new double[sample.Length];
                stream.FillUniforms(drawn, b, step, DrawPurpose.Margin, lane);
                for (int i = 0; i < drawn.Length; i++)
                    drawn[i] = fitted.Quantile(drawn[i]);
                return CramerVonMises.OfUniforms([.. drawn.Select(fitted.Refit(drawn).Cdf)]).Statistic;
            }
        );
        return (test, bootstrap);
    }

    internal static FittedPart Student(double[] sample)
    {
        var margin = new StudentMargin(StudentFit.Of(sample, "replicate"));
        return new FittedPart(margin.Cdf, margin.Quantile, Student);
    }

    internal static FittedPart Normal(double[] sample)
    {
        NormalMargin margin = NormalMargin.Of(sample);
        return new FittedPart(margin.Cdf, margin.Quantile, Normal);
    }

    /// <param name="excesses">Over a threshold, all positive.</param>
    internal static FittedPart Pareto(double[] excesses) =>
        Pareto(GeneralizedParetoFit.Over(excesses, 0.0, "replicate").Tail);

    private static FittedPart Pareto(GeneralizedPareto tail) =>
        new(tail.Cdf, u => tail.QuantileOfSurvival(1.0 - u), Pareto);

    private static IEnumerable<(string Name, double[] Sample, FittedPart Fitted)> Parts(
        IMargin margin,
        double[] column
    ) =>
        margin switch
        {
            StudentMargin t => [("whole", column, new FittedPart(t.Cdf, t.Quantile, Student))],
            NormalMargin n => [("whole", column, new FittedPart(n.Cdf, n.Quantile, Normal))],
            SemiParametricMargin both =>
            [
                ("lower_tail", Excesses([.. column.Select(x => -x)], both.Lower.Threshold), Pareto(both.Lower.Tail)),
                ("upper_tail", Excesses(column, both.Upper.Threshold), Pareto(both.Upper.Tail)),
            ],
            _ => [],
        };

    private static double[] Excesses(double[] values, double threshold) =>
        [.. values.Where(x => x > threshold).Select(x => x - threshold)];
}
