using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Scenarios.Factors.Stress;

/// <summary><c>shock_scaling</c>: the k by which factor shocks are multiplied, one for all or by column id.</summary>
/// <param name="All">k of the factors that <paramref name="ById"/> does not name.</param>
public sealed record ShockScaling(double All, IReadOnlyDictionary<string, double> ById)
{
    private const double Largest = 20;

    public static ShockScaling Parse(SpecReader reader)
    {
        if (reader.IsObject("shock_scaling"))
            return new ShockScaling(1.0, reader.OptionalNumberMap("shock_scaling", -Largest, Largest)!);
        return new ShockScaling(
            reader.Number("shock_scaling", 1.0, -Largest, Largest),
            new SortedDictionary<string, double>(StringComparer.Ordinal)
        );
    }

    /// <summary>k of each column. One k for all is for factors; a macro column is scaled when it is named.</summary>
    /// <exception cref="ScenarioRefusedException">A named id is not among the columns.</exception>
    public double[] Of(IReadOnlyList<Panels.Driver> columns)
    {
        string[] ids = [.. columns.Select(c => c.Id)];
        FieldError[] unknown =
        [
            .. ById
                .Keys.Where(id => !ids.Contains(id, StringComparer.Ordinal))
                .Select(id => new FieldError(
                    ErrorCodes.UnknownValue,
                    $"generator_spec.shock_scaling.{id}",
                    $"is not a sampled column; there are {string.Join(", ", ids)}{Spelling.Suggest(id, ids)}"
                )),
        ];
        if (unknown.Length > 0)
            throw new ScenarioRefusedException(unknown);
        return
        [
            .. columns.Select(c =>
                ById.TryGetValue(c.Id, out double k) ? k
                : c.Kind == Panels.DriverKind.Factor ? All
                : 1.0
            ),
        ];
    }
}
