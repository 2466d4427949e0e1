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

    /// <summary>The radius k with P(χ²_d ≤ k²) = <paramref name="level"/>, level in (0, 1), by bisection to the last bits.</summary>
    public static double Radius(int dimension, double level)
    {
        double low = 0.0;
        double high = 1.0;
        while (1.0 - ChiSquareTail(dimension, high) < level)
            high *= 2.0;
        for (int i = 0; i < 200 && high - low > 1e-15 * high; i++)
        {
            double middle = 0.5 * (low + high);
            if (1.0 - ChiSquareTail(dimension, middle) < level)
                low = middle;
            else
                high = middle;
        }

        return 0.5 * (low + high);
    }
}
