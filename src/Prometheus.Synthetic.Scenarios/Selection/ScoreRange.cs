using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Scenarios.Selection;

/// <summary>Ranges of scores as every filter writes them.</summary>
public static class ScoreRange
{
    /// <summary><c>quantile_range</c>: two numbers, low then high, each in 0..1; null when absent or refused.</summary>
    public static (double, double)? Quantiles(SpecReader reader)
    {
        IReadOnlyList<double>? range = reader.OptionalNumbers("quantile_range", 0, 1, 2);
        if (range is null)
            return null;
        if (range.Count == 2 && range[0] <= range[1])
            return (range[0], range[1]);
        reader.Refuse(ErrorCodes.OutOfRange, "quantile_range", "is two numbers, low then high, each in 0..1");
        return null;
    }

    /// <summary>Refuses <c>min_score</c> above <c>max_score</c>.</summary>
    public static void RefuseCrossed(SpecReader reader, double? min, double? max)
    {
        if (min > max)
            reader.Refuse(ErrorCodes.Conflict, "min_score", $"{min} is above max_score {max}");
    }
}
