using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>
/// One walk along the piecewise linear optimum x(τ) = −t·h + Σ Cᵀη of the box-constrained problem. On a piece, the
/// active forms hold their bounds: (CΣCᵀ)η = b + t·Ch. A piece ends where an inactive form meets its bound (it joins) or
/// where a multiplier turns (its bound is let go). First the fixed values grow from 0 to full at t = 0, then t grows.
/// </summary>
/// <param name="metric">Σ factored: it measures distances where the loss has almost stopped and e·x says little.</param>
/// <param name="deviations">√(cᵀΣc) of each bound's form: the natural unit of its value and of its multiplier.</param>
internal sealed class CriticalLine(
    double[] covariance,
    CholeskyFactor metric,
    int size,
    IReadOnlyList<ShockBound> bounds,
    IReadOnlyList<double> deviations
)
{
    /// <summary>A movement or a multiplier this much smaller than the largest is rounding, not a change to come.</summary>
    private const double Negligible = 1e-10;

    private readonly List<Active> _active = [];
    private readonly HashSet<int> _excluded = [];
    private double[] _start = new double[size];
    private double[] _slope = new double[size];
    private double[] _etaStart = [];
    private double[] _etaSlope = [];
    private double _at;

    public double SquaredDistance { get; private set; }

    private sealed record Active(int Bound, double Value, bool Fixed, int Side, double[] Covaried);

    /// <summary>Brings the fixed forms to their values by the least distant shock that respects the bounds.</summary>
    public void ReachFixedValues()
    {
        for (int i = 0; i < bounds.Count; i++)
        {
            if (bounds[i].IsFixed)
                Join(i, bounds[i].Lower, 0);
        }

        double[] none = new double[size];
        if (_active.Exists(a => a.Value != 0.0))
            Walk(none, fixedGrow: true, end: 1.0, none, double.PositiveInfinity);
        Resolve(none, fixedGrow: false);
        double quadratic = 0.0;
        for (int i = 0; i < _active.Count; i++)
            quadratic += _etaStart[i] * _active[i].Value;
        SquaredDistance = quadratic;
        _at = 0.0;
    }

    /// <summary>Follows the loss until the squared distance is used up. False when the bounds end the walk before.</summary>
    public bool FollowLoss(double[] exposure, double[] covaried, double squaredRadius) =>
        Walk(covaried, fixedGrow: false, end: double.PositiveInfinity, exposure, squaredRadius);

    public double[] Shock()
    {
        double[] x = new double[size];
        for (int i = 0; i < size; i++)
            x[i] = _start[i] + _at * _slope[i];
        // Rounding must not leave a bound by a bit.
        foreach (Active a in _active)
        {
            LinearForm form = bounds[a.Bound].Form;
            if (form.Index.Length == 1)
                x[form.Index[0]] = a.Value / form.Weight[0];
        }

        return x;
    }

    public IReadOnlyList<BindingBound> Binding() =>
        [
            .. _active
                .Select((a, i) => (a, Eta: _etaStart[i] + _at * _etaSlope[i]))
                .OrderBy(p => p.a.Bound)
                .Select(p => new BindingBound(
                    bounds[p.a.Bound].Name,
                    p.a.Fixed ? "fixed"
                        : p.a.Side < 0 ? "lower"
                        : "upper",
                    p.a.Value,
                    // Per unit of e rather than of the scaled objective: t·e + … = Cᵀη.
                    _at > 0.0
                        ? Math.Abs(p.Eta) / _at
                        : 0.0
                )),
        ];

    /// <summary>Returns true when the radius ended the walk.</summary>
    private bool Walk(double[] h, bool fixedGrow, double end, double[] exposure, double squaredRadius)
    {
        _at = 0.0;
        int limit = 20 * (bounds.Count + size) + 100;
        double reference = Math.Sqrt(Math.Max(0.0, Dot(exposure, h)));
        for (int step = 0; step < limit; step++)
        {
            Resolve(h, fixedGrow);
            (double next, int joining, int leaving, int side) = NextChange(end, Speed(exposure), reference);
            if (!fixedGrow && Reaches(exposure, squaredRadius, next))
                return true;
            if (double.IsPositiveInfinity(next))
                return false;
            _at = next;
            if (leaving >= 0)
                _active.RemoveAt(leaving);
            else if (joining >= 0)
                Join(joining, side < 0 ? bounds[joining].Lower : bounds[joining].Upper, side);
            else
                return false;
        }

        throw new ScenarioRefusedException(
            ErrorCodes.NotConverged,
            "generator_spec.threat_model",
            $"the worst case was not found in {limit} changes of the binding bounds: the bounds are degenerate; widen or remove those that coincide"
        );
    }

    /// <summary>On this piece the squared distance is q₀ + q₂t²; stops where it meets the radius, if that comes first.</summary>
    private bool Reaches(double[] exposure, double squaredRadius, double next)
    {
        double constant = 0.0;
        for (int i = 0; i < _active.Count; i++)
            constant += _etaStart[i] * _active[i].Value;
        double quadratic = 0.0;
        for (int i = 0; i < size; i++)
            quadratic -= exposure[i] * _slope[i];
        if (quadratic > 0.0)
        {
            double stop = Math.Sqrt(Math.Max(0.0, squaredRadius - constant) / quadratic);
            if (stop <= next)
            {
                _at = Math.Max(_at, Math.Min(next, Crossing(squaredRadius)));
                SquaredDistance = metric.InverseQuadratic(Shock());
                return true;
            }
        }

        SquaredDistance = constant + (double.IsPositiveInfinity(next) ? 0.0 : quadratic * next * next);
        return false;
    }

    /// <summary>
    /// The t at which the present piece leaves the ball. −e·slope, which is the squared length of the slope, is a
    /// difference of nearly equal numbers where the bounds let the loss grow by next to nothing; the length itself is not.
    /// </summary>
    private double Crossing(double squaredRadius)
    {
        double[] start = [.. _start];
        double[] slope = [.. _slope];
        metric.SolveLower(start);
        metric.SolveLower(slope);
        double constant = squaredRadius - Dot(start, start);
        double half = Dot(start, slope);
        double quadratic = Dot(slope, slope);
        return quadratic > 0.0
            ? (Math.Sqrt(Math.Max(0.0, half * half + quadratic * constant)) - half) / quadratic
            : _at;
    }

    /// <summary>Start and slope of x and η on the piece of the present active set.</summary>
    private void Resolve(double[] h, bool fixedGrow)
    {
        int m = _active.Count;
        _etaStart = new double[m];
        _etaSlope = new double[m];
        for (int i = 0; i < m; i++)
        {
            bool grows = fixedGrow && _active[i].Fixed;
            _etaStart[i] = grows ? 0.0 : _active[i].Value;
            _etaSlope[i] = (grows ? _active[i].Value : 0.0) + bounds[_active[i].Bound].Form.Of(h);
        }

        if (m > 0)
        {
            CholeskyFactor factor = Gram() ?? throw Contradiction();
            factor.Solve(_etaStart);
            factor.Solve(_etaSlope);
        }

        _start = new double[size];
        _slope = new double[size];
        for (int j = 0; j < size; j++)
            _slope[j] = -h[j];
        for (int i = 0; i < m; i++)
        {
            double[] column = _active[i].Covaried;
            for (int j = 0; j < size; j++)
            {
                _start[j] += _etaStart[i] * column[j];
                _slope[j] += _etaSlope[i] * column[j];
            }
        }
    }

    /// <summary>Mahalanobis length of the slope of x.</summary>
    private double Speed(double[] exposure)
    {
        double squared = -Dot(exposure, _slope);
        for (int i = 0; i < _active.Count; i++)
            squared += _etaSlope[i] * bounds[_active[i].Bound].Form.Of(_slope);
        return Math.Sqrt(Math.Max(0.0, squared));
    }

    /// <param name="speed">Length of the slope: no form moves faster than its deviation times this.</param>
    /// <param name="reference">The speed without any bound.</param>
    private (double Next, int Joining, int Leaving, int Side) NextChange(double end, double speed, double reference)
    {
        double next = end;
        int joining = -1;
        int leaving = -1;
        int side = 0;
        for (int b = 0; b < bounds.Count && speed > Negligible * reference; b++)
        {
            if (bounds[b].IsFixed || _excluded.Contains(b) || _active.Exists(a => a.Bound == b))
                continue;
            double slope = bounds[b].Form.Of(_slope);
            if (Math.Abs(slope) <= Negligible * deviations[b] * speed)
                continue;
            double limit = slope < 0.0 ? bounds[b].Lower : bounds[b].Upper;
            if (double.IsInfinity(limit))
                continue;
            double meets = Math.Max(_at, (limit - bounds[b].Form.Of(_start)) / slope);
            if (meets < next)
                (next, joining, leaving, side) = (meets, b, -1, slope < 0.0 ? -1 : 1);
        }

        double largest = 0.0;
        for (int i = 0; i < _active.Count; i++)
            largest = Math.Max(largest, deviations[_active[i].Bound] * Math.Abs(_etaSlope[i]));
        for (int i = 0; i < _active.Count; i++)
        {
            Active a = _active[i];
            // At a lower bound η ≥ 0, at an upper η ≤ 0; the slope must lead out of that.
            if (a.Fixed || -_etaSlope[i] * -a.Side <= Negligible * largest / deviations[a.Bound])
                continue;
            double value = (_etaStart[i] + _at * _etaSlope[i]) * -a.Side;
            double turns = value <= 0.0 ? _at : Math.Max(_at, -_etaStart[i] / _etaSlope[i]);
            if (turns < next)
                (next, joining, leaving, side) = (turns, -1, i, 0);
        }

        return (next, joining, leaving, side);
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0.0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private void Join(int bound, double value, int side)
    {
        double[] covaried = new double[size];
        bounds[bound].Form.Covary(covariance, size, covaried);
        _active.Add(new Active(bound, value, side == 0, side, covaried));
        if (Gram() is not null)
            return;
        // The form follows from those already active: it adds nothing, unless it asks for something else.
        _active.RemoveAt(_active.Count - 1);
        if (side == 0)
            throw Contradiction();
        _excluded.Add(bound);
    }

    private CholeskyFactor? Gram()
    {
        int m = _active.Count;
        double[] gram = new double[m * m];
        for (int i = 0; i < m; i++)
        {
            LinearForm form = bounds[_active[i].Bound].Form;
            for (int j = 0; j < m; j++)
                gram[i * m + j] = form.Of(_active[j].Covaried);
        }

        return CholeskyFactor.TryFactor(gram, m);
    }

    private static ScenarioRefusedException Contradiction() =>
        new(
            ErrorCodes.Conflict,
            "generator_spec.templates",
            "the template fixes values that follow from one another, or that the bounds forbid; fix fewer, or widen the bounds"
        );
}
