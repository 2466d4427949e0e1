using System.Text;
using MassTransit;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Contracts.Json;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Storage.Journal;

namespace Prometheus.Synthetic.Messaging.Journal;

/// <summary>
/// Keeps the journal of what this worker consumes and sends. Events of other teams are journalled by their consumer,
/// before they are handled; events for other teams are in the journal before their cause is acknowledged.
/// </summary>
public sealed class JournalObserver(JournalWriter writer, TimeProvider time)
    : IConsumeObserver,
        ISendObserver,
        IPublishObserver
{
    public Task PreConsume<T>(ConsumeContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context)
        where T : class => Consumed(context, JournalOutcomes.Handled, null);

    public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception)
        where T : class =>
        Consumed(context, JournalOutcomes.Faulted, $"{exception.GetType().Name}: {exception.Message}");

    public Task PreSend<T>(SendContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PostSend<T>(SendContext<T> context)
        where T : class => Sent(context);

    public Task SendFault<T>(SendContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;

    public Task PrePublish<T>(PublishContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PostPublish<T>(PublishContext<T> context)
        where T : class => Sent(context);

    public Task PublishFault<T>(PublishContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;

    private async Task Consumed<T>(ConsumeContext<T> context, string outcome, string? detail)
        where T : class
    {
        if (
            ContractNames.Find(typeof(T)) is not { Direction: not ContractDirection.Inbound }
            || context.MessageId is not { } id
        )
            return;
        DateTimeOffset now = time.GetUtcNow();
        await writer.AddAsync(
            new JournalEntry(
                JournalDirection.Consumed,
                typeof(T).Name,
                id,
                JournalKey.Of(context.Message),
                Outgoing.RequestIdOf(context.Message),
                context.ReceiveContext.InputAddress.AbsolutePath.Split('/')[^1],
                Encoding.UTF8.GetString(ContractJson.Write(context.Message)),
                outcome,
                detail,
                1,
                now,
                now
            ),
            context.CancellationToken
        );
    }

    private Task Sent<T>(SendContext<T> context)
        where T : class
    {
        if (ContractNames.Find(typeof(T)) is not { } contract || context.MessageId is not { } id)
            return Task.CompletedTask;
        DateTimeOffset now = time.GetUtcNow();
        var entry = new JournalEntry(
            JournalDirection.Published,
            typeof(T).Name,
            id,
            JournalKey.Of(context.Message),
            Outgoing.RequestIdOf(context.Message),
            context.DestinationAddress?.AbsolutePath.Split('/')[^1] ?? contract.Exchange,
            Encoding.UTF8.GetString(ContractJson.Write(context.Message)),
            JournalOutcomes.Sent,
            null,
            1,
            now,
            now
        );
        return contract.Direction == ContractDirection.Outbound && context.Message is not ScenarioSetProgressed
            ? writer.WriteAsync(entry, context.CancellationToken)
            : writer.AddAsync(entry, context.CancellationToken).AsTask();
    }
}
