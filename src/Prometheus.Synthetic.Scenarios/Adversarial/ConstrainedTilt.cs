using Prometheus.Synthetic.Scenarios.Combination;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>
/// The worst expected loss over the reweightings of a sample within a relative entropy that also meet linear conditions on
/// expectations: dQ/dP ∝ e^{θL − Σ m·g}. For each θ it is an entropy pooling of the tilted sample (Meucci 2008), and the
/// divergence from P grows with θ, so that one search on θ remains.
/// </summary>
public static class ConstrainedTilt
{
    private const int MaxSteps = 100;

    /// <param name="Multipliers">
    /// Per condition, by how much the expected loss would grow per unit of relaxed target; negative where an equality
    /// holds the loss up rather than down; 0 where the sample ends the search.
    /// </param>
    /// <param name="Nearest">The weights that meet the conditions at the least divergence.</param>
    public sealed record Result(EntropicTilt.Tilt Tilt, double[] Multipliers, double[] Nearest);

    /// <param name="losses">L, one per equally likely observation.</param>
    /// <param name="kappa">κ, relative entropy in nats.</param>
    /// <param name="conditions">One or more.</param>
    /// <exception cref="ScenarioRefusedException">No reweighting meets the conditions, or only ones beyond κ.</exception>
    public static Result Solve(double[] losses, double kappa, IReadOnlyList<PooledView> conditions)
    {
        double spread = losses.Max() - losses.Min();
        Point low = At(losses, 0.0, conditions, null);
        double[] nearest = low.Weights;
        if (low.Divergence > kappa * (1.0 + 1e-9))
            throw new ScenarioRefusedException(
                ErrorCodes.Infeasible,
                "generator_spec.radius",
                $"{string.Join(", ", conditions.Where(c => c.Relation == ViewRelation.Equal).Select(c => c.Name))}: what the template fixes lies at relative entropy {low.Divergence:0.####} from the sample, beyond {kappa:0.####} of the radius {Math.Sqrt(2.0 * kappa):0.####}; raise the radius or fix milder values"
            );
        if (!(spread > 0.0))
            return Finish(low, losses, nearest);
        Point? high = null;
        double ceiling = 1e6 / spread;
        for (double theta = 1.0 / spread; theta < ceiling; theta *= 2.0)
        {
            // Where the tilted sample is down to its worst days, the conditions cannot be met to the last digit.
            Point? next = TryAt(losses, theta, conditions, low.Multipliers);
            if (next is null)
                break;
            if (next.Divergence >= kappa)
            {
                high = next;
                break;
            }

            low = next;
        }

        if (high is not null)
            low = Between(losses, kappa, conditions, low, high);
        return Finish(low, losses, nearest);
    }

    private sealed record Point(double Theta, double[] Weights, double[] Multipliers, double Divergence);

    /// <summary>Regula falsi with halving (Illinois), kept on the side that does not exceed κ.</summary>
    private static Point Between(
        double[] losses,
        double kappa,
        IReadOnlyList<PooledView> conditions,
        Point low,
        Point high
    )
    {
        double below = low.Divergence - kappa;
        double above = high.Divergence - kappa;
        int side = 0;
        for (int i = 0; i < MaxSteps && high.Theta - low.Theta > 1e-13 * high.Theta; i++)
        {
            double theta = (low.Theta * above - high.Theta * below) / (above - below);
            if (!(theta > low.Theta && theta < high.Theta))
                theta = 0.5 * (low.Theta + high.Theta);
            Point? middle = TryAt(losses, theta, conditions, low.Multipliers);
            if (middle is null)
                return low;
            double excess = middle.Divergence - kappa;
            if (excess > 0.0)
            {
                (high, above) = (middle, excess);
                below *= side == 1 ? 0.5 : 1.0;
                side = 1;
            }
            else
            {
                (low, below) = (middle, excess);
                above *= side == -1 ? 0.5 : 1.0;
                side = -1;
                if (-excess <= 1e-12 * Math.Max(1.0, kappa))
                    break;
            }
        }

        return low;
    }

    private static Result Finish(Point at, double[] losses, double[] nearest)
    {
        double expected = 0.0;
        for (int t = 0; t < losses.Length; t++)
            expected += at.Weights[t] * losses[t];
        return new Result(
            new EntropicTilt.Tilt(at.Theta, at.Weights, at.Divergence, expected),
            [.. at.Multipliers.Select(m => at.Theta > 0.0 ? m / at.Theta : 0.0)],
            nearest
        );
    }

    private static Point? TryAt(
        double[] losses,
        double theta,
        IReadOnlyList<PooledView> conditions,
        double[] multipliers
    )
    {
        try
        {
            return At(losses, theta, conditions, multipliers);
        }
        catch (ScenarioRefusedException)
        {
            return null;
        }
    }

    private static Point At(double[] losses, double theta, IReadOnlyList<PooledView> conditions, double[]? multipliers)
    {
        double[] prior = EntropicTilt.WeightsAt(losses, theta);
        var pooled = EntropyPooling.Solve(prior, conditions, multipliers);
        double[] q = pooled.Probabilities;
        double divergence = 0.0;
        for (int t = 0; t < q.Length; t++)
        {
            if (q[t] > 0.0)
                divergence += q[t] * StableMath.Log(q[t] * q.Length);
        }

        return new Point(theta, q, pooled.Multipliers, Math.Max(0.0, divergence));
    }
}
