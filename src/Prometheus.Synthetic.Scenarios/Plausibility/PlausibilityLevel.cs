using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Plausibility;

/// <summary>How rare a Mahalanobis distance is, in as many dimensions as one cares to count.</summary>
public static class PlausibilityLevel
{
    /// <summary>P(χ²_d &gt; D²): the chance that a normal day of d drivers lies farther out than D, in any direction.</summary>
    public static double ChiSquareTail(int dimension, double distance) =>
        GammaFunctions.RegularizedQ(0.5 * dimension, 0.5 * distance * distance);

    /// <summary>Φ(−D): the chance of a loss as bad in the one direction of the shock.</summary>
    public static double OneDimensionalTail(double distance)
    {
        double twoSided = GammaFunctions.RegularizedQ(0.5, 0.5 * distance * distance);
        return 0.5 * twoSided;
    }

    /// <summary>
    /// P(|X| &gt; D) when days are multivariate Student-t with ν degrees of freedom and the distance is taken in their
    /// covariance: D²·ν/((ν − 2)·d) has the distribution F(d, ν), whose tail is I(ν/2, d/2) at (ν − 2)/(ν − 2 + D²).
    /// </summary>
    /// <param name="degreesOfFreedom">ν &gt; 2: the covariance must exist.</param>
    public static double StudentTail(int dimension, double degreesOfFreedom, double distance)
    {
        double scale = degreesOfFreedom - 2.0;
        double squared = distance * distance;
        return BetaFunctions.RegularizedI(
            0.5 * degreesOfFreedom,
            0.5 * dimension,
            scale / (scale + squared),
            squared / (scale + squared)
        );
    }

    /// <summary>P(T &gt; D·√(ν/(ν − 2))): a loss as bad in the one direction of the shock, for Student-t days.</summary>
    public static double OneDimensionalStudentTail(double degreesOfFreedom, double distance) =>
        0.5 * StudentTail(1, degreesOfFreedom, distance);

    /// <summary>The radius k with P(χ²_d ≤ k²) = <paramref name="level"/>, level in (0, 1), by bisection to the last bits.</summary>
    public static double Radius(int dimension, double level) => Solve(k => ChiSquareTail(dimension, k), level);

    /// <summary>The radius k outside which a Student-t day lies with probability 1 − <paramref name="level"/>.</summary>
    public static double StudentRadius(int dimension, double degreesOfFreedom, double level) =>
        Solve(k => StudentTail(dimension, degreesOfFreedom, k), level);

    private static double Solve(Func<double, double> tail, double level)
    {
        double low = 0.0;
        double high = 1.0;
        while (1.0 - tail(high) < level)
            high *= 2.0;
        for (int i = 0; i < 200 && high - low > 1e-15 * high; i++)
        {
            double middle = 0.5 * (low + high);
            if (1.0 - tail(middle) < level)
                low = middle;
            else
                high = middle;
        }

        return 0.5 * (low + high);
    }
}
