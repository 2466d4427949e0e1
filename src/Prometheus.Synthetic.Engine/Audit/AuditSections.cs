using System.Globalization;
using System.Text.Json;
using Prometheus.Synthetic.Engine.Verification;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Audit;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine.Audit;

/// <summary>A part of the sheet: label and value, line by line. A label may come several times.</summary>
public sealed record AuditSection(string Title, IReadOnlyList<(string Label, string Value)> Lines);

/// <summary>The sheet in words, the same for the terminal, the Markdown report and the browser.</summary>
public static class AuditSections
{
    public static IReadOnlyList<AuditSection> Of(AuditSheet sheet) =>
        [
            new("What it is", [.. Identity(sheet)]),
            new("Where it comes from", [.. Origin(sheet.Set)]),
            new("What is in it", [.. Content(sheet)]),
            new("What the generator found", [.. Findings(sheet.Set)]),
            new("What it is like", [.. Likeness(sheet.Diagnostics)]),
            new("Would you get it again?", [.. Proof(sheet)]),
            new("Versions of the lineage", [.. sheet.Versions.Select(VersionLine)]),
            new("What was done to it", [.. sheet.Trail.Select(TrailLine)]),
        ];

    private static IEnumerable<(string, string)> Identity(AuditSheet sheet)
    {
        ScenarioSetDocument s = sheet.Set;
        yield return ("set", $"{s.Name} version {s.Version}" + (sheet.Current ? " (current)" : string.Empty));
        yield return ("id", s.Id.ToString());
        yield return ("status", StatusText(s.Status));
        if (s.DefensiveTest)
            yield return ("use", "DEFENSIVE TEST: for evaluating resilience and nothing else");
        if (s.Description.Length > 0)
            yield return ("description", s.Description);
        yield return ("category", s.Category);
        yield return ("markets", string.Join(", ", s.Markets));
        if (s.Tags.Count > 0)
            yield return ("tags", string.Join(", ", s.Tags));
        if (sheet.LaterTags.Count > 0)
            yield return ("tags given later", string.Join(", ", sheet.LaterTags));
        if (s.Supersedes is { } earlier)
            yield return ("supersedes", earlier.ToString());
        foreach (Scenarios.Errors.FieldError error in s.Errors)
            yield return ("error", error.ToString());
    }

    private static IEnumerable<(string, string)> Origin(ScenarioSetDocument s)
    {
        yield return ("as of", Day(s.AsOfDate));
        yield return ("history", $"{Day(s.BaseDateStart)} to {Day(s.BaseDateEnd)}");
        if (s.RegimeFilter is { Count: > 0 } regimes)
            yield return ("regimes", string.Join(", ", regimes));
        yield return ("universe filter", Raw(s.UniverseFilter) ?? "none");
        yield return ("generator spec", Raw(s.GeneratorSpec) ?? "none");
        yield return ("seed", Invariant($"{s.Seed}"));
        yield return ("engine", Invariant($"{s.EngineVersion}, numeric version {s.NumericVersion}"));
        yield return ("asked by", s.CreatedBy);
        yield return ("request", Invariant($"{s.RequestId}, attempt {s.Attempt}"));
        if (s.CausationId is { } cause)
            yield return ("caused by message", cause.ToString());
        if (s.CorrelationId is { } correlation)
            yield return ("correlation", correlation.ToString());
        if (s.Policy is { } policy)
            yield return ("policy", Invariant($"{policy.Name} version {policy.Version}, {policy.Hash}"));
        yield return ("created", Instant(s.CreatedAt));
        if (s.SealedAt is { } at)
            yield return ("sealed", Invariant($"{Instant(at)}, {(at - s.CreatedAt).TotalSeconds:0.00} s later"));
        if (s.GenerationSeconds is { } generating && s.StoreSeconds is { } storing)
            yield return (
                "work",
                Invariant(
                    $"{generating:0.00} s of one core generating, {storing:0.00} s storing, {s.ShardCount} shards"
                )
            );
    }

    private static IEnumerable<(string, string)> Content(AuditSheet sheet)
    {
        ScenarioSetDocument s = sheet.Set;
        yield return (
            "shape",
            Invariant($"{s.NumPaths} paths × {s.HorizonDays} steps × {s.Drivers.Total} drivers, {s.Cells:N0} cells")
        );
        yield return ("return convention", ConventionText(s.ReturnConvention));
        foreach (IGrouping<DriverKind, Driver> kind in sheet.Drivers.GroupBy(d => d.Kind))
            yield return (
                kind.Key.ToString().ToLowerInvariant() + "s",
                Invariant($"{kind.Count()}: {Shortened(kind.Select(d => d.Id))}")
            );
        foreach (Driver macro in sheet.Drivers.Where(d => d.Kind == DriverKind.Macro))
            yield return ("unit of " + macro.Id, $"changes per step in {macro.Unit}");
        foreach (DroppedDriver dropped in s.DriversDropped)
            yield return ("left out", $"{dropped.Kind.ToString().ToLowerInvariant()} {dropped.Id}: {dropped.Reason}");
    }

