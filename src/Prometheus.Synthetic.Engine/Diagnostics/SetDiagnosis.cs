using System.Text.Json;
using Prometheus.Synthetic.Engine.Sealing;
using Prometheus.Synthetic.Scenarios.Diagnostics;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine.Diagnostics;

/// <summary>What is stored of a set's diagnostics: a report, or the reason why there is none.</summary>
public sealed record SetDiagnosis(SetDiagnostics? Report, string? NotComputed, string? EngineVersion, double? Seconds);

/// <summary>Reads the diagnostics that were stored with the seal.</summary>
public sealed class SetDiagnosisReader(DiagnosticsStore store)
{
    public async Task<SetDiagnosis> ReadAsync(ScenarioSetDocument set, CancellationToken ct) =>
        await store.FindAsync(set.Id, ct) switch
        {
            { Report: { } report } found => new SetDiagnosis(
                report.Deserialize<SetDiagnostics>(SetSealer.ReportJson),
                null,
                found.EngineVersion,
                found.Seconds
            ),
            { } found => new SetDiagnosis(null, found.NotComputed, found.EngineVersion, found.Seconds),
            null => new SetDiagnosis(
                null,
                set.SealedAt is null
                    ? $"the set is {set.Status.ToString().ToUpperInvariant()}; diagnostics are made at the seal"
                    : "the set was sealed by a version that made no diagnostics",
                null,
                null
            ),
        };
}
