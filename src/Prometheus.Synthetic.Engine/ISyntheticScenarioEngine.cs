using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Engine;

/// <summary>The specification's engine API (6.1), in process. Thread-safe.</summary>
public interface ISyntheticScenarioEngine
{
    /// <summary>
    /// Generates, stores and seals a set; an identical request answers with the existing one. The same steps as the
    /// worker's, without a broker.
    /// </summary>
    /// <exception cref="ScenarioRefusedException">The request or the data it meets are wrong; nothing is left behind.</exception>
    Task<ScenarioSetRef> GenerateScenarioSetAsync(
        ScenarioRequest request,
        PlanContext context,
        IProgress<GenerationProgress>? progress = null,
        CancellationToken ct = default
    );

    /// <summary>Sealed sets, newest first, optionally of one category and carrying all the given tags.</summary>
    Task<IReadOnlyList<ScenarioSetRef>> ListScenarioSetsAsync(
        string? category = null,
        IReadOnlyList<string>? tags = null,
        CancellationToken ct = default
    );

    /// <summary>The whole record of a set.</summary>
    /// <exception cref="ScenarioRefusedException">The id is not known.</exception>
    Task<ScenarioSetDocument> GetScenarioSetMetadataAsync(Guid scenarioSetId, CancellationToken ct = default);
}
