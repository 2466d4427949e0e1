using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;

namespace Prometheus.Synthetic.Scenarios.Combination;

/// <summary>How a view's expectation stands to its target.</summary>
public enum ViewRelation
{
    Equal,
    AtMost,
    AtLeast,
}

/// <summary>A view: the expectation of one number per scenario under the probabilities looked for.</summary>
/// <param name="Name">Field of the view, for refusals.</param>
public sealed record PooledView(string Name, double[] Values, ViewRelation Relation, double Target);

/// <summary>
/// The probabilities nearest to the prior in relative entropy that satisfy every view (Meucci 2008, "Fully flexible
/// views: theory and practice"). The dual is smooth and convex in one multiplier per view, non-negative for inequalities;
/// it is minimised by damped projected Newton steps. Everything is summed in a fixed order.
/// </summary>
/// <param name="Probabilities">q, summing to 1.</param>
/// <param name="RelativeEntropy">KL(q‖p) in nats.</param>
/// <param name="EffectiveScenarios">e to the entropy of q: N when all weigh the same.</param>
/// <param name="Residuals">Per view, expectation less target.</param>
/// <param name="Multipliers">
/// Per view, the exponent's coefficient: q ∝ p·e^{−Σ m·(g − v)}. Its size is how much relative entropy the view costs per
/// unit of its target; not negative for at most, not positive for at least.
/// </param>
public sealed record EntropyPooling(
    double[] Probabilities,
    double RelativeEntropy,
    double EffectiveScenarios,
    double[] Residuals,
    double[] Multipliers,
    int Iterations
)
{
    private const int MaxIterations = 500;
    private const double Tolerance = 1e-11;
    private const double Resolution = 1e-9;

    /// <param name="start">Multipliers of a problem nearby, from which the search starts; null to start at the prior.</param>
    /// <exception cref="ScenarioRefusedException">No probabilities satisfy the views.</exception>
    public static EntropyPooling Solve(double[] prior, IReadOnlyList<PooledView> views, double[]? start = null)
    {
        RefuseOutOfReach(views);
        var dual = new Dual(prior, views);
        double[] lambda = start is null ? new double[views.Count] : [.. start.Select((m, i) => m / dual.Scale(i))];
        double value = dual.Evaluate(lambda);
        int iteration = 0;
        double before = double.PositiveInfinity;
        for (; iteration < MaxIterations; iteration++)
        {
            double[] gradient = dual.Gradient();
            double violation = LargestViolation(gradient, lambda, views);
            // At the resolution of the sums a Newton step no longer halves what is left.
            if (violation <= Tolerance || (violation < Resolution && violation > 0.5 * before))
                break;
            before = violation;
            double[] step = Newton(dual, gradient, lambda, views);
            if (!LineSearch(dual, ref lambda, ref value, gradient, step, views))
                break;
        }

        double[] final = dual.Gradient();
        RefuseUnmet(final, lambda, views);
        double[] q = dual.Probabilities;
        double relative = 0.0;
        double entropy = 0.0;
        for (int j = 0; j < q.Length; j++)
        {
            if (q[j] <= 0.0)
                continue;
            double log = StableMath.Log(q[j]);
            relative += q[j] * (log - StableMath.Log(prior[j]));
            entropy -= q[j] * log;
        }

        double[] residuals = [.. views.Select(v => Expectation(q, v.Values) - v.Target)];
        double[] multipliers = [.. lambda.Select((l, i) => l * dual.Scale(i))];
        return new EntropyPooling(q, relative, StableMath.Exp(entropy), residuals, multipliers, iteration);
    }

    private static double Expectation(double[] q, double[] values)
    {
        double sum = 0.0;
        for (int j = 0; j < q.Length; j++)
            sum += q[j] * values[j];
        return sum;
    }

    /// <summary>No mixture of the scenarios reaches beyond their least and largest value.</summary>
    private static void RefuseOutOfReach(IReadOnlyList<PooledView> views)
    {
        var errors = new List<FieldError>();
        foreach (PooledView view in views)
        {
            double least = view.Values.Min();
            double largest = view.Values.Max();
            bool reachable = view.Relation switch
            {
                ViewRelation.AtMost => view.Target >= least,
                ViewRelation.AtLeast => view.Target <= largest,
                _ => (view.Target > least && view.Target < largest) || (least == largest && view.Target == least),
            };
            if (!reachable)
                errors.Add(
                    new FieldError(
                        ErrorCodes.Infeasible,
                        view.Name,
                        $"{view.Target} cannot be met: over the set's paths the number lies between {least:G6} and {largest:G6}; ask for a value inside"
                    )
                );
        }

        if (errors.Count > 0)
            throw new ScenarioRefusedException(errors);
    }

    private static void RefuseUnmet(double[] gradient, double[] lambda, IReadOnlyList<PooledView> views)
    {
        FieldError[] errors =
        [
            .. Enumerable
                .Range(0, views.Count)
                .Where(i => Violation(gradient[i], lambda[i], views[i]) > 1e-7)
                .Select(i => new FieldError(
                    ErrorCodes.Infeasible,
                    views[i].Name,
                    $"cannot be met together with the other views: it stays {Math.Abs(gradient[i]):G3} standard deviations off; drop or soften one of them"
                )),
        ];
        if (errors.Length > 0)
            throw new ScenarioRefusedException(errors);
    }

    private static double LargestViolation(double[] gradient, double[] lambda, IReadOnlyList<PooledView> views)
    {
        double largest = 0.0;
        for (int i = 0; i < gradient.Length; i++)
            largest = Math.Max(largest, Violation(gradient[i], lambda[i], views[i]));
        return largest;
    }

    /// <summary>How far a view is from holding; an inequality that holds with room has no multiplier.</summary>
    private static double Violation(double gradient, double lambda, PooledView view) =>
        view.Relation != ViewRelation.Equal && lambda <= 0.0 ? Math.Max(0.0, -gradient) : Math.Abs(gradient);

    private static double[] Newton(Dual dual, double[] gradient, double[] lambda, IReadOnlyList<PooledView> views)
    {
        int[] free =
        [
            .. Enumerable
                .Range(0, views.Count)
                .Where(i => views[i].Relation == ViewRelation.Equal || lambda[i] > 0.0 || gradient[i] < 0.0),
        ];
        double[] hessian = dual.Hessian(free);
        double[] solved = [.. free.Select(i => -gradient[i])];
        double ridge = 0.0;
        CholeskyFactor? factor;
        // Views that repeat one another make the Hessian singular; a little ridge keeps the step a descent.
        while ((factor = CholeskyFactor.TryFactor(Ridged(hessian, free.Length, ridge), free.Length)) is null)
            ridge = Math.Max(1e-14, ridge * 100.0);
        factor.Solve(solved);
        double[] step = new double[views.Count];
        for (int i = 0; i < free.Length; i++)
            step[free[i]] = solved[i];
        return step;
    }

    private static double[] Ridged(double[] matrix, int size, double ridge)
    {
        double[] copy = [.. matrix];
        for (int i = 0; i < size; i++)
            copy[i * size + i] += ridge;
        return copy;
    }

    private static bool LineSearch(
        Dual dual,
        ref double[] lambda,
        ref double value,
        double[] gradient,
        double[] step,
        IReadOnlyList<PooledView> views
    )
    {
        double[] from = lambda;
        for (double t = 1.0; t > 1e-12; t *= 0.5)
        {
            double[] trial = new double[lambda.Length];
            double decrease = 0.0;
            for (int i = 0; i < trial.Length; i++)
            {
                trial[i] = lambda[i] + t * step[i];
                if (views[i].Relation != ViewRelation.Equal)
                    trial[i] = Math.Max(0.0, trial[i]);
                decrease += gradient[i] * (trial[i] - lambda[i]);
            }

            double at = dual.Evaluate(trial);
            // Near the optimum a step gains less than the value can show: there the gradient tells.
            if (at <= value + 1e-4 * decrease + 1e-14 || (-decrease < 1e-11 && Nearer(trial)))
            {
                lambda = trial;
                value = at;
                return true;
            }
        }

        dual.Evaluate(lambda);
        return false;

        bool Nearer(double[] trial) =>
            LargestViolation(dual.Gradient(), trial, views) < 0.5 * LargestViolation(gradient, from, views);
    }

    /// <summary>ln Σ p·e^{−λ·f} + λ·b with each view in standard deviations of the prior, at-least turned to at-most.</summary>
    private sealed class Dual
    {
        private readonly double[] _prior;
        private readonly double[][] _features;
        private readonly double[] _scales;

        public Dual(double[] prior, IReadOnlyList<PooledView> views)
        {
            _prior = prior;
            Probabilities = [.. prior];
            _features = new double[views.Count][];
            _scales = new double[views.Count];
            for (int i = 0; i < views.Count; i++)
            {
                PooledView view = views[i];
                double mean = Expectation(prior, view.Values);
                double variance = 0.0;
                for (int j = 0; j < prior.Length; j++)
                    variance += prior[j] * (view.Values[j] - mean) * (view.Values[j] - mean);
                double scale =
                    (view.Relation == ViewRelation.AtLeast ? -1.0 : 1.0) / Math.Max(Math.Sqrt(variance), 1e-300);
                _scales[i] = scale;
                _features[i] = [.. view.Values.Select(v => (v - view.Target) * scale)];
            }
        }

        public double[] Probabilities { get; }

        /// <summary>What a view is multiplied by, so that a step of one means as much for each.</summary>
        public double Scale(int view) => _scales[view];

        /// <summary>Value at λ; the probabilities become those of λ.</summary>
        public double Evaluate(double[] lambda)
        {
            double largest = double.NegativeInfinity;
            for (int j = 0; j < _prior.Length; j++)
            {
                double exponent = StableMath.Log(_prior[j]);
                for (int i = 0; i < lambda.Length; i++)
                    exponent -= lambda[i] * _features[i][j];
                Probabilities[j] = exponent;
                largest = Math.Max(largest, exponent);
            }

            double sum = 0.0;
            for (int j = 0; j < _prior.Length; j++)
            {
                Probabilities[j] = StableMath.Exp(Probabilities[j] - largest);
                sum += Probabilities[j];
            }

            for (int j = 0; j < _prior.Length; j++)
                Probabilities[j] /= sum;
            return largest + StableMath.Log(sum);
        }

        public double[] Gradient() => [.. _features.Select(f => -Expectation(Probabilities, f))];

        public double[] Hessian(int[] free)
        {
            double[] mean = [.. free.Select(i => Expectation(Probabilities, _features[i]))];
            double[] hessian = new double[free.Length * free.Length];
            for (int a = 0; a < free.Length; a++)
            {
                for (int b = 0; b <= a; b++)
                {
                    double sum = 0.0;
                    for (int j = 0; j < Probabilities.Length; j++)
                        sum += Probabilities[j] * (_features[free[a]][j] - mean[a]) * (_features[free[b]][j] - mean[b]);
                    hessian[a * free.Length + b] = hessian[b * free.Length + a] = sum;
                }
            }

            return hessian;
        }
    }
}
