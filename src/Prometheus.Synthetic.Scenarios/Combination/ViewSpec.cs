using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Combination;

/// <summary>A view on a set, as a request writes it.</summary>
/// <param name="Statistic"><c>mean</c>, <c>volatility</c> (about the prior mean) or <c>probability_below</c> a threshold.</param>
/// <param name="Step"><c>step</c> 1.., or 0 for the whole horizon: returns compounded, level changes summed.</param>
public sealed record ViewSpec(
    string Field,
    DriverKind Kind,
    string Id,
    string Statistic,
    int Step,
    double Threshold,
    ViewRelation Relation,
    double Value
)
{
    internal static ViewSpec Read(SpecReader reader)
    {
        DriverKind kind = reader.Choice("kind", "INSTRUMENT", "INSTRUMENT", "FACTOR", "MACRO") switch
        {
            "FACTOR" => DriverKind.Factor,
            "MACRO" => DriverKind.Macro,
            _ => DriverKind.Instrument,
        };
        string? id = reader.OptionalText("driver");
        if (id is null && !reader.Has("driver"))
            reader.Refuse(ErrorCodes.Missing, "driver", "is missing; name the driver the view is on");
        string statistic = reader.Choice("statistic", "mean", "mean", "volatility", "probability_below");
        int step = reader.Integer("step", 0, 0, GenerationShape.MaxHorizonDays);
        double? threshold = reader.OptionalNumber("threshold", -1e9, 1e9);
        if (statistic == "probability_below" == threshold is null)
            reader.Refuse(
                threshold is null ? ErrorCodes.Missing : ErrorCodes.Conflict,
                "threshold",
                "belongs to probability_below, and only to it"
            );
        ViewRelation relation = reader.Choice("relation", "=", "=", "<=", ">=") switch
        {
            "<=" => ViewRelation.AtMost,
            ">=" => ViewRelation.AtLeast,
            _ => ViewRelation.Equal,
        };
        (double min, double max) = statistic switch
        {
            "volatility" => (0.0, 1e9),
            "probability_below" => (0.0, 1.0),
            _ => (-1e9, 1e9),
        };
        double? value = reader.OptionalNumber("value", min, max);
        if (value is null && !reader.Has("value"))
            reader.Refuse(ErrorCodes.Missing, "value", "is missing; give the number the statistic shall have");
        reader.Finish();
        return new ViewSpec(
            reader.Field("value"),
            kind,
            id ?? "",
            statistic,
            step,
            threshold ?? 0,
            relation,
            value ?? 0
        );
    }

    /// <summary>The view on given outcomes, one per path.</summary>
    /// <param name="prior">The paths' probabilities before, summing to 1.</param>
    internal PooledView On(double[] outcomes, double[] prior)
    {
        double mean = 0.0;
        for (int p = 0; p < outcomes.Length; p++)
            mean += prior[p] * outcomes[p];
        return Statistic switch
        {
            "volatility" => new PooledView(
                Field,
                [.. outcomes.Select(x => (x - mean) * (x - mean))],
                Relation,
                Value * Value
            ),
            "probability_below" => new PooledView(
                Field,
                [.. outcomes.Select(x => x <= Threshold ? 1.0 : 0.0)],
                Relation,
                Value
            ),
            _ => new PooledView(Field, outcomes, Relation, Value),
        };
    }
}
