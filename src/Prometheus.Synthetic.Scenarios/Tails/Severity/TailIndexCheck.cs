using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Scenarios.Tails.Severity;

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
    internal static TailIndexCheck Read(SpecReader entry, string id, bool lower, string? source) =>
        new(
            id,
            lower,
            source,
            Required(entry, "shape", -1.0, 3.0),
            entry.Number("standard_error", 0.0, 0.0, 3.0),
            entry.Number("tolerance", 0.1, 0.0, 1.0)
        );

    public override SeverityResult Evaluate(ReadOnlySpan<double> values, int steps)
    {
        double[] signed = Signed(values);
        int k = TailIndex.DefaultOrder(signed.Length);
        TailIndex found;
        try
        {
            found = TailIndex.Moment(signed, k, Id);
        }
        catch (ScenarioRefusedException refused)
        {
            return new SeverityResult("undecided", new JsonObject { ["reason"] = refused.Errors[0].Message });
        }

        double slack =
            2.0 * Math.Sqrt(found.StandardError * found.StandardError + StandardError * StandardError) + Tolerance;
        double difference = found.Shape - Shape;
        string verdict =
            Math.Abs(difference) <= slack ? "pass"
            : difference < 0.0 ? "lighter"
            : "heavier";
        return new SeverityResult(
            verdict,
            new JsonObject
            {
                ["kind"] = "tail_index",
                ["expected_shape"] = Shape,
                ["observed_shape"] = found.Shape,
                ["observed_error"] = found.StandardError,
                ["allowed_difference"] = slack,
                ["order_statistics"] = k,
                ["observations"] = signed.Length,
            }
        );
    }
}
