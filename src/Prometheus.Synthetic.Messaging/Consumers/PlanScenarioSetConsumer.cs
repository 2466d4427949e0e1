using MassTransit;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Messaging.Generation;
using Prometheus.Synthetic.Messaging.Inspection;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Messaging.Consumers;

/// <summary>Loads and freezes the history, opens the set, cuts it. Outside any saga transaction: it takes seconds.</summary>
public sealed class PlanScenarioSetConsumer(
    RequestResolver resolver,
    ScenarioSetPlanner planner,
    ScenarioSetStore sets,
    SagaStatusReader sagas,
    GenerationFailure failure
) : IConsumer<PlanScenarioSet>
{
    public async Task Consume(ConsumeContext<PlanScenarioSet> context)
    {
        PlanScenarioSet command = context.Message;
        int attempt = command.Attempt;
        // A late copy: the attempt has ended, or another has begun. Planning now would open a set that nobody waits for.
        if (
            (await sagas.GenerationAsync(command.RequestId, context.CancellationToken))?.Progress is { } state
            && (state.Attempt > attempt || state.Stage is GenerationStage.Failed or GenerationStage.Cancelled)
        )
            return;
        try
        {
            ResolvedRequest request = resolver.Resolve(Requests.ToEngine(command.Request, command.CausationMessageId));
            // A set of this request may have ended outside the saga (in process): its attempts count too.
            attempt = Math.Max(
                attempt,
                Attempts.Next(await sets.FindByRequestAsync(request.RequestId, context.CancellationToken))
            );
            ScenarioSetDocument set = await planner.PlanAsync(
                request,
                attempt,
                new PlanContext(command.RequestedBy, command.RequestId, command.CausationMessageId),
                context.CancellationToken
            );
            await Outgoing.DispatchAsync(
                context,
                new ScenarioSetPlanned
                {
                    RequestId = command.RequestId,
                    ScenarioSetId = set.Id,
                    Attempt = set.Attempt,
                    ShardsTotal = set.ShardCount,
                    PathsTotal = set.NumPaths,
                    Lane = command.Lane,
                }
            );
        }
        catch (Exception e) when (!Transient.Is(e))
        {
            await failure.StopAsync(context, command.RequestId, null, attempt, GenerationStages.Planning, e);
        }
    }
}
