using System.Globalization;
using Prometheus.Synthetic.Scenarios.Dependence;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Tails;

/// <summary>
/// The moment estimator of Dekkers, Einmahl and de Haan (1989) for values that are not equally likely: sums over the
/// largest become weighted sums, as Bertail, Chautru and Clémençon do with Hill's (ESAIM: Probability and Statistics 19,
/// 2015), and the threshold is the weighted quantile. With equal weights it is <see cref="TailIndex.Moment"/>.
/// </summary>
/// <param name="Index">ξ, its standard error, the number of values above the threshold, and the threshold.</param>
/// <param name="EffectivePaths">Kish's effective number of the paths that hold the tail: (ΣW)²/ΣW², W the weight of a path's values in it.</param>
/// <param name="WeightTrend">
/// Spearman's correlation of weight and value within the tail times √k, near standard normal when they have nothing to do with each other.
/// The theory wants weights that stay bounded: where they rise with the value, what would count most lies beyond the sample.
/// </param>
public sealed record WeightedTailIndex(TailIndex Index, double EffectivePaths, double WeightTrend)
{
    /// <param name="values">Paths × steps values whose upper tail is meant, path after path.</param>
    /// <param name="weights">Of the paths, 0 or more, summing to 1.</param>
    /// <param name="share">Probability of the tail, in (0, 1).</param>
    /// <exception cref="ScenarioRefusedException">The tail holds fewer than two values, reaches down to zero, or is all one value.</exception>
    public static WeightedTailIndex Moment(
        ReadOnlySpan<double> values,
        ReadOnlySpan<double> weights,
        double share,
        string field
    )
    {
        int steps = values.Length / weights.Length;
        double[] sorted = values.ToArray();
        int[] places = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, places);
        Array.Reverse(sorted);
        Array.Reverse(places);
        double[] weight = new double[sorted.Length];
        for (int i = 0; i < weight.Length; i++)
            weight[i] = weights[places[i] / steps] / steps;

        // As many values as it takes to reach the share; a rounding of the sum must not take one more.
        double mass = 0.0;
        int k = 0;
        while (k < sorted.Length && mass < share * (1.0 - 1e-12))
            mass += weight[k++];
        if (k < 2 || k >= sorted.Length)
            throw new ScenarioRefusedException(
                ErrorCodes.TooFewExceedances,
                field,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{k} of {sorted.Length} values hold the likeliest {share:P1} of the tail; two and one below them are needed"
                )
            );
        if (!(sorted[k] > 0.0))
            throw new ScenarioRefusedException(
                ErrorCodes.OutOfRange,
                field,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the tail of {share:P1} reaches down to {sorted[k] + 0.0}; logarithms need positive values"
                )
            );
        (double shape, double[] influence) = Estimate(sorted, weight, k, mass, field);
        double[] byPath = new double[weights.Length];
        double[] held = new double[weights.Length];
        for (int i = 0; i < k; i++)
        {
            byPath[places[i] / steps] += weight[i] * influence[i];
            held[places[i] / steps] += weight[i];
        }

        double error = Math.Sqrt(byPath.Sum(x => x * x)) / mass;
        return new WeightedTailIndex(
            new TailIndex(shape, error, k, sorted[k]),
            mass * mass / held.Sum(x => x * x),
            Trend(weight.AsSpan(0, k))
        );
    }

    /// <summary>
    /// ξ, and what each value adds to its error per unit of weight: the estimator's linear part at a threshold that is
    /// itself estimated. With b the scale of the excesses ln(x/u), for ξ &gt; 0 their mean M₁, that of M₁ is E − b and that
    /// of M₂ is E² − 2M₁b; the chain rule does the rest. Squared and summed over equal weights it is
    /// (1 + ξ²)/k for ξ &gt; 0. Summed within a path before it is squared (Liang and Zeger 1986), since a path's steps need not be
    /// independent.
    /// </summary>
    private static (double Shape, double[] Influence) Estimate(
        double[] sorted,
        double[] weight,
        int k,
        double mass,
        string field
    )
    {
        double foot = StableMath.Log(sorted[k]);
        double[] excess = new double[k];
        double first = 0.0;
        double second = 0.0;
        for (int i = 0; i < k; i++)
        {
            excess[i] = StableMath.Log(sorted[i]) - foot;
            first += weight[i] * excess[i];
            second += weight[i] * excess[i] * excess[i];
        }

        first /= mass;
        second /= mass;
        double rest = 1.0 - first * first / second;
        if (!(second > 0.0) || !(rest > 0.0))
            throw new ScenarioRefusedException(
                ErrorCodes.BadData,
                field,
                $"the {k} largest values are all the same; a tail needs them to differ"
            );
        double negative = Math.Min(0.0, 1.0 - 0.5 / rest);
        double scale = first * (1.0 - negative);
        double ofFirst = 1.0 - first / second / (rest * rest);
        double ofSecond = 0.5 * first * first / (second * second) / (rest * rest);
        double[] influence = [.. excess.Select(e => ofFirst * (e - scale) + ofSecond * (e * e - 2.0 * first * scale))];
        return (first + 1.0 - 0.5 / rest, influence);
    }

    /// <summary>Spearman's correlation of weight and value, times √k.</summary>
    /// <param name="weights">Of the tail's values, the largest value first.</param>
    private static double Trend(ReadOnlySpan<double> weights)
    {
        int k = weights.Length;
        double[] ranks = Ranks.Of(weights).Uniforms;
        double products = 0.0;
        double ofWeights = 0.0;
        double ofValues = 0.0;
        for (int i = 0; i < k; i++)
        {
            double weight = ranks[i] - 0.5;
            double value = (k - i) / (k + 1.0) - 0.5;
            products += weight * value;
            ofWeights += weight * weight;
            ofValues += value * value;
        }

        // Weights that are all the same have no ranks to tell apart, but for rounding.
        return ofWeights > 1e-20 ? products / Math.Sqrt(ofWeights * ofValues) * Math.Sqrt(k) : 0.0;
    }
}
