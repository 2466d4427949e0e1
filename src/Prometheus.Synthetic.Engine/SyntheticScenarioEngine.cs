using Prometheus.Synthetic.Engine.Generation;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Engine.Sealing;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine;

/// <inheritdoc />
public sealed class SyntheticScenarioEngine(
    RequestResolver resolver,
    ScenarioSetPlanner planner,
    ShardGenerator shards,
    SetSealer sealer,
    ScenarioSetStore sets,
    SetListing listing
) : ISyntheticScenarioEngine
{
    public async Task<ScenarioSetRef> GenerateScenarioSetAsync(
        ScenarioRequest request,
        PlanContext context,
        IProgress<GenerationProgress>? progress = null,
        CancellationToken ct = default
    )
    {
        ResolvedRequest resolved = resolver.Resolve(request);
        ScenarioSetDocument? earlier = await sets.FindByRequestAsync(resolved.RequestId, ct);
        if (earlier?.Status is ScenarioSetStatus.Sealed or ScenarioSetStatus.Evicted)
            return ScenarioSetRef.Of(earlier, existed: true);

        progress?.Report(new GenerationProgress("planning", null, 0, 0));
        int attempt = Attempts.Next(earlier);
        ScenarioSetDocument set = await planner.PlanAsync(resolved, attempt, context, ct);
        try
        {
            await GenerateShardsAsync(set, progress, ct);
            progress?.Report(new GenerationProgress("sealing", set.Id, 0, 0));
            ScenarioSetRef done = ScenarioSetRef.Of(await SealAsync(set, ct));
            progress?.Report(new GenerationProgress("sealed", set.Id, 0, 0));
            return done;
        }
        catch (Exception e) when (e is ScenarioRefusedException or OperationCanceledException)
        {
            (ScenarioSetStatus status, IReadOnlyList<FieldError> errors) = e is ScenarioRefusedException refused
                ? (ScenarioSetStatus.Failed, refused.Errors)
                : (
                    ScenarioSetStatus.Cancelled,
                    [new FieldError("cancelled", string.Empty, "the caller cancelled the generation")]
                );
            await sets.AbandonAsync(set.Id, status, errors, CancellationToken.None);
            throw;
        }
    }

    public async Task<IReadOnlyList<ScenarioSetRef>> ListScenarioSetsAsync(
        string? category = null,
        IReadOnlyList<string>? tags = null,
        CancellationToken ct = default
    )
    {
        var filter = new SetFilter(category, tags, Status: ScenarioSetStatus.Sealed);
        return [.. (await listing.ReadAsync(filter, int.MaxValue, 0, ct)).Sets.Select(s => ScenarioSetRef.Of(s))];
    }

    public async Task<ScenarioSetDocument> GetScenarioSetMetadataAsync(
        Guid scenarioSetId,
        CancellationToken ct = default
    ) =>
        await sets.FindAsync(scenarioSetId, ct)
        ?? throw new ScenarioRefusedException(
            ErrorCodes.NotFound,
            "scenario_set_id",
            $"{scenarioSetId} is not a known scenario set; 'sets list' shows them"
        );

    /// <summary>Seals what may be shared with another process that was asked the same, and that may have called it off.</summary>
    private async Task<ScenarioSetDocument> SealAsync(ScenarioSetDocument set, CancellationToken ct)
    {
        try
        {
            return await sealer.SealAsync(set.Id, ct);
        }
        catch (ScenarioRefusedException e) when (e.Errors[0].Code == ErrorCodes.WrongState)
        {
            ScenarioSetDocument? now = await sets.FindAsync(set.Id, ct);
            if (now?.Status is not (ScenarioSetStatus.Failed or ScenarioSetStatus.Cancelled))
                throw;
            throw new ScenarioRefusedException(
                ErrorCodes.Conflict,
                "name",
                $"{set.Name}: another process was asked for the same set at the same time and ended it ({string.Join("; ", now.Errors)}); ask again"
            );
        }
    }

    private async Task GenerateShardsAsync(
        ScenarioSetDocument set,
        IProgress<GenerationProgress>? progress,
        CancellationToken ct
    )
    {
        var plan = ShardPlan.ByCount(set.NumPaths, set.ShardCount);
        progress?.Report(new GenerationProgress("generating", set.Id, 0, plan.Count));
        await plan.ForEachAsync(
            (shard, _, _, token) => shards.GenerateAsync(set, shard, token),
            done => progress?.Report(new GenerationProgress("generating", set.Id, done, plan.Count)),
            ct
        );
    }
}
