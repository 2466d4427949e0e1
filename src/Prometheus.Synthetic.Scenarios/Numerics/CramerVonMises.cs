namespace Prometheus.Synthetic.Scenarios.Numerics;

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
