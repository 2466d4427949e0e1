using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Tails.Margins;

/// <summary>
/// Generalized Pareto tails over the sample's own body (McNeil and Frey 2000): below the lower threshold and above the
/// upper one the fitted tails with the probabilities N/n of exceeding them, between them straight lines through the order
/// statistics. Continuous and strictly increasing where the sample's body has no ties.
/// </summary>
public sealed class SemiParametricMargin : IMargin
{
    // The body's knots: the lower threshold, the observations between the thresholds, the upper threshold.
    private readonly double[] _knots;
    private readonly int _count;
    private readonly double _lowerRate;
    private readonly double _upperRate;

    private SemiParametricMargin(GeneralizedParetoFit lower, GeneralizedParetoFit upper, double[] knots)
    {
        Lower = lower;
        Upper = upper;
        _knots = knots;
        _count = lower.Count;
        _lowerRate = lower.ExceedanceRate;
        _upperRate = upper.ExceedanceRate;
    }

    /// <summary>Fitted to the series with its sign turned: losses when the series is returns.</summary>
    public GeneralizedParetoFit Lower { get; }

    public GeneralizedParetoFit Upper { get; }

    /// <param name="tailFraction">Share of the sample in each tail, in (0, ½).</param>
    /// <param name="field">Where the request asked for it, for refusals.</param>
    /// <exception cref="ScenarioRefusedException">Fewer than 50 exceedances on a side, or tied ones.</exception>
    public static SemiParametricMargin Of(ReadOnlySpan<double> sample, double tailFraction, string field)
    {
        double[] sorted = sample.ToArray();
        Array.Sort(sorted);
        double low = QuantileOf(sorted, tailFraction);
        double high = QuantileOf(sorted, 1.0 - tailFraction);
        double[] turned = new double[sorted.Length];
        for (int i = 0; i < sorted.Length; i++)
            turned[i] = -sorted[i];
        GeneralizedParetoFit lower = GeneralizedParetoFit.Over(turned, -low, $"{field} (lower tail)");
        GeneralizedParetoFit upper = GeneralizedParetoFit.Over(sorted, high, $"{field} (upper tail)");
        int inside = sorted.Length - lower.Exceedances - upper.Exceedances;
        if (inside < 2)
            throw new ScenarioRefusedException(
                ErrorCodes.TooLittleHistory,
                field,
                $"tails of {tailFraction} leave {inside} observations between them; use a smaller tail_fraction"
            );
        double[] knots = [low, .. sorted.AsSpan(lower.Exceedances, inside), high];
        return new SemiParametricMargin(lower, upper, knots);
    }

    public double Quantile(double u)
    {
        if (u < _lowerRate)
            return _knots[0] - Lower.Tail.QuantileOfSurvival(u / _lowerRate);
        double above = 1.0 - u;
        if (above < _upperRate)
            return _knots[^1] + Upper.Tail.QuantileOfSurvival(above / _upperRate);
        // Positions in observations from the lower threshold: knot j lies at j − ½, the thresholds at the ends.
        double position = (u - _lowerRate) * _count;
        double at = position + 0.5;
        int j = Math.Clamp((int)at, 0, _knots.Length - 2);
        double left = Position(j);
        double share = Math.Clamp((position - left) / (Position(j + 1) - left), 0.0, 1.0);
        return _knots[j] + share * (_knots[j + 1] - _knots[j]);
    }

    public double Cdf(double x)
    {
        if (x < _knots[0])
            return Math.Max(_lowerRate * Lower.Tail.Survival(_knots[0] - x), double.Epsilon);
        if (x >= _knots[^1])
            return Math.Min(1.0 - _upperRate * Upper.Tail.Survival(x - _knots[^1]), Uniforms.Largest);
        int j = Steps.Before(_knots, x);
        double width = _knots[j + 1] - _knots[j];
        double left = Position(j);
        double position = left + (width > 0.0 ? (x - _knots[j]) / width : 0.0) * (Position(j + 1) - left);
        return _lowerRate + position / _count;
    }

    public void Transform(Span<double> uniforms, int stride)
    {
        for (int i = 0; i < uniforms.Length; i += stride)
            uniforms[i] = Quantile(uniforms[i]);
    }

    public JsonObject Describe()
    {
        var report = new JsonObject
        {
            ["kind"] = "gpd",
            ["observations"] = _count,
            ["lower"] = Describe(Lower),
            ["upper"] = Describe(Upper),
        };
        if (Lower.Tail.Shape >= 0.5 || Upper.Tail.Shape >= 0.5)
            report["warning"] =
                "a shape of 1/2 or more: the fitted tail has no variance; the return bounds decide its extremes";
        return report;
    }

    /// <summary>Quantile of sorted values by straight lines between order statistics (type 7 of Hyndman and Fan 1996).</summary>
    public static double QuantileOf(ReadOnlySpan<double> sorted, double p)
    {
        double position = p * (sorted.Length - 1);
        int i = Math.Min((int)position, sorted.Length - 2);
        return sorted[i] + (position - i) * (sorted[i + 1] - sorted[i]);
    }

    private double Position(int knot) =>
        knot == 0 ? 0.0
        : knot == _knots.Length - 1 ? _knots.Length - 2
        : knot - 0.5;

    private static JsonObject Describe(GeneralizedParetoFit fit)
    {
        var report = new JsonObject
        {
            ["threshold"] = fit.Threshold,
            ["exceedances"] = fit.Exceedances,
            ["shape"] = fit.Tail.Shape,
            ["scale"] = fit.Tail.Scale,
            ["shape_error"] = double.IsFinite(fit.ShapeError) ? fit.ShapeError : null,
        };
        if (fit.AtBound)
            report["warning"] = "shape at its bound: no standard error";
        return report;
    }
}
