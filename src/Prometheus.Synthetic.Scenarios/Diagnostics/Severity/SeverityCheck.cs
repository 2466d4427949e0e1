using System.Globalization;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Diagnostics.Severity;

/// <summary>
/// An extreme-value figure computed elsewhere, held against what a set contains: one entry of <c>severity_checks</c>,
/// which every family's <c>generator_spec</c> may have. Pure: the verdict is a function of the set's values.
/// </summary>
/// <param name="Id">The driver it speaks of.</param>
/// <param name="Lower">True for the lower tail (losses), false for the upper.</param>
/// <param name="Source">Where the figure comes from, in the caller's words.</param>
public abstract record SeverityCheck(string Id, bool Lower, string? Source)
{
    /// <summary>Most checks of one set.</summary>
    public const int MaxChecks = 200;

    /// <summary><c>tail_index</c> or <c>gev</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>What is compared.</summary>
    protected abstract string Measure { get; }

    /// <summary>The external figure of it.</summary>
    protected abstract double Expected { get; }

    /// <summary>Judges one driver's values.</summary>
    /// <param name="values">paths × H values, path after path, in the driver's unit.</param>
    /// <param name="weights">Of the paths.</param>
    internal abstract SeverityFinding Evaluate(ReadOnlySpan<double> values, int steps, PathWeights weights);

    /// <summary>A list of objects; empty when absent.</summary>
    public static IReadOnlyList<SeverityCheck> Read(SpecReader reader, string key)
    {
        var checks = new List<SeverityCheck>();
        foreach (SpecReader entry in reader.Objects(key, MaxChecks))
        {
            string? id = entry.OptionalText("id");
            if (id is null)
                entry.Refuse(ErrorCodes.Missing, "id", "is missing; name the driver the figure speaks of");
            string kind = entry.Choice("kind", "tail_index", "tail_index", "gev");
            bool lower = entry.Choice("tail", "lower", "lower", "upper") == "lower";
            string? source = entry.OptionalText("source");
            SeverityCheck check =
                kind == "gev"
                    ? GevCheck.Read(entry, id ?? "", lower, source)
                    : TailIndexCheck.Read(entry, id ?? "", lower, source);
            entry.Finish();
            checks.Add(check);
        }

        return checks;
    }

    /// <exception cref="ScenarioRefusedException">Checks name drivers that the set does not have.</exception>
    public static void RequireDrivers(IReadOnlyList<SeverityCheck> checks, IReadOnlyList<Driver> drivers)
    {
        if (checks.Count == 0)
            return;
        string[] ids = [.. drivers.Select(d => d.Id)];
        var known = ids.ToHashSet(StringComparer.Ordinal);
        FieldError[] unknown =
        [
            .. checks
                .Select((check, i) => (check, i))
                .Where(x => !known.Contains(x.check.Id))
                .Select(x => new FieldError(
                    ErrorCodes.UnknownValue,
                    $"generator_spec.severity_checks[{x.i}].id",
                    $"'{x.check.Id}' is not a driver of the set{Spelling.Suggest(x.check.Id, ids)}"
                )),
        ];
        if (unknown.Length > 0)
            throw new ScenarioRefusedException(unknown);
    }

    /// <summary>The values whose upper tail is meant.</summary>
    protected double[] Signed(ReadOnlySpan<double> values)
    {
        double[] signed = values.ToArray();
        if (Lower)
        {
            for (int i = 0; i < signed.Length; i++)
                signed[i] = -signed[i];
        }

        return signed;
    }

    internal SeverityFinding Undecided(int paths, string reason) =>
        Found(SeverityVerdict.Undecided, null, null, null, null, paths, reason);

    /// <summary>Below the lowest LIGHTER, above the highest HEAVIER.</summary>
    internal SeverityFinding Judged(
        double observed,
        double error,
        double lowest,
        double highest,
        int paths,
        string explanation
    ) =>
        Found(
            observed < lowest ? SeverityVerdict.Lighter
                : observed > highest ? SeverityVerdict.Heavier
                : SeverityVerdict.Pass,
            observed,
            error,
            lowest,
            highest,
            paths,
            explanation
        );

    protected static double Required(SpecReader entry, string key, double min, double max)
    {
        if (!entry.Has(key))
            entry.Refuse(
                ErrorCodes.Missing,
                key,
                string.Create(CultureInfo.InvariantCulture, $"is missing; give a number in {min}..{max}")
            );
        return entry.Number(key, min, min, max);
    }

    private SeverityFinding Found(
        SeverityVerdict verdict,
        double? observed,
        double? error,
        double? lowest,
        double? highest,
        int paths,
        string explanation
    ) =>
        new(
            Id,
            Lower ? "lower" : "upper",
            Kind,
            verdict,
            Measure,
            Expected,
            observed,
            error,
            lowest,
            highest,
            paths,
            Source,
            explanation
        );
}
