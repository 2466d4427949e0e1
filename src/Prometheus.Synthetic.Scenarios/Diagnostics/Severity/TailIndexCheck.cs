using System.Globalization;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Tails;

namespace Prometheus.Synthetic.Scenarios.Diagnostics.Severity;

/// <summary>
/// A tail index ξ = 1/α against the moment estimate (Dekkers, Einmahl, de Haan) of the set's one-step values, weighted
/// where paths carry unequal probabilities. They agree within two standard errors of both plus a tolerance for what a
/// finite threshold biases.
/// </summary>
/// <param name="Shape">ξ from elsewhere.</param>
/// <param name="StandardError">Its standard error; 0 when not given.</param>
public sealed record TailIndexCheck(
    string Id,
    bool Lower,
    string? Source,
    double Shape,
    double StandardError,
    double Tolerance
) : SeverityCheck(Id, Lower, Source)
{
    /// <summary>Paths whose weights differ by more than this share of an effective path are not of equal weight.</summary>
    private const double EqualWeights = 0.999;

    /// <summary>Effective paths in a weighted tail, the least that an unweighted one takes of values.</summary>
    private const double FewestPaths = 25.0;

    /// <summary>
    /// Probabilities that have nothing to do with how far out a value is exceed it once in forty times. Measured on
    /// Pareto samples whose weights rise with the value, the error is a third too small and the estimate too light.
    /// </summary>
    private const double MostTrend = 2.0;

    public override string Kind => "tail_index";

    protected override string Measure => "tail index xi of one-step values";

    protected override double Expected => Shape;

    internal static TailIndexCheck Read(SpecReader entry, string id, bool lower, string? source) =>
        new(
            id,
            lower,
            source,
            Required(entry, "shape", -1.0, 3.0),
            entry.Number("standard_error", 0.0, 0.0, 3.0),
            entry.Number("tolerance", 0.1, 0.0, 1.0)
        );

    internal override SeverityFinding Evaluate(ReadOnlySpan<double> values, int steps, PathWeights weights)
    {
        int paths = values.Length / steps;
        try
        {
            return weights.EffectivePaths < EqualWeights * paths
                ? Weighted(Signed(values), steps, weights)
                : Equal(Signed(values), paths);
        }
        catch (ScenarioRefusedException refused)
        {
            return Undecided(paths, refused.Errors[0].Message);
        }
    }

    private SeverityFinding Equal(double[] values, int paths)
    {
        int k = TailIndex.DefaultOrder(values.Length);
        return Against(
            TailIndex.Moment(values, k, Id),
            paths,
            $"moment estimate over the {k} largest of {values.Length} values"
        );
    }

    private SeverityFinding Weighted(double[] values, int steps, PathWeights weights)
    {
        int paths = values.Length / steps;
        // As many values as there would be were they equally likely.
        int effective = Math.Max(1, (int)(weights.EffectivePaths * steps));
        double share = (double)TailIndex.DefaultOrder(effective) / effective;
        double[] probabilities = [.. Enumerable.Range(0, paths).Select(p => weights[p])];
        var found = WeightedTailIndex.Moment(values, probabilities, share, Id);
        string tail = Invariant(
            $"the {found.Index.OrderStatistics} largest of {values.Length} values hold {share:P1} of the probability"
        );
        if (found.EffectivePaths < FewestPaths)
            return Undecided(
                paths,
                Invariant(
                    $"{tail} on paths that count as {found.EffectivePaths:0.#} equally likely ones; {FewestPaths} are needed"
                )
            );
        if (found.WeightTrend > MostTrend)
            return Undecided(
                paths,
                Invariant(
                    $"{tail}, and the farther out the likelier (rank correlation times the root of their number is {found.WeightTrend:0.#}, {MostTrend:0.#} at most can be judged): what would count most lies beyond the sample; give a gev check"
                )
            );
        return Against(found.Index, paths, $"weighted moment estimate, {tail}, error over paths");
    }

    private SeverityFinding Against(TailIndex found, int paths, string how)
    {
        double error = found.StandardError;
        double slack = 2.0 * Math.Sqrt(error * error + StandardError * StandardError) + Tolerance;
        return Judged(
            found.Shape,
            error,
            Shape - slack,
            Shape + slack,
            paths,
            Invariant($"{how}; allowed are two standard errors of both and {Tolerance:0.###}")
        );
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
