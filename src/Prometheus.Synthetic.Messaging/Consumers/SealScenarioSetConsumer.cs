using MassTransit;
using Microsoft.Extensions.Logging;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Engine.Sealing;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Messaging.Consumers;

/// <summary>Seals a complete set and announces it; a sealed set is announced again with the same message id.</summary>
public sealed partial class SealScenarioSetConsumer(
    ScenarioSetStore sets,
    SetSealer sealer,
    ILogger<SealScenarioSetConsumer> log
) : IConsumer<SealScenarioSet>
{
    public async Task Consume(ConsumeContext<SealScenarioSet> context)
    {
        ScenarioSetDocument? set = await sets.FindAsync(context.Message.ScenarioSetId, context.CancellationToken);
        if (
            set
            is null
                or { Status: ScenarioSetStatus.Failed or ScenarioSetStatus.Cancelled or ScenarioSetStatus.Deleted }
        )
            return;
        bool before = set.Status is ScenarioSetStatus.Sealed or ScenarioSetStatus.Evicted;
        set = await sealer.SealAsync(set.Id, context.CancellationToken);
        LogSealed(
            log,
            before ? "Announced again" : "Sealed",
            set.Name,
            set.Version,
            set.Id,
            set.Cells,
            set.ContentHash
        );
        await Outgoing.DispatchAsync(context, Announcement.Of(set));
    }

    [LoggerMessage(
        LogLevel.Information,
        "{Outcome}: {Name} version {Version}, {ScenarioSetId}, {Cells} cells, {ContentHash}"
    )]
    private static partial void LogSealed(
        ILogger log,
        string outcome,
        string name,
        int version,
        Guid scenarioSetId,
        long cells,
        string? contentHash
    );
}
