using System.Globalization;
using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Overlays;

/// <summary>
/// A number that is fixed or drawn per path: <c>5</c>, <c>{"uniform": [2, 8]}</c>, <c>{"normal": [-0.15, 0.03]}</c> (mean,
/// deviation) or <c>{"choices": [-0.1, -0.2]}</c>. Draws are kept within the allowed range.
/// </summary>
public sealed record DrawnNumber(string Kind, IReadOnlyList<double> Parameters, double Min, double Max)
{
    public static DrawnNumber Fixed(double value) => new("fixed", [value], value, value);

    public double At(double uniform) =>
        Kind switch
        {
            "uniform" => Parameters[0] + uniform * (Parameters[1] - Parameters[0]),
            "normal" => Math.Clamp(Parameters[0] + Parameters[1] * StandardNormal.Quantile(uniform), Min, Max),
            "choices" => Parameters[Math.Min((int)(uniform * Parameters.Count), Parameters.Count - 1)],
            _ => Parameters[0],
        };

    /// <summary>A whole number, each one of a uniform range equally likely.</summary>
    public int WholeAt(double uniform) =>
        Kind == "uniform"
            ? (int)Parameters[0]
                + Math.Min((int)(uniform * (Parameters[1] - Parameters[0] + 1)), (int)(Parameters[1] - Parameters[0]))
            : (int)Math.Floor(At(uniform) + 0.5);

    internal static DrawnNumber Read(SpecReader reader, string key, double min, double max, double fallback)
    {
        if (!reader.Has(key))
            return Fixed(fallback);
        if (reader.OptionalElement(key) is not { ValueKind: JsonValueKind.Object })
            return Fixed(reader.Number(key, fallback, min, max));
        SpecReader drawn = reader.OptionalObject(key)!;
        IReadOnlyList<double>? uniform = drawn.OptionalNumbers("uniform", min, max, 2);
        IReadOnlyList<double>? normal = drawn.OptionalNumbers("normal", -1e6, 1e6, 2);
        IReadOnlyList<double>? choices = drawn.OptionalNumbers("choices", min, max, 1000);
        drawn.Finish();
        int given = (uniform is null ? 0 : 1) + (normal is null ? 0 : 1) + (choices is null ? 0 : 1);
        bool sound =
            given == 1
            && (uniform is null || (uniform.Count == 2 && uniform[0] <= uniform[1]))
            && (normal is null || (normal.Count == 2 && normal[1] >= 0 && normal[0] >= min && normal[0] <= max))
            && choices is not { Count: 0 };
        if (!sound && drawn.Errors.Count == 0)
            reader.Refuse(
                ErrorCodes.Conflict,
                key,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"give one of uniform [low, high], normal [mean, deviation], choices [a, b, ...] within {min}..{max}"
                )
            );
        return uniform is { Count: 2 } ? new DrawnNumber("uniform", uniform, min, max)
            : normal is { Count: 2 } ? new DrawnNumber("normal", normal, min, max)
            : choices is { Count: > 0 } ? new DrawnNumber("choices", choices, min, max)
            : Fixed(fallback);
    }
}
