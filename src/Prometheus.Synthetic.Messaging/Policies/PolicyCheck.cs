using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Messaging.Consumers;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Messaging.Policies;

/// <summary>
/// Puts every part of a policy through the check that its requests will have to pass: family built in, generator spec
/// and universe filter readable, sizes within limits. A policy that passes cannot be refused for its form later.
/// </summary>
public sealed class PolicyCheck(RequestResolver resolver)
{
    // Any date will do: what depends on the date is the data's business.
    private static readonly DateOnly Trial = new(2025, 3, 31);

    public IEnumerable<FieldError> Errors(RefreshPolicy policy)
    {
        var monthly = new RefreshOccasion(policy.Market, Trial, Month: "2025-03");
        var fragility = new RefreshOccasion(policy.Market, Trial, ModelId: "model_v1");
        return policy
            .Monthly.SelectMany(p => Errors(policy, p, monthly, "monthly"))
            .Concat(policy.Fragility.SelectMany(p => Errors(policy, p, fragility, "fragility")));
    }

    private IEnumerable<FieldError> Errors(
        RefreshPolicy policy,
        PolicyPart part,
        RefreshOccasion occasion,
        string section
    )
    {
        try
        {
            GenerateScenarioSet request = PolicyRequests.For(policy, part, occasion);
            resolver.Resolve(Requests.ToEngine(request, Guid.Empty));
            return [];
        }
        catch (ScenarioRefusedException refused)
        {
            return [.. refused.Errors.Select(e => e with { Field = $"{section}.{part.Part}.{e.Field}" })];
        }
    }
}
