using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Diagnostics.Severity;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Market;

namespace Prometheus.Synthetic.Engine.Requests;

/// <summary>A request that passed every check that needs no data.</summary>
/// <param name="RequestId">Deterministic key of what was asked.</param>
/// <param name="SeverityChecks">Extreme-value figures that the sealed set is held against.</param>
/// <param name="GeneratorSpec">As given, with the seed filled in.</param>
public sealed record ResolvedRequest(
    Guid RequestId,
    string Name,
    string Description,
    IScenarioFamily Family,
    GenerationShape Shape,
    IReadOnlyList<string> Markets,
    DateOnly AsOfDate,
    DateOnly? BaseDateStart,
    DateOnly? BaseDateEnd,
    IReadOnlyList<string>? RegimeFilter,
    UniverseFilter Universe,
    JsonElement? UniverseFilterJson,
    IGeneratorSpec Spec,
    IReadOnlyList<SeverityCheck> SeverityChecks,
    JsonElement GeneratorSpec,
    IReadOnlyList<string> Tags,
    bool DefensiveTest,
    PolicyReference? Policy
);
