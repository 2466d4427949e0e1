using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Dependence;

/// <summary>
/// How well a copula fits: the observations taken through Rosenblatt's transform are independent uniforms if it does.
/// Each column is tested for uniformity, and so is the χ² probability of each row's squared normal scores, which sees
/// joint misfit (Breymann, Dias and Embrechts 2003). Parameters estimated from the same data make the tests' own p lean
/// high; the parametric bootstrap's do not.
/// </summary>
/// <param name="Columns">One test per variable, in the copula's order of variables.</param>
/// <param name="Joint">Of the rows' squared distances.</param>
/// <param name="Rows">Observations used.</param>
public sealed record GoodnessOfFit(IReadOnlyList<CramerVonMises> Columns, CramerVonMises Joint, int Rows)
{
    // Draws of their own, beside those that the set is made of.
    private const int ReplicateLane = 0x4000;

    /// <summary>
    /// S⁽ᴮ⁾, the Cramér–von Mises distance of the transformed rows from the uniform distribution on the cube; it sees
    /// asymmetry, where the rows' squared distances see joint tails.
    /// </summary>
    public required double Distance { get; init; }

    /// <summary>p of the joint test with estimated parameters; null when it was not asked for.</summary>
    public ParametricBootstrap? JointBootstrap { get; init; }

    /// <summary>p of <see cref="Distance"/>; null when it was not asked for.</summary>
    public ParametricBootstrap? DistanceBootstrap { get; init; }

    /// <summary>The p that the verdict goes by: of both bootstraps (Bonferroni) where there are any, else the joint test's.</summary>
    public double PValue =>
        JointBootstrap is { } joint && DistanceBootstrap is { } distance && !double.IsNaN(joint.PValue)
            ? Math.Min(1.0, 2.0 * Math.Min(joint.PValue, distance.PValue))
            : Joint.PValue;

    /// <summary>With p by parametric bootstrap: as many rows are drawn from the copula, ranked, fitted and measured.</summary>
    /// <param name="refit">Fits the same kind of copula to other pseudo-observations.</param>
    public static GoodnessOfFit Of(
        ICopula copula,
        double[][] columns,
        int replicates,
        Func<double[][], ICopula> refit,
        PhiloxStream stream,
        ushort lane
    )
    {
        GoodnessOfFit observed = Of(copula, columns);
        if (replicates == 0)
            return observed;
        int count = columns[0].Length;
        ParametricBootstrap[] found = ParametricBootstrap.Of(
            [observed.Joint.Statistic, observed.Distance],
            replicates,
            b =>
            {
                double[] rows = new double[count * copula.Width];
                copula.Fill(stream, (ushort)(lane | ReplicateLane), b, count, rows);
                double[][] ranked = Ranks.OfColumns(rows, copula.Width).Columns;
                GoodnessOfFit replicate = Of(refit(ranked), ranked);
                return [replicate.Joint.Statistic, replicate.Distance];
            }
        );
        return observed with { JointBootstrap = found[0], DistanceBootstrap = found[1] };
    }

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
        return new GoodnessOfFit(tests, CramerVonMises.OfUniforms(joint), used) { Distance = DistanceOf(rows, width) };
    }

    /// <summary>
    /// n/3ᴷ − 2^(1−K)·Σᵢ Πₖ(1 − e²ᵢₖ) + (1/n)·ΣᵢΣⱼ Πₖ(1 − max(eᵢₖ, eⱼₖ)) (Genest, Rémillard and Beaudoin 2009, appendix C).
    /// </summary>
    private static double DistanceOf(double[] rows, int width)
    {
        int count = rows.Length / width;
        double ones = 0.0;
        double pairs = 0.0;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<double> one = rows.AsSpan(i * width, width);
            double single = 1.0;
            double self = 1.0;
            foreach (double e in one)
            {
                single *= 1.0 - e * e;
                self *= 1.0 - e;
            }

            ones += single;
            double others = 0.0;
            for (int j = 0; j < i; j++)
            {
                double product = 1.0;
                for (int k = 0; k < width; k++)
                    product *= 1.0 - Math.Max(one[k], rows[j * width + k]);
                others += product;
            }

            pairs += self + 2.0 * others;
        }

        double scale = 1.0;
        double halves = 2.0;
        for (int k = 0; k < width; k++)
        {
            scale /= 3.0;
            halves *= 0.5;
        }

        return count * scale - halves * ones + pairs / count;
    }

    public JsonObject Describe()
    {
        var report = new JsonObject
        {
            ["test"] = "Rosenblatt transform, Cramer-von Mises",
            ["rows"] = Rows,
            ["joint_statistic"] = Joint.Statistic,
            ["joint_p_value"] = Joint.PValue,
            ["least_column_p_value"] = Columns.Min(c => c.PValue),
            ["verdict"] = PValue >= 0.01 ? "pass" : "warn",
        };
        if (JointBootstrap is { } joint)
            report["joint_bootstrap"] = joint.Describe();
        if (DistanceBootstrap is { } distance)
        {
            report["distance_statistic"] = Distance;
            report["distance_bootstrap"] = distance.Describe();
        }

        return report;
    }
}