    private static IEnumerable<(string, string)> Findings(ScenarioSetDocument s)
    {
        foreach ((string label, string value) in Members("data", s.CalibrationReport))
            yield return (label, value);
        foreach ((string label, string value) in Members("generator", s.GeneratorReport))
            yield return (label, value);
    }

    /// <summary>The verdicts of the fidelity checks; the whole report is in the JSON form and in scenario_set_checks.</summary>
    private static IEnumerable<(string, string)> Likeness(DiagnosticsRecord? diagnostics)
    {
        if (diagnostics?.NotComputed is { } reason)
            yield return ("diagnostics", $"not computed: {reason}");
        if (diagnostics?.Report is not { } report || !report.TryGetProperty("fidelity", out JsonElement checks))
            yield break;
        foreach (JsonElement check in checks.EnumerateArray())
        {
            string verdict = check.GetProperty("verdict").GetString()!;
            string? explanation = check.TryGetProperty("explanation", out JsonElement text) ? text.GetString() : null;
            yield return (
                check.GetProperty("name").GetString()!,
                explanation is null ? verdict : $"{verdict}: {explanation}"
            );
        }
    }

    private static IEnumerable<(string, string)> Proof(AuditSheet sheet)
    {
        ScenarioSetDocument s = sheet.Set;
        yield return ("content hash", s.ContentHash ?? "none: never sealed");
        yield return ("snapshot hash", s.SnapshotHash);
        if (sheet.Verifications.Count == 0)
            yield return ("verified", $"never; './synthetic sets verify {s.Id}' recomputes and compares it");
        foreach (VerificationRecord v in sheet.Verifications)
            yield return (
                "verified",
                Invariant(
                    $"{Instant(v.VerifiedAt)} {v.Outcome} by {v.VerifiedBy}, engine {v.EngineVersion}, numeric version {v.NumericVersion}, {v.Seconds:0.00} s"
                ) + (v.FirstDifference is { } d ? $"; {d.Deserialize<FirstDifference>()}" : string.Empty)
            );
    }

    private static (string, string) VersionLine(LineageVersion v) =>
        (
            Invariant($"version {v.Version}"),
            $"{v.ScenarioSetId} {v.Status.ToString().ToUpperInvariant()} sealed {Instant(v.SealedAt)} {v.ContentHash}"
        );

    private static (string, string) TrailLine(RecordedAuditEntry e)
    {
        string details = string.Join(
            ", ",
            e.Entry.Details.Where(d => d.Value.ValueKind != JsonValueKind.Null).Select(d => $"{d.Key} {d.Value}")
        );
        string reason = e.Entry.Reason is { } r ? $", because: {r}" : string.Empty;
        string message = e.Entry.MessageId is { } m ? $", by message {m}" : string.Empty;
        return (
            Instant(e.At),
            $"{e.Entry.Action} by {e.Entry.Actor}{reason}{message}, engine {e.Entry.EngineVersion}"
                + (details.Length > 0 ? $" ({details})" : string.Empty)
        );
    }

    private static IEnumerable<(string, string)> Members(string label, JsonElement? report)
    {
        if (report is not { ValueKind: JsonValueKind.Object } members)
            yield break;
        foreach (JsonProperty p in members.EnumerateObject())
        {
            if (
                p.Value.ValueKind is JsonValueKind.Null
                || (p.Value.ValueKind == JsonValueKind.Array && p.Value.GetArrayLength() == 0)
            )
                continue;
            yield return ($"{label}: {JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name)}", Text(p.Value));
        }
    }

    /// <summary>Long lists of objects are for machines; their number tells a reader enough.</summary>
    private static string Text(JsonElement value) =>
        value switch
        {
            { ValueKind: JsonValueKind.String } => value.GetString()!,
            { ValueKind: JsonValueKind.Array }
                when value.GetArrayLength() > 3 && value[0].ValueKind == JsonValueKind.Object => Invariant(
                $"{value.GetArrayLength()} entries (the JSON form lists them)"
            ),
            _ => value.GetRawText(),
        };

    private static string StatusText(ScenarioSetStatus status) =>
        status switch
        {
            ScenarioSetStatus.Evicted => "EVICTED: the record stands, the paths come back by rehydration",
            ScenarioSetStatus.Deleted => "DELETED: a tombstone, the paths are gone for good",
            _ => status.ToString().ToUpperInvariant(),
        };

    private static string ConventionText(string convention) =>
        convention == "SIMPLE_PER_STEP"
            ? "SIMPLE_PER_STEP: simple returns per step, decimal (-0.15 is -15 %); step 0 is the baseline, 0"
            : convention;

    private static string Shortened(IEnumerable<string> ids)
    {
        string[] all = [.. ids];
        const int shown = 8;
        return string.Join(", ", all.Take(shown)) + (all.Length > shown ? $" … {all[^1]}" : string.Empty);
    }

    private static string? Raw(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.Object } given ? given.GetRawText() : null;

    private static string Day(DateOnly d) => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Instant(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
