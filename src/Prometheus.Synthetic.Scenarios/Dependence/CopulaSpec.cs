using Prometheus.Synthetic.Scenarios.Dependence.Pairs;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Dependence;

/// <summary><c>copula</c>: which dependence the series are given.</summary>
/// <param name="Family">gaussian, student_t or vine.</param>
/// <param name="DegreesOfFreedom">ν of <c>student_t</c> when given; estimated otherwise.</param>
/// <param name="Families">Pair families a vine may choose from.</param>
/// <param name="Truncation">Last dependent tree of a vine; null for all.</param>
/// <param name="IndependenceLevel">Level of the vine's independence test.</param>
/// <param name="Condition">Values that are given; null for none.</param>
/// <param name="Path">Where it stands in the request.</param>
public sealed record CopulaSpec(
    string Family,
    double? DegreesOfFreedom,
    IReadOnlyList<string> Families,
    int? Truncation,
    double IndependenceLevel,
    CopulaCondition? Condition,
    string Path
)
{
    internal const string ReplicatesKey = "goodness_of_fit_replicates";

    /// <summary>
    /// <c>goodness_of_fit_replicates</c>: of the parametric bootstrap behind the p-values; 0 for those of known parameters.
    /// </summary>
    public int Replicates { get; init; }

    /// <param name="reader">The object as the caller wrote it; null for a t copula.</param>
    public static CopulaSpec Read(SpecReader? reader, string path)
    {
        if (reader is null)
            return new CopulaSpec("student_t", null, PairFit.Families, null, 0.05, null, path);
        string family = reader.Choice("family", "student_t", "gaussian", "student_t", "vine");
        double? nu = reader.OptionalNumber(
            "degrees_of_freedom",
            PairFit.LowestDegreesOfFreedom,
            PairFit.HighestDegreesOfFreedom
        );
        IReadOnlyList<string>? families = reader.OptionalTexts("families", 20);
        int? truncation = reader.OptionalInteger("truncation", 1, Vines.VineFit.MostSeries);
        double? level = reader.OptionalNumber("independence_level", 0.0, 0.5);
        int replicates = ParametricBootstrap.Read(reader, ReplicatesKey);
        CopulaCondition? condition = CopulaCondition.Read(reader.OptionalObject("condition"));
        for (int i = 0; i < families?.Count; i++)
        {
            if (!PairFit.Families.Contains(families[i], StringComparer.Ordinal))
                reader.Refuse(
                    ErrorCodes.UnknownValue,
                    $"families[{i}]",
                    $"'{families[i]}' is not one of {string.Join(", ", PairFit.Families)}{Spelling.Suggest(families[i], PairFit.Families)}"
                );
        }

        if (families is { Count: 0 })
            reader.Refuse(ErrorCodes.Missing, "families", "is empty; name at least one family or leave it out");
        RefuseMisplaced(reader, family, nu is not null, "degrees_of_freedom", "student_t");
        RefuseMisplaced(reader, family, families is not null, "families", "vine");
        RefuseMisplaced(reader, family, truncation is not null, "truncation", "vine");
        RefuseMisplaced(reader, family, level is not null, "independence_level", "vine");
        RefuseMisplaced(reader, family, condition is not null, "condition", "vine");
        reader.Finish();
        return new CopulaSpec(family, nu, families ?? PairFit.Families, truncation, level ?? 0.05, condition, path)
        {
            Replicates = replicates,
        };
    }

    private static void RefuseMisplaced(SpecReader reader, string family, bool given, string key, string owner)
    {
        if (given && family != owner)
            reader.Refuse(ErrorCodes.Conflict, key, $"goes with family '{owner}', not '{family}'; remove it");
    }
}

/// <summary><c>copula.condition</c>: series whose values are given on some steps, the others drawn jointly given them.</summary>
/// <param name="Values">Value by series id, in the series' unit (a return of −0.07 is −7 %).</param>
/// <param name="FromStep">First step 1..60 on which they are given.</param>
/// <param name="ToStep">Last step.</param>
public sealed record CopulaCondition(IReadOnlyDictionary<string, double> Values, int FromStep, int ToStep)
{
    internal static CopulaCondition? Read(SpecReader? reader)
    {
        if (reader is null)
            return null;
        IReadOnlyDictionary<string, double>? values = reader.OptionalNumberMap("values", -1e6, 1e6);
        int from = reader.Integer("from_step", 1, 1, 60);
        int to = reader.Integer("to_step", from, 1, 60);
        if (values is null or { Count: 0 })
            reader.Refuse(ErrorCodes.Missing, "values", "is missing or empty; give values by series id");
        if (to < from)
            reader.Refuse(ErrorCodes.OutOfRange, "to_step", $"{to} is before from_step {from}");
        reader.Finish();
        return values is null ? null : new CopulaCondition(values, from, to);
    }
}
