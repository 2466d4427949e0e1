using MassTransit;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Messaging.Inspection;
using Prometheus.Synthetic.Messaging.Journal;
using Prometheus.Synthetic.Messaging.Policies;
using Prometheus.Synthetic.Messaging.Refresh;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Messaging.Consumers;

/// <summary>An event that begins a refresh: checked, laid out by the market's policy, and handed to its saga.</summary>
public abstract class RefreshConsumer<T>(
    GenerationStarter starter,
    InboundGate gate,
    PolicyLibrary policies,
    RefreshPlanner planner,
    SagaStatusReader sagas,
    BusOptions options,
    TimeProvider time
) : InboundConsumer<T>(starter, gate)
    where T : class
{
    /// <summary>How sentences call the refresh, e.g. <c>monthly</c>.</summary>
    protected abstract string Kind { get; }

    /// <exception cref="ScenarioRefusedException">Every field that is missing or absurd.</exception>
    protected abstract RefreshOccasion OccasionOf(T message, DateOnly today, BusOptions options);

    /// <summary>The parts that the policy has for this refresh; empty when it has none.</summary>
    protected abstract IReadOnlyList<PolicyPart> PartsOf(RefreshPolicy policy);

    protected abstract Guid IdOf(RefreshOccasion occasion);

    /// <summary>The message that begins the saga.</summary>
    protected abstract object StartOf(RefreshStart start, RefreshOccasion occasion);

    protected sealed override async Task<Guid> HandleAsync(ConsumeContext context, T message, Guid messageId)
    {
        CancellationToken ct = context.CancellationToken;
        RefreshOccasion occasion = OccasionOf(message, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), options);
        RefreshPolicy policy = PolicyFor(occasion.MarketId);
        RefreshPlan plan = await planner.PlanAsync(policy, PartsOf(policy), occasion, messageId, ct);
        Guid id = IdOf(occasion);
        var start = new RefreshStart(
            id,
            occasion.MarketId,
            occasion.AsOfDate,
            plan.Policy,
            messageId,
            plan.Parts,
            plan.Unchanged,
            plan.Refused,
            RetryOfRound: IsReplay(context) ? (await sagas.FindAsync(id, ct))?.Attempt : null
        );
        await Outgoing.DispatchAsync(context, StartOf(start, occasion));
        return id;
    }

    /// <exception cref="ScenarioRefusedException">No policy says what to make.</exception>
    private RefreshPolicy PolicyFor(string market)
    {
        if (policies.For(market) is { } policy && PartsOf(policy).Count > 0)
            return policy;
        string covered = string.Join(", ", policies.All.Where(p => PartsOf(p).Count > 0).Select(p => p.Market));
        throw new ScenarioRefusedException(
            ErrorCodes.UnknownMarket,
            "market_id",
            $"no policy says what the {Kind} refresh of {market} makes; covered: {(covered.Length > 0 ? covered : "none")}; 'policies list' shows them"
        );
    }
}
