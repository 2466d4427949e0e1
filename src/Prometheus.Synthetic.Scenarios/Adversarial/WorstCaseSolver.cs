using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>
/// The worst shock in a Mahalanobis ball: minimise e·x subject to xᵀΣ⁻¹x ≤ k² and bounds on linear forms of x. Without
/// bounds it is h = −k·Σe/√(eᵀΣe) (Breuer, Jandačka, Rheinberger and Summer 2009, "How to find plausible, severe and
/// useful stress scenarios"). With bounds the solution is followed exactly: for the multiplier t of the ball the optimum
/// x(t) is linear in t between changes of the active set (the critical line of Markowitz 1956), so the solver walks from
/// change to change until the distance reaches k, where the last piece is solved in closed form. Everything is done with
/// Σ and small systems of the active bounds; Σ is factored to measure distances, never inverted. Immutable and thread-safe.
/// </summary>
public sealed class WorstCaseSolver
{
    private readonly double[] _covariance;
    private readonly CholeskyFactor _metric;
    private readonly int _size;
    private readonly IReadOnlyList<ShockBound> _bounds;
    private readonly double[] _deviations;

    /// <param name="covariance">Σ, row-major d × d, positive definite.</param>
    /// <param name="bounds">Each either fixed, or with Lower ≤ 0 ≤ Upper.</param>
    /// <exception cref="ScenarioRefusedException">A bound excludes the origin.</exception>
    public WorstCaseSolver(double[] covariance, int size, IReadOnlyList<ShockBound> bounds)
    {
        _covariance = covariance;
        _metric =
            CholeskyFactor.TryFactor(covariance, size)
            ?? throw new ArgumentException("Σ is not positive definite", nameof(covariance));
        _size = size;
        _bounds = [.. bounds.Where(b => !(double.IsNegativeInfinity(b.Lower) && double.IsPositiveInfinity(b.Upper)))];
        FieldError[] errors =
        [
            .. _bounds
                .Where(b => !b.IsFixed && !(b.Lower <= 0.0 && b.Upper >= 0.0))
                .Select(b => new FieldError(
                    ErrorCodes.Conflict,
                    b.Name,
                    $"bounds [{b.Lower}, {b.Upper}] exclude 0, the unshocked state; let lower <= 0 <= upper, or fix the value"
                )),
        ];
        if (errors.Length > 0)
            throw new ScenarioRefusedException(errors);
        _deviations = [.. _bounds.Select(b => Math.Sqrt(b.Form.Of(Covaried(b.Form))))];
    }

    /// <param name="exposure">e; the loss is −e·x.</param>
    /// <param name="radius">k ≥ 0.</param>
    /// <exception cref="ScenarioRefusedException">
    /// The exposure is zero, or what is fixed cannot be reached within the radius and the bounds.
    /// </exception>
    public WorstCase Solve(ReadOnlySpan<double> exposure, double radius)
    {
        double[] e = exposure.ToArray();
        double[] h = LinearForm.Of(exposure) is { Index.Length: > 0 } form ? Covaried(form) : new double[_size];
        double variance = Dot(e, h);
        if (!(variance > 0.0))
            throw new ScenarioRefusedException(
                ErrorCodes.ZeroExposure,
                "generator_spec.targets",
                "the targets have no exposure to any driver: no shock hurts them; choose other targets or drivers"
            );

        var walk = new CriticalLine(_covariance, _metric, _size, _bounds, _deviations);
        walk.ReachFixedValues();
        double start = walk.SquaredDistance;
        double squared = radius * radius;
        if (start > squared * (1.0 + 1e-12))
            throw new ScenarioRefusedException(
                ErrorCodes.Infeasible,
                "generator_spec.radius",
                $"the values that the template fixes lie at distance {Math.Sqrt(start):0.####}, beyond the radius {radius:0.####}; raise the radius or fix milder values"
            );
        bool usedUp = walk.FollowLoss(e, h, squared);
        double[] x = walk.Shock();
        return new WorstCase(x, -Dot(e, x), Math.Sqrt(Math.Min(walk.SquaredDistance, squared)), walk.Binding(), usedUp);
    }

    private double[] Covaried(LinearForm form)
    {
        double[] result = new double[_size];
        form.Covary(_covariance, _size, result);
        return result;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0.0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
