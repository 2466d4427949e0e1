using System.Globalization;
using System.Text.Json;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>Everything that is recorded of a set, for a person: <c>sets show</c>.</summary>
public static class AuditSheet
{
    private const int LabelWidth = 16;

    public static void Print(ScenarioSetDocument set, CliConsole console)
    {
        foreach ((string label, string value) in Lines(set))
            console.WriteWrapped(label.PadRight(LabelWidth) + " ", value);
    }

    private static IEnumerable<(string Label, string Value)> Lines(ScenarioSetDocument s)
    {
        yield return ("set", $"{s.Name} version {s.Version}");
        yield return ("id", s.Id.ToString());
        yield return ("status", s.Status.ToString().ToUpperInvariant());
        if (s.Description.Length > 0)
            yield return ("description", s.Description);
        yield return ("category", s.Category + (s.DefensiveTest ? " (defensive test, and nothing else)" : ""));
        yield return ("markets", string.Join(", ", s.Markets));
        if (s.Tags.Count > 0)
            yield return ("tags", string.Join(", ", s.Tags));
        yield return (
            "shape",
            Invariant(
                $"{s.NumPaths} paths × {s.HorizonDays} steps × {s.Drivers.Total} drivers ({s.Drivers.Instruments} instruments, {s.Drivers.Factors} factors, {s.Drivers.Macros} macro series)"
            )
        );
        yield return ("cells", Invariant($"{s.Cells:N0}"));
        yield return ("as of", Day(s.AsOfDate));
        yield return ("history", $"{Day(s.BaseDateStart)} to {Day(s.BaseDateEnd)}");
        if (s.RegimeFilter is { Count: > 0 } regimes)
            yield return ("regimes", string.Join(", ", regimes));
        if (s.UniverseFilter is { ValueKind: JsonValueKind.Object } filter)
            yield return ("universe filter", filter.GetRawText());
        if (s.GeneratorSpec is { ValueKind: JsonValueKind.Object } spec)
            yield return ("generator spec", spec.GetRawText());
        yield return ("seed", Invariant($"{s.Seed}"));
        yield return ("content hash", s.ContentHash ?? "-");
        yield return ("snapshot hash", s.SnapshotHash);
        yield return ("engine", $"{s.EngineVersion}, numerics {s.NumericVersion}");
        yield return ("request", $"{s.RequestId}, attempt {s.Attempt}");
        if (s.CausationId is { } cause)
            yield return ("caused by", $"message {cause}");
        if (s.CorrelationId is { } correlation)
            yield return ("correlation", correlation.ToString());
        if (s.Policy is { } policy)
            yield return ("policy", $"{policy.Name} version {policy.Version} ({policy.Hash})");
        yield return ("created", $"{Instant(s.CreatedAt)} by {s.CreatedBy}");
        if (s.SealedAt is { } at)
            yield return ("sealed", Invariant($"{Instant(at)}, after {(at - s.CreatedAt).TotalSeconds:0.00} s"));
        if (s.GenerationSeconds is { } generating && s.StoreSeconds is { } storing)
            yield return (
                "work",
                Invariant($"{generating:0.00} s generating, {storing:0.00} s storing, in {s.ShardCount} shards")
            );
        if (s.Supersedes is { } earlier)
            yield return ("supersedes", earlier.ToString());
        foreach (Storage.Market.DroppedDriver dropped in s.DriversDropped)
            yield return ("left out", $"{dropped.Id}: {dropped.Reason}");
        if (s.GeneratorReport is { ValueKind: JsonValueKind.Object } report)
            yield return ("calibration", report.GetRawText());
        foreach (Scenarios.Errors.FieldError error in s.Errors)
            yield return ("error", error.ToString());
    }

    private static string Day(DateOnly d) => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Instant(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
