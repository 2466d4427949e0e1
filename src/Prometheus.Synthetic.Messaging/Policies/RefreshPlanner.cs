using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Messaging.Consumers;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Messaging.Policies;

/// <summary>Lays out a refresh: each part becomes a request, a set that stands unchanged, or a refusal.</summary>
public sealed class RefreshPlanner(RequestResolver resolver, ScenarioSetStore sets)
{
    /// <param name="causationId">Id of the event; makes forced versions new, and the same at a redelivery.</param>
    public async Task<RefreshPlan> PlanAsync(
        RefreshPolicy policy,
        IReadOnlyList<PolicyPart> parts,
        RefreshOccasion occasion,
        Guid causationId,
        CancellationToken ct
    )
    {
        var generate = new List<RefreshPart>();
        var unchanged = new List<RefreshedSet>();
        var refused = new List<RefreshShortfall>();
        foreach (PolicyPart part in parts)
        {
            GenerateScenarioSet request = PolicyRequests.For(policy, part, occasion);
            try
            {
                ResolvedRequest resolved = resolver.Resolve(Requests.ToEngine(request, causationId));
                string? tag = null;
                if (part.Refresh == RefreshRule.WhenDefinitionChanged)
                {
                    // With what its spec names embedded: a new version of a definition is a change.
                    tag = PolicyRequests.DefinitionOf(part, resolved.GeneratorSpec);
                    request = request with { Tags = [.. request.Tags ?? [], tag] };
                    resolved = resolver.Resolve(Requests.ToEngine(request, causationId));
                }

                Guid id = resolved.RequestId;
                if (!occasion.Force && tag is not null && await StandingAsync(tag, request.Name!, ct) is { } set)
                    unchanged.Add(Standing(part, set));
                else
                    generate.Add(
                        new RefreshPart
                        {
                            Part = part.Part,
                            RequestId = id,
                            Request = request,
                        }
                    );
            }
            catch (ScenarioRefusedException e)
            {
                refused.Add(
                    new RefreshShortfall
                    {
                        Part = part.Part,
                        Name = request.Name!,
                        State = FailureStates.Refused,
                        Errors = [.. e.Errors.Select(Requests.ToWire)],
                        Retryable = false,
                    }
                );
            }
        }

        return new RefreshPlan(policy.Reference, generate, unchanged, refused);
    }

    private async Task<ScenarioSetDocument?> StandingAsync(string tag, string lineage, CancellationToken ct)
    {
        if (await sets.CurrentOfLineageAsync(lineage, ct) is not { } current)
            return null;
        ScenarioSetDocument? set = await sets.FindAsync(current, ct);
        return
            set is { Status: ScenarioSetStatus.Sealed or ScenarioSetStatus.Evicted }
            && set.Tags.Contains(tag, StringComparer.Ordinal)
            ? set
            : null;
    }

    private static RefreshedSet Standing(PolicyPart part, ScenarioSetDocument set) =>
        new()
        {
            Part = part.Part,
            RequestId = set.RequestId,
            ScenarioSetId = set.Id,
            Name = set.Name,
            Version = set.Version,
            Category = set.Category,
            ContentHash = set.ContentHash!,
            Unchanged = true,
        };
}

/// <summary>A refresh as it is about to begin.</summary>
public sealed record RefreshPlan(
    Contracts.PolicyReference Policy,
    IReadOnlyList<RefreshPart> Parts,
    IReadOnlyList<RefreshedSet> Unchanged,
    IReadOnlyList<RefreshShortfall> Refused
);
