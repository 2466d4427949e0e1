using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Numerics.Optimisation;

namespace Prometheus.Synthetic.Scenarios.Tails;

/// <summary>A GEV fitted to block maxima by maximum likelihood, started at its probability-weighted moments.</summary>
/// <param name="Covariance">Of (μ, σ, ξ), from the observed information; null where it does not exist.</param>
/// <param name="AtBound">True when ξ stopped at the bounds −½ or 2.</param>
public sealed record GeneralizedExtremeValueFit(
    GeneralizedExtremeValue Distribution,
    int Blocks,
    double LogLikelihood,
    double[]? Covariance,
    GeneralizedExtremeValue MomentStart,
    bool AtBound
)
{
    /// <summary>Fewest maxima that three parameters are fitted to.</summary>
    private const int MostEvaluations = 4_000;

    public const int FewestBlocks = 20;
    private const double LowestShape = -0.5;
    private const double HighestShape = 2.0;

    /// <summary>Standard errors of (μ, σ, ξ); NaN where they do not exist.</summary>
    public IReadOnlyList<double> Errors =>
        Covariance is null
            ? [double.NaN, double.NaN, double.NaN]
            : [Math.Sqrt(Covariance[0]), Math.Sqrt(Covariance[4]), Math.Sqrt(Covariance[8])];

    /// <summary>Maxima of successive blocks from the first observation on; an incomplete last block is left out.</summary>
    public static double[] BlockMaxima(ReadOnlySpan<double> series, int blockLength)
    {
        double[] maxima = new double[series.Length / blockLength];
        for (int b = 0; b < maxima.Length; b++)
        {
            maxima[b] = double.NegativeInfinity;
            foreach (double x in series.Slice(b * blockLength, blockLength))
                maxima[b] = Math.Max(maxima[b], x);
        }

        return maxima;
    }

    /// <exception cref="ScenarioRefusedException">Too few maxima, all the same, or no convergence.</exception>
    public static GeneralizedExtremeValueFit Of(ReadOnlySpan<double> maxima, string field) =>
        Of(maxima, field, MostEvaluations);

    internal static GeneralizedExtremeValueFit Of(ReadOnlySpan<double> maxima, string field, int mostEvaluations)
    {
        double[] sorted = maxima.ToArray();
        Array.Sort(sorted);
        if (sorted.Length < FewestBlocks)
            throw new ScenarioRefusedException(
                ErrorCodes.TooFewExceedances,
                field,
                $"{sorted.Length} block maxima; a GEV fit needs at least {FewestBlocks}; use shorter blocks or more history"
            );
        if (sorted[0] == sorted[^1])
            throw new ScenarioRefusedException(
                ErrorCodes.ConstantSeries,
                field,
                $"all {sorted.Length} block maxima are {sorted[0]:G6}; mend the history"
            );

        GeneralizedExtremeValue start = Moments(sorted);
        double Negative(double[] p)
        {
            if (!(p[1] > 0.0) || p[2] is < LowestShape or > HighestShape)
                return double.PositiveInfinity;
            var candidate = new GeneralizedExtremeValue(p[0], p[1], p[2]);
            double sum = 0.0;
            foreach (double x in sorted)
                sum -= candidate.LogDensity(x);
            return sum;
        }

        double[] first =
        [
            start.Location,
            start.Scale,
            Math.Clamp(start.Shape, LowestShape + 0.05, HighestShape - 0.05),
        ];
        // A start whose support misses an observation is widened to the Gumbel, which has none.
        if (!double.IsFinite(Negative(first)))
            first[2] = 0.0;
        Minimum best = NelderMead.Minimise(
            Negative,
            first,
            [0.3 * start.Scale, 0.3 * start.Scale, 0.1],
            mostEvaluations
        );
        if (!best.Converged)
            throw new ScenarioRefusedException(
                ErrorCodes.NotConverged,
                field,
                $"the likelihood of {sorted.Length} block maxima was not maximised in {best.Evaluations} evaluations; look for errors in the data or use other blocks"
            );
        var found = new GeneralizedExtremeValue(best.Place[0], best.Place[1], best.Place[2]);
        bool atBound = found.Shape < LowestShape + 1e-3 || found.Shape > HighestShape - 1e-3;
        double root = Math.Sqrt(sorted.Length);
        return new GeneralizedExtremeValueFit(
            found,
            sorted.Length,
            -best.Value,
            atBound
                ? null
                : ObservedInformation.Covariance(
                    Negative,
                    best.Place,
                    [found.Scale / root, found.Scale / root, 1.0 / root]
                ),
            start,
            atBound
        );
    }

    /// <summary>The level a block's maximum exceeds once in <paramref name="blocks"/> blocks, with its delta-method error.</summary>
    public (double Level, double Error) ReturnLevel(double blocks)
    {
        double log = -StableMath.Log(-StableMath.Log1p(-1.0 / blocks));
        (double scale, double shape) = (Distribution.Scale, Distribution.Shape);
        double[] gradient =
        [
            1.0,
            GeneralizedPareto.PowerRatio(shape, log),
            scale * GeneralizedPareto.PowerRatioSlope(shape, log),
        ];
        return (
            Distribution.ReturnLevel(blocks),
            Covariance is null ? double.NaN : ObservedInformation.Delta(gradient, Covariance)
        );
    }

    /// <summary>
    /// Probability-weighted moments (Hosking, Wallis and Wood, Technometrics 27, 1985): unbiased b₀, b₁, b₂ and the exact
    /// root of (3b₂ − b₀)/(2b₁ − b₀) = (1 − 3^ξ)/(1 − 2^ξ).
    /// </summary>
    /// <param name="sorted">Maxima, ascending.</param>
    public static GeneralizedExtremeValue Moments(ReadOnlySpan<double> sorted)
    {
        int n = sorted.Length;
        double b0 = 0.0;
        double b1 = 0.0;
        double b2 = 0.0;
        for (int i = 0; i < n; i++)
        {
            b0 += sorted[i] / n;
            b1 += sorted[i] * i / ((double)n * (n - 1));
            b2 += sorted[i] * i * (i - 1.0) / ((double)n * (n - 1) * (n - 2));
        }

        double ratio = (3.0 * b2 - b0) / (2.0 * b1 - b0);
        double low = -0.95;
        double high = 0.95;
        double ln2 = StableMath.Log(2.0);
        double ln3 = StableMath.Log(3.0);
        for (int i = 0; i < 60; i++)
        {
            double middle = 0.5 * (low + high);
            double value =
                Math.Abs(middle) < 1e-9 ? ln3 / ln2 : StableMath.Expm1(middle * ln3) / StableMath.Expm1(middle * ln2);
            if (value < ratio)
                low = middle;
            else
                high = middle;
        }

        double shape = 0.5 * (low + high);
        if (Math.Abs(shape) < 1e-7)
        {
            double gumbel = (2.0 * b1 - b0) / ln2;
            return new(b0 - 0.57721566490153286 * gumbel, gumbel, 0.0);
        }

        double gamma = StableMath.Exp(GammaFunctions.LogGamma(1.0 - shape));
        double scale = (2.0 * b1 - b0) * shape / (gamma * StableMath.Expm1(shape * ln2));
        return new(b0 - scale * (gamma - 1.0) / shape, scale, shape);
    }
}
