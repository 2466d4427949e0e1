using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Numerics.Optimisation;

namespace Prometheus.Synthetic.Scenarios.Tails;

/// <summary>
/// Location-scale Student-t by maximum likelihood: for a given ν the location and scale by the expectation-maximisation
/// steps of Lange, Little and Taylor (JASA 84, 1989) with the scale step of Kent, Tyler and Vardi (1994); ν by a
/// one-dimensional search over ln ν in [2.05, 60].
/// </summary>
/// <param name="Location">μ.</param>
/// <param name="Scale">σ: the standard deviation is σ√(ν/(ν − 2)).</param>
/// <param name="AtBound"><c>lower</c>, <c>upper</c> (normal for any purpose here) or null.</param>
public sealed record StudentFit(
    double DegreesOfFreedom,
    double Location,
    double Scale,
    double LogLikelihood,
    string? AtBound
)
{
    /// <summary>The variance must exist, with a margin that keeps it from being all tail.</summary>
    private const int MostSteps = 400;

    public const double LowestDegreesOfFreedom = 2.05;

    /// <summary>Beyond this no sample of market length tells the distribution from the normal.</summary>
    public const double HighestDegreesOfFreedom = 60.0;

    private const int FewestObservations = 30;
    private const double Tolerance = 1e-9;

    public double StandardDeviation => Scale * Math.Sqrt(DegreesOfFreedom / (DegreesOfFreedom - 2.0));

    /// <param name="field">Where the request asked for it, for refusals.</param>
    /// <exception cref="ScenarioRefusedException">Too few observations, or more than half of them the same.</exception>
    public static StudentFit Of(ReadOnlySpan<double> sample, string field) => Of(sample, field, MostSteps);

    /// <param name="mostSteps">Expectation-maximisation steps for one ν.</param>
    internal static StudentFit Of(ReadOnlySpan<double> sample, string field, int mostSteps)
    {
        double[] x = sample.ToArray();
        Array.Sort(x);
        int n = x.Length;
        if (n < FewestObservations)
            throw new ScenarioRefusedException(
                ErrorCodes.TooLittleHistory,
                field,
                $"{n} observations; a Student-t fit needs at least {FewestObservations}; widen the dates"
            );
        // Half the distance between the quartiles starts the scale; zero means half the sample is one value and the
        // likelihood grows without bound about it.
        double spread = 0.5 * (x[3 * n / 4] - x[n / 4]);
        if (!(spread > 0.0))
            throw new ScenarioRefusedException(
                ErrorCodes.ConstantSeries,
                field,
                $"half of the {n} observations are {x[n / 2]:G6}: stale or rounded values; mend the history or leave the series out"
            );

        double location = x[n / 2];
        double scale = spread;
        double Negative(double logNu)
        {
            double nu = StableMath.Exp(logNu);
            (location, scale, _) = Climb(x, nu, location, scale, mostSteps);
            return -LogLikelihoodOf(x, nu, location, scale);
        }

        double low = StableMath.Log(LowestDegreesOfFreedom);
        double high = StableMath.Log(HighestDegreesOfFreedom);
        Minimum best = Minimum.OnGrid(Negative, [low, low + 0.35, low + 0.75, low + 1.3, low + 2.1, high], 1e-6);
        double found = StableMath.Exp(best.Place[0]);
        string? bound =
            best.Place[0] <= low + 1e-4 ? "lower"
            : best.Place[0] >= high - 1e-4 ? "upper"
            : null;
        (location, scale, bool arrived) = Climb(x, found, location, scale, mostSteps);
        if (!arrived)
            throw new ScenarioRefusedException(
                ErrorCodes.NotConverged,
                field,
                $"location and scale of {n} observations were not reached in {mostSteps} steps; look for errors in the data or take another margin"
            );
        return new StudentFit(found, location, scale, LogLikelihoodOf(x, found, location, scale), bound);
    }

    private static (double Location, double Scale, bool Arrived) Climb(
        double[] x,
        double nu,
        double location,
        double scale,
        int mostSteps
    )
    {
        for (int step = 0; step < mostSteps; step++)
        {
            double weights = 0.0;
            double first = 0.0;
            double inverse = 1.0 / (nu * scale * scale);
            foreach (double value in x)
            {
                double d = value - location;
                double w = 1.0 / (1.0 + d * d * inverse);
                weights += w;
                first += w * d;
            }

            double next = location + first / weights;
            double second = 0.0;
            foreach (double value in x)
            {
                double d = value - location;
                double e = value - next;
                second += e * e / (1.0 + d * d * inverse);
            }

            // Divided by the weights' sum, not by n: the same fixed point, reached in far fewer steps.
            double nextScale = Math.Sqrt(second / weights);
            double change = Math.Abs(next - location) + Math.Abs(nextScale - scale);
            (location, scale) = (next, nextScale);
            if (change <= Tolerance * scale)
                return (location, scale, true);
        }

        return (location, scale, false);
    }

    private static double LogLikelihoodOf(double[] x, double nu, double location, double scale)
    {
        var t = new StudentT(nu);
        double inverse = 1.0 / (nu * scale * scale);
        double sum = 0.0;
        // ln of a product of few factors instead of the sum of their logs: each is at least 1 and far from overflow.
        double product = 1.0;
        foreach (double value in x)
        {
            double d = value - location;
            product *= 1.0 + d * d * inverse;
            if (product > 1e200)
            {
                sum += StableMath.Log(product);
                product = 1.0;
            }
        }

        sum += StableMath.Log(product);
        return x.Length * (t.LogConstant - StableMath.Log(scale)) - 0.5 * (nu + 1.0) * sum;
    }
}
