using System.Globalization;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Scenarios.Tails.Severity;

/// <summary>
/// An extreme-value figure computed elsewhere, held against what a set contains: one entry of <c>severity_checks</c>.
/// Pure: the verdict is a function of the set's values.
/// </summary>
/// <param name="Id">The driver it speaks of.</param>
/// <param name="Lower">True for the lower tail (losses), false for the upper.</param>
/// <param name="Source">Where the figure comes from, in the caller's words.</param>
public abstract record SeverityCheck(string Id, bool Lower, string? Source)
{
    /// <summary>Judges one driver's values.</summary>
    /// <param name="values">paths × H values, path after path, in the driver's unit.</param>
    public abstract SeverityResult Evaluate(ReadOnlySpan<double> values, int steps);

    /// <summary><c>severity_checks</c>: a list of objects; empty when absent.</summary>
    public static IReadOnlyList<SeverityCheck> Read(SpecReader reader)
    {
        var checks = new List<SeverityCheck>();
        foreach (SpecReader entry in reader.Objects("severity_checks", 200))
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
}

/// <summary>What a check found.</summary>
/// <param name="Verdict">pass, lighter (the set is less severe than the figure says), heavier, or undecided.</param>
/// <param name="Detail">Expected and observed numbers.</param>
public sealed record SeverityResult(string Verdict, JsonObject Detail);
