using System.Globalization;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Tails;

namespace Prometheus.Synthetic.Scenarios.Diagnostics.Severity;

/// <summary>
/// A tail index ξ = 1/α against the moment estimate (Dekkers, Einmahl, de Haan) of the set's one-step values. They agree
/// within two standard errors of both plus a tolerance for what a finite threshold biases.
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
        // The estimator is one of equally likely values; of paths with probabilities it would be another set's index.
        if (weights.EffectivePaths < EqualWeights * paths)
            return Undecided(
                paths,
                "the paths carry unequal probabilities, which the moment estimator cannot weigh; give a gev check"
            );
        double[] signed = Signed(values);
        int k = TailIndex.DefaultOrder(signed.Length);
        try
        {
            TailIndex found = TailIndex.Moment(signed, k, Id);
            double error = found.StandardError;
            double slack = 2.0 * Math.Sqrt(error * error + StandardError * StandardError) + Tolerance;
            return Judged(
                found.Shape,
                error,
                Shape - slack,
                Shape + slack,
                paths,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"moment estimate over the {k} largest of {signed.Length} values; allowed are two standard errors of both and {Tolerance:0.###}"
                )
            );
        }
        catch (ScenarioRefusedException refused)
        {
            return Undecided(paths, refused.Errors[0].Message);
        }
    }
}
