using System.Globalization;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Tails;

/// <summary>An estimate of the extreme-value index ξ (positive: a power tail with exponent α = 1/ξ).</summary>
/// <param name="Shape">ξ.</param>
/// <param name="StandardError">Asymptotic, for independent observations.</param>
/// <param name="OrderStatistics">k, the number of largest observations used.</param>
/// <param name="Threshold">The observation below them, X₍ₖ₊₁₎ (X₍₄ₖ₎ for Pickands).</param>
public sealed record TailIndex(double Shape, double StandardError, int OrderStatistics, double Threshold)
{
    /// <summary>α = 1/ξ; +∞ when ξ ≤ 0, where the tail is lighter than any power.</summary>
    public double Exponent => Shape > 0.0 ? 1.0 / Shape : double.PositiveInfinity;

    /// <summary>Hill (1975): mean of ln X₍ᵢ₎ − ln X₍ₖ₊₁₎ over the k largest; for ξ &gt; 0 only, se ξ/√k.</summary>
    /// <param name="sample">Losses or other values whose upper tail is meant; the k + 1 largest must be positive.</param>
    public static TailIndex Hill(ReadOnlySpan<double> sample, int k, string field)
    {
        double[] top = Largest(sample, k, k + 1, field);
        double first = LogMoment(top, k, 1, field);
        return new TailIndex(first, first / Math.Sqrt(k), k, top[k]);
    }

    /// <summary>Pickands (1975): ln[(X₍ₖ₎ − X₍₂ₖ₎)/(X₍₂ₖ₎ − X₍₄ₖ₎)]/ln 2, for any ξ; uses 4k observations.</summary>
    public static TailIndex Pickands(ReadOnlySpan<double> sample, int k, string field)
    {
        double[] top = Largest(sample, k, 4 * k, field, positive: false);
        double near = top[k - 1] - top[2 * k - 1];
        double far = top[2 * k - 1] - top[4 * k - 1];
        if (!(near > 0.0) || !(far > 0.0))
            throw new ScenarioRefusedException(
                ErrorCodes.BadData,
                field,
                $"the order statistics {k}, {2 * k} and {4 * k} from the top are tied; use other k or mend stale values"
            );
        double ln2 = StableMath.Log(2.0);
        double shape = StableMath.Log(near / far) / ln2;
        double spread = StableMath.Expm1(shape * ln2);
        // ξ/(2^ξ − 1) → 1/ln 2.
        double ratio = Math.Abs(shape) < 1e-8 ? 1.0 / ln2 : shape / spread;
        double error = ratio * Math.Sqrt(StableMath.Exp((2.0 * shape + 1.0) * ln2) + 1.0) / (2.0 * ln2 * Math.Sqrt(k));
        return new TailIndex(shape, error, k, top[4 * k - 1]);
    }

    /// <summary>
    /// The moment estimator of Dekkers, Einmahl and de Haan (1989): M₁ + 1 − ½/(1 − M₁²/M₂), for any ξ.
    /// </summary>
    public static TailIndex Moment(ReadOnlySpan<double> sample, int k, string field)
    {
        double[] top = Largest(sample, k, k + 1, field);
        double first = LogMoment(top, k, 1, field);
        double second = LogMoment(top, k, 2, field);
        if (!(second > 0.0))
            throw Tied(k, field);
        double shape = first + 1.0 - 0.5 / (1.0 - first * first / second);
        return new TailIndex(shape, Math.Sqrt(Variance(shape) / k), k, top[k]);
    }

    /// <summary>The k used where none is asked for: 5 % of the sample, at least 25, and a quarter of it at most.</summary>
    public static int DefaultOrder(int count) => Math.Min(Math.Max(25, count / 20), Math.Max(1, count / 4));

    private static double Variance(double shape)
    {
        if (shape >= 0.0)
            return 1.0 + shape * shape;
        double one = 1.0 - shape;
        double two = 1.0 - 2.0 * shape;
        return one
            * one
            * two
            * (
                4.0
                - 8.0 * two / (1.0 - 3.0 * shape)
                + (5.0 - 11.0 * shape) * two / ((1.0 - 3.0 * shape) * (1.0 - 4.0 * shape))
            );
    }

    private static double LogMoment(double[] top, int k, int power, string field)
    {
        double foot = StableMath.Log(top[k]);
        double sum = 0.0;
        for (int i = 0; i < k; i++)
        {
            double excess = StableMath.Log(top[i]) - foot;
            sum += power == 1 ? excess : excess * excess;
        }

        if (!(sum > 0.0))
            throw Tied(k, field);
        return sum / k;
    }

    private static double[] Largest(ReadOnlySpan<double> sample, int k, int needed, string field, bool positive = true)
    {
        if (k < 2 || needed > sample.Length)
            throw new ScenarioRefusedException(
                ErrorCodes.TooFewExceedances,
                field,
                $"{sample.Length} observations for k = {k}; k is at least 2 and needs {needed} observations"
            );
        double[] sorted = sample.ToArray();
        Array.Sort(sorted);
        Array.Reverse(sorted);
        if (positive && !(sorted[needed - 1] > 0.0))
            throw new ScenarioRefusedException(
                ErrorCodes.OutOfRange,
                field,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the {needed} largest values reach down to {sorted[needed - 1]}; logarithms need positive ones; use a smaller k"
                )
            );
        return sorted[..needed];
    }

    private static ScenarioRefusedException Tied(int k, string field) =>
        new(ErrorCodes.BadData, field, $"the {k + 1} largest values are all the same; a tail needs them to differ");
}
