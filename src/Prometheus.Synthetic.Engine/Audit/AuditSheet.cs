using Prometheus.Synthetic.Engine.Reading;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Audit;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine.Audit;

/// <summary>Everything that is known of a set, in one place: what a reviewer asks for in three years.</summary>
/// <param name="Current">Whether the lineage points to this set.</param>
/// <param name="LaterTags">Tags given after the seal.</param>
/// <param name="Drivers">The drivers kept, in canonical order.</param>
/// <param name="Versions">All versions of the lineage, newest first.</param>
/// <param name="Diagnostics">Computed at the seal; null for a set that was never sealed.</param>
/// <param name="Verifications">Oldest first.</param>
/// <param name="Trail">The audit trail of the set, oldest first.</param>
public sealed record AuditSheet(
    ScenarioSetDocument Set,
    bool Current,
    IReadOnlyList<string> LaterTags,
    IReadOnlyList<Driver> Drivers,
    IReadOnlyList<LineageVersion> Versions,
    DiagnosticsRecord? Diagnostics,
    IReadOnlyList<VerificationRecord> Verifications,
    IReadOnlyList<RecordedAuditEntry> Trail
);

/// <summary>A version of the same lineage.</summary>
public sealed record LineageVersion(
    int Version,
    Guid ScenarioSetId,
    ScenarioSetStatus Status,
    DateTimeOffset SealedAt,
    string ContentHash
);

/// <summary>Collects audit sheets.</summary>
public sealed class AuditSheetReader(
    SetReferences references,
    ScenarioSetStore sets,
    SetTagStore tags,
    DiagnosticsStore diagnostics,
    VerificationStore verifications,
    AuditTrail trail
)
{
    /// <summary>Entries shown of one set; the newest.</summary>
    public const int MaxTrail = 1_000;

    /// <exception cref="Scenarios.Errors.ScenarioRefusedException">The id is not known.</exception>
    public async Task<AuditSheet> ReadAsync(Guid id, CancellationToken ct)
    {
        ScenarioSetDocument set = await references.RequireAsync(id, ct);
        IReadOnlyList<ScenarioSetDocument> versions = await sets.VersionsAsync(set.Name, ct);
        return new AuditSheet(
            set,
            await sets.CurrentOfLineageAsync(set.Name, ct) == set.Id,
            await tags.ReadAsync(id, ct),
            await sets.DriversAsync(id, ct),
            [.. versions.Select(v => new LineageVersion(v.Version, v.Id, v.Status, v.SealedAt!.Value, v.ContentHash!))],
            await diagnostics.FindAsync(id, ct),
            await verifications.ReadAsync(id, ct),
            await trail.ReadAsync(id, MaxTrail, ct)
        );
    }
}
