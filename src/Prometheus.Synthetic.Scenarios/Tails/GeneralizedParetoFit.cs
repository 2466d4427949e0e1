using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Numerics.Optimisation;

namespace Prometheus.Synthetic.Scenarios.Tails;

/// <summary>
/// A generalized Pareto tail over a threshold, by maximum likelihood. The likelihood is maximised along the curve on
/// which ξ is the best one for its ratio θ = ξ/β, ξ(θ) = mean ln(1 + θy) (Grimshaw, Technometrics 35, 1993): one variable
/// instead of two, started at the probability-weighted-moment estimate.
/// </summary>
/// <param name="Threshold">u.</param>
/// <param name="Count">n, all observations.</param>
/// <param name="Exceedances">N_u, those above u.</param>
/// <param name="Covariance">Of (ξ, β), from the observed information; null where it does not exist.</param>
/// <param name="AtBound">True when ξ stopped at −½ or 2: below −½ the usual asymptotics do not hold.</param>
public sealed record GeneralizedParetoFit(
    GeneralizedPareto Tail,
    double Threshold,
    int Count,
    int Exceedances,
    double LogLikelihood,
    double[]? Covariance,
    GeneralizedPareto MomentStart,
    bool AtBound
)
{
    /// <summary>Fewest exceedances a tail is fitted to.</summary>
    public const int FewestExceedances = 50;
    private const double LowestShape = -0.5;
    private const double HighestShape = 2.0;

    public double ShapeError => Covariance is null ? double.NaN : Math.Sqrt(Covariance[0]);

    public double ScaleError => Covariance is null ? double.NaN : Math.Sqrt(Covariance[3]);

    /// <summary>N_u/n, the probability of exceeding the threshold.</summary>
    public double ExceedanceRate => (double)Exceedances / Count;

    /// <param name="sample">All observations, those whose upper tail is meant (losses are returns with the sign turned).</param>
    /// <param name="threshold">u.</param>
    /// <param name="field">Where the request asked for it, for refusals.</param>
    /// <exception cref="ScenarioRefusedException">Fewer than 50 exceedances, or all the same.</exception>
    public static GeneralizedParetoFit Over(ReadOnlySpan<double> sample, double threshold, string field)
    {
        var excesses = new List<double>();
        foreach (double x in sample)
        {
            if (x > threshold)
                excesses.Add(x - threshold);
        }

        excesses.Sort();
        double[] y = [.. excesses];
        if (y.Length < FewestExceedances)
            throw new ScenarioRefusedException(
                ErrorCodes.TooFewExceedances,
                field,
                $"{y.Length} of {sample.Length} observations exceed the threshold {threshold:G6}; a tail needs at least {FewestExceedances}; lower the threshold (a larger tail fraction) or give more history"
            );
        // A tail made of a handful of repeated values has no density to fit.
        int distinct = y.Distinct().Count();
        if (distinct < FewestExceedances / 2)
            throw new ScenarioRefusedException(
                ErrorCodes.BadData,
                field,
                $"the {y.Length} exceedances of {threshold:G6} have only {distinct} different values (ties); mend stale or rounded data"
            );

        GeneralizedPareto start = Moments(y);
        (GeneralizedPareto tail, bool atBound) = Maximise(y, start);
        double Negative(double[] p) =>
            p[1] > 0.0 ? -LogLikelihoodOf(new GeneralizedPareto(p[0], p[1]), y) : double.PositiveInfinity;
        double root = Math.Sqrt(y.Length);
        double[]? covariance = atBound
            ? null
            : ObservedInformation.Covariance(Negative, [tail.Shape, tail.Scale], [1.0 / root, tail.Scale / root]);
        return new GeneralizedParetoFit(
            tail,
            threshold,
            sample.Length,
            y.Length,
            LogLikelihoodOf(tail, y),
            covariance,
            start,
            atBound
        );
    }

    /// <summary>Probability-weighted moments (Hosking and Wallis, Technometrics 29, 1987), plotting positions (i − 0.35)/n.</summary>
    /// <param name="sorted">Excesses, ascending.</param>
    public static GeneralizedPareto Moments(ReadOnlySpan<double> sorted)
    {
        double a0 = 0.0;
        double a1 = 0.0;
        int n = sorted.Length;
        for (int i = 0; i < n; i++)
        {
            a0 += sorted[i];
            a1 += sorted[i] * (1.0 - (i + 0.65) / n);
        }

        a0 /= n;
        a1 /= n;
        double difference = a0 - 2.0 * a1;
        return new GeneralizedPareto(2.0 - a0 / difference, 2.0 * a0 * a1 / difference);
    }

    private static (GeneralizedPareto Tail, bool AtBound) Maximise(double[] y, GeneralizedPareto start)
    {
        double largest = y[^1];
        double mean = y.Average();
        double Shape(double theta)
        {
            double sum = 0.0;
            foreach (double value in y)
                sum += StableMath.Log1p(theta * value);
            return sum / y.Length;
        }

        // −log-likelihood per observation along the curve: ln β + ξ + 1 with β = ξ/θ, the mean at θ = 0.
        double Profile(double theta)
        {
            if (!(theta * largest > -1.0))
                return double.PositiveInfinity;
            double shape = Shape(theta);
            if (shape is < LowestShape or > HighestShape)
                return double.PositiveInfinity;
            double scale = Math.Abs(theta) * mean < 1e-9 ? mean : shape / theta;
            return StableMath.Log(scale) + shape + 1.0;
        }

        // θ·mean from just above −mean/max (the support must hold the largest excess) to 20, dense about the start, and on
        // to the highest shape: a tail without a mean has θ·mean as large as its sample's mean happens to be.
        double lowest = -mean / largest * (1.0 - 1e-6);
        var grid = new SortedSet<double> { lowest, 0.0 };
        for (int i = 1; i < 16; i++)
            grid.Add(lowest * (1.0 - i / 16.0));
        double top = 0.02;
        for (; top < 20.0 || Shape(top / mean) < HighestShape; top *= 1.35)
            grid.Add(top);
        // Not allowed itself, but what lies before it is.
        grid.Add(top);
        double guess = start.Shape / start.Scale * mean;
        if (guess > lowest && guess < top)
            grid.Add(guess);
        Minimum best = Minimum.OnGrid(g => Profile(g / mean), [.. grid], 1e-9);
        double found = best.Place[0] / mean;
        double xi = Shape(found);
        double beta = Math.Abs(found) * mean < 1e-9 ? mean : xi / found;
        bool atBound = xi < LowestShape + 1e-3 || xi > HighestShape - 1e-3;
        return (new GeneralizedPareto(xi, beta), atBound);
    }

    private static double LogLikelihoodOf(GeneralizedPareto tail, double[] y)
    {
        double sum = 0.0;
        double ratio = 1.0 / tail.Scale;
        foreach (double value in y)
            sum += GeneralizedPareto.LogRatio(tail.Shape, value * ratio);
        return -y.Length * StableMath.Log(tail.Scale) - (1.0 + tail.Shape) * sum;
    }
}
