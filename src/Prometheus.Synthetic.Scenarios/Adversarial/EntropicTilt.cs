using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>
/// The worst expected loss over all reweightings Q of a sample within a relative entropy: dQ/dP ∝ e^{θL} with
/// KL(Q‖P) = κ (Breuer and Csiszár 2013, "Systematic stress tests with entropic plausibility constraints"). For a normal
/// loss the mean moves by σ√(2κ), so κ = k²/2 matches a Mahalanobis ball of radius k.
/// </summary>
public static class EntropicTilt
{
    /// <param name="Theta">θ ≥ 0; +∞ when all weight lies on the worst days.</param>
    /// <param name="Weights">Q, one per observation, summing to 1.</param>
    /// <param name="Divergence">KL(Q‖P) reached; below κ only when the sample cannot diverge as far.</param>
    public sealed record Tilt(double Theta, double[] Weights, double Divergence, double ExpectedLoss);

    /// <param name="losses">L, one per equally likely observation.</param>
    /// <param name="kappa">κ ≥ 0, relative entropy in nats; a sample of T days reaches ln(T/#worst) at most.</param>
    public static Tilt Solve(ReadOnlySpan<double> losses, double kappa)
    {
        double largest = double.NegativeInfinity;
        double smallest = double.PositiveInfinity;
        foreach (double loss in losses)
        {
            largest = Math.Max(largest, loss);
            smallest = Math.Min(smallest, loss);
        }

        if (!(largest > smallest) || kappa <= 0.0)
            return At(losses, 0.0, largest);
        double low = 0.0;
        double high = 1.0 / (largest - smallest);
        double ceiling = 1e6 * high;
        while (At(losses, high, largest).Divergence < kappa && high < ceiling)
            (low, high) = (high, high * 2.0);
        // The divergence grows with θ, so bisection is safe; it ends at the resolution of a double.
        for (int i = 0; i < 200 && high - low > 1e-15 * high; i++)
        {
            double middle = 0.5 * (low + high);
            if (At(losses, middle, largest).Divergence < kappa)
                low = middle;
            else
                high = middle;
        }

        return At(losses, low, largest);
    }

    /// <summary>The weights ∝ e^{θL}.</summary>
    internal static double[] WeightsAt(double[] losses, double theta) => At(losses, theta, losses.Max()).Weights;

    private static Tilt At(ReadOnlySpan<double> losses, double theta, double largest)
    {
        double[] weights = new double[losses.Length];
        double sum = 0.0;
        for (int t = 0; t < losses.Length; t++)
        {
            weights[t] = StableMath.Exp(theta * (losses[t] - largest));
            sum += weights[t];
        }

        double expected = 0.0;
        for (int t = 0; t < losses.Length; t++)
        {
            weights[t] /= sum;
            expected += weights[t] * losses[t];
        }

        // KL = θ·E_Q[L] − ln E_P[e^{θL}], with the largest loss taken out of the exponent.
        double divergence = theta * (expected - largest) - StableMath.Log(sum / losses.Length);
        return new Tilt(theta, weights, Math.Max(0.0, divergence), expected);
    }
}
