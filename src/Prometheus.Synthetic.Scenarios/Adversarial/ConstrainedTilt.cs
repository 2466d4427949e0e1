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
    private const double Resolution = 1e-9;

    /// <param name="Multipliers">
    /// Per condition, by how much the expected loss would grow per unit of relaxed target; negative where an equality
    /// holds the loss up rather than down; 0 where nothing is tilted.
    /// </param>
    public sealed record Result(EntropicTilt.Tilt Tilt, double[] Multipliers);

    /// <param name="losses">L, one per equally likely observation.</param>
    /// <param name="kappa">κ, relative entropy in nats.</param>
    /// <param name="conditions">May be none.</param>
    /// <param name="use">
    /// Of weights, the share of another allowance that they use up; the tilt stops where it or the entropy reaches 1.
    /// </param>
    /// <exception cref="ScenarioRefusedException">No reweighting meets the conditions, or only ones beyond what is allowed.</exception>
    public static Result Solve(
        double[] losses,
        double kappa,
        IReadOnlyList<PooledView> conditions,
        Func<double[], double>? use = null
    )
    {
        var search = new Search(losses, kappa, conditions, use);
        double spread = losses.Max() - losses.Min();
        Point low = search.At(0.0, null);
        if (low.Used > 1.0 + Resolution)
            throw new ScenarioRefusedException(
                ErrorCodes.Infeasible,
                "generator_spec.radius",
                low.Divergence > kappa
                    ? $"{search.Fixed}: what the template fixes lies at relative entropy {low.Divergence:0.####} from the sample, beyond {kappa:0.####} of the radius {Math.Sqrt(2.0 * kappa):0.####}; raise the radius or fix milder values"
                    : $"{search.Fixed}: the days that move as the template fixes lie at {Math.Sqrt(low.Used):0.####} times the radius {Math.Sqrt(2.0 * kappa):0.####}; raise the radius or fix milder values"
            );
        Point? high = null;
        double ceiling = 1e6 / spread;
        // Without any spread there is nothing to tilt: the ceiling is infinite and so is the first step.
        for (double theta = 0.01 / spread; spread > 0.0 && theta < ceiling; theta *= 2.0)
        {
            // Where the tilted sample is down to its worst days, the conditions cannot be met to the last digit.
            Point? next = search.TryAt(theta, low.Multipliers);
            if (next is null)
                break;
            if (next.Used >= 1.0)
            {
                high = next;
                break;
            }

            low = next;
        }

        return Finish(high is null ? low : search.Between(low, high), losses);
    }

    /// <param name="Used">Share of the entropy or of the other allowance used up, whichever is more.</param>
    private sealed record Point(double Theta, double[] Weights, double[] Multipliers, double Divergence, double Used);

    private static Result Finish(Point at, double[] losses)
    {
        double expected = 0.0;
        for (int t = 0; t < losses.Length; t++)
            expected += at.Weights[t] * losses[t];
        return new Result(
            new EntropicTilt.Tilt(at.Theta, at.Weights, at.Divergence, expected),
            [.. at.Multipliers.Select(m => at.Theta > 0.0 ? m / at.Theta : 0.0)]
        );
    }

    private sealed class Search(
        double[] losses,
        double kappa,
        IReadOnlyList<PooledView> conditions,
        Func<double[], double>? use
    )
    {
        public string Fixed =>
            string.Join(", ", conditions.Where(c => c.Relation == ViewRelation.Equal).Select(c => c.Name));

        /// <summary>Regula falsi with halving (Illinois), kept on the side that uses no more than is allowed.</summary>
        public Point Between(Point low, Point high)
        {
            double below = low.Used - 1.0;
            double above = high.Used - 1.0;
            int side = 0;
            for (int i = 0; i < MaxSteps && high.Theta - low.Theta > 1e-12 * high.Theta; i++)
            {
                double theta = (low.Theta * above - high.Theta * below) / (above - below);
                if (!(theta > low.Theta && theta < high.Theta))
                    theta = 0.5 * (low.Theta + high.Theta);
                Point? middle = TryAt(theta, low.Multipliers);
                if (middle is null)
                    return low;
                double excess = middle.Used - 1.0;
                if (excess > 0.0)
                {
                    (high, above) = (middle, excess);
                    below *= side == 1 ? 0.5 : 1.0;
                    side = 1;
                    continue;
                }

                (low, below) = (middle, excess);
                above *= side == -1 ? 0.5 : 1.0;
                side = -1;
                if (-excess <= Resolution)
                    break;
            }

            return low;
        }

        public Point? TryAt(double theta, double[] multipliers)
        {
            try
            {
                return At(theta, multipliers);
            }
            catch (ScenarioRefusedException)
            {
                return null;
            }
        }

        public Point At(double theta, double[]? multipliers)
        {
            double[] q = EntropicTilt.WeightsAt(losses, theta);
            double[] found = [];
            if (conditions.Count > 0)
            {
                var pooled = EntropyPooling.Solve(q, conditions, multipliers);
                q = pooled.Probabilities;
                found = pooled.Multipliers;
            }

            double divergence = 0.0;
            for (int t = 0; t < q.Length; t++)
            {
                if (q[t] > 0.0)
                    divergence += q[t] * StableMath.Log(q[t] * q.Length);
            }

            divergence = Math.Max(0.0, divergence);
            return new Point(theta, q, found, divergence, Math.Max(divergence / kappa, use?.Invoke(q) ?? 0.0));
        }
    }
}
