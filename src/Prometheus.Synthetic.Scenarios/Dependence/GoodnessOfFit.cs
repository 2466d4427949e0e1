using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Dependence;

/// <summary>The Cramér–von Mises distance of values from the uniform distribution, and how likely so large a one is.</summary>
/// <param name="Statistic">W² = 1/(12n) + Σ(u₍ᵢ₎ − (2i − 1)/(2n))².</param>
/// <param name="PValue">
/// From Stephens' modified statistic (JRSS B 32, 1970), log-linear between his points; below 0.001 it is only small.
/// </param>
public sealed record CramerVonMises(double Statistic, double PValue)
{
    private static readonly double[] Points = [0.0, 0.119, 0.284, 0.347, 0.461, 0.581, 0.743, 1.167];
    private static readonly double[] Levels = [1.0, 0.5, 0.15, 0.10, 0.05, 0.025, 0.01, 0.001];

    public static CramerVonMises OfUniforms(ReadOnlySpan<double> values)
    {
        double[] sorted = values.ToArray();
        Array.Sort(sorted);
        double n = sorted.Length;
        double sum = 1.0 / (12.0 * n);
        for (int i = 0; i < sorted.Length; i++)
        {
            double distance = sorted[i] - (2 * i + 1.0) / (2.0 * n);
            sum += distance * distance;
        }

        double modified = Math.Max((sum - 0.4 / n + 0.6 / (n * n)) * (1.0 + 1.0 / n), 0.0);
        int at = 1;
        while (at < Points.Length - 1 && modified > Points[at])
            at++;
        double share = (modified - Points[at - 1]) / (Points[at] - Points[at - 1]);
        double from = StableMath.Log(Levels[at - 1]);
        double p = StableMath.Exp(from + share * (StableMath.Log(Levels[at]) - from));
        return new CramerVonMises(sum, Math.Clamp(p, 0.0, 1.0));
    }
}

/// <summary>
/// How well a copula fits: the observations taken through Rosenblatt's transform are independent uniforms if it does.
/// Each column is tested for uniformity, and so is the χ² probability of each row's squared normal scores, which sees
/// joint misfit (Breymann, Dias and Embrechts 2003). Parameters estimated from the same data make the p-values lean high.
/// </summary>
/// <param name="Columns">One test per variable, in the copula's order of variables.</param>
/// <param name="Joint">Of the rows' squared distances.</param>
/// <param name="Rows">Observations used.</param>
public sealed record GoodnessOfFit(IReadOnlyList<CramerVonMises> Columns, CramerVonMises Joint, int Rows)
{
    /// <param name="columns">K columns of pseudo-observations.</param>
    /// <param name="mostRows">Observations used at most, evenly spread.</param>
    public static GoodnessOfFit Of(ICopula copula, double[][] columns, int mostRows = 2_000)
    {
        int width = columns.Length;
        int count = columns[0].Length;
        int used = Math.Min(count, mostRows);
        double[] rows = new double[used * width];
        for (int r = 0; r < used; r++)
        {
            int t = (int)((long)r * count / used);
            for (int i = 0; i < width; i++)
                rows[r * width + i] = columns[i][t];
        }

        copula.Rosenblatt(rows);
        double[] joint = new double[used];
        double[] column = new double[used];
        var tests = new CramerVonMises[width];
        for (int i = 0; i < width; i++)
        {
            for (int r = 0; r < used; r++)
            {
                double u = Math.Clamp(rows[r * width + i], 1e-15, 1.0 - 1e-15);
                column[r] = u;
                double z = StandardNormal.Quantile(u);
                joint[r] += z * z;
            }

            tests[i] = CramerVonMises.OfUniforms(column);
        }

        for (int r = 0; r < used; r++)
            joint[r] = ChiSquare.Cdf(joint[r], width);
        return new GoodnessOfFit(tests, CramerVonMises.OfUniforms(joint), used);
    }

    public JsonObject Describe() =>
        new()
        {
            ["test"] = "Rosenblatt transform, Cramer-von Mises",
            ["rows"] = Rows,
            ["joint_statistic"] = Joint.Statistic,
            ["joint_p_value"] = Joint.PValue,
            ["least_column_p_value"] = Columns.Min(c => c.PValue),
            ["verdict"] = Joint.PValue >= 0.01 ? "pass" : "warn",
        };
}
