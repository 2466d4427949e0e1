using Prometheus.Synthetic.Storage.Audit;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Storage.Sets;

/// <summary>What the audit trail says of how a record came to its end of generating.</summary>
internal static class RecordEntries
{
    public static AuditEntry OfSeal(ScenarioSetDocument set) =>
        Of(AuditActions.Sealed, set)
            .With("name", set.Name)
            .With("version", set.Version)
            .With("supersedes", set.Supersedes)
            .With("content_hash", set.ContentHash);

    public static AuditEntry OfEnd(ScenarioSetDocument set) =>
        (Of(AuditActions.Abandoned, set) with { Reason = string.Join("; ", set.Errors) })
            .With("name", set.Name)
            .With("status", set.Status.ToString());

    private static AuditEntry Of(string action, ScenarioSetDocument set) =>
        new(action, set.CreatedBy, set.EngineVersion) { ScenarioSetId = set.Id, MessageId = set.CausationId };
}
