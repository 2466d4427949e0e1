using System.Text.Json.Nodes;
using MassTransit;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Contracts.Json;
using Prometheus.Synthetic.Messaging.Journal;
using Prometheus.Synthetic.Messaging.Replay;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Messaging.Consumers;

/// <summary>
/// Reads a message that another team published, in whatever language. The body is read by the contract's own reader
/// instead of the bus's deserializer, so that a wrong type is answered by an event that names the field; only a body
/// that is no JSON object at all ends in the error queue.
/// </summary>
public abstract class InboundConsumer<T>(GenerationStarter starter, InboundGate gate) : IConsumer<JsonObject>
    where T : class
{
    /// <summary>No message of this contract comes near it; a larger one is a mistake or worse.</summary>
    public const int MaxBodyBytes = 1 << 20;

    protected GenerationStarter Starter { get; } = starter;

    public async Task Consume(ConsumeContext<JsonObject> context)
    {
        CheckType(context);
        byte[] body = context.ReceiveContext.Body.GetBytes();
        if (body.Length > MaxBodyBytes)
            throw new InboundMessageException($"{body.Length} bytes; a {typeof(T).Name} has at most {MaxBodyBytes}");
        ContractReading<T> reading = ContractReader.Read<T>(body);
        // Without a message there is no JSON object: nothing to answer to, the error queue keeps it.
        T message =
            reading.Message
            ?? throw new InboundMessageException(string.Join("; ", reading.Errors.Select(e => e.Message)));
        Guid messageId = context.MessageId ?? MessageIdOf(message);
        if (reading.Errors.Count > 0)
        {
            var refused = new ScenarioRefusedException([
                .. reading.Errors.Select(e => new FieldError(e.Code, e.Field, e.Message)),
            ]);
            await RefuseAsync(context, message, messageId, refused);
            return;
        }

        try
        {
            string queue = context.ReceiveContext.InputAddress.AbsolutePath.Split('/')[^1];
            await gate.ReceiveAsync(message, messageId, queue, context.CancellationToken);
            Guid correlationId = await HandleAsync(context, message, messageId);
            await gate.StartedAsync<T>(messageId, correlationId, context.CancellationToken);
        }
        catch (ScenarioRefusedException refused)
        {
            await RefuseAsync(context, message, messageId, refused);
        }
    }

    private async Task RefuseAsync(ConsumeContext context, T message, Guid messageId, ScenarioRefusedException refused)
    {
        await gate.RefusedAsync<T>(messageId, refused, context.CancellationToken);
        await Starter.RefuseAsync(context, Describe(message), messageId, refused);
    }

    /// <summary>The id that follows from the message's natural key, for publishers that give none.</summary>
    protected abstract Guid MessageIdOf(T message);

    /// <summary>What a refusal can say of the request; nothing in it is checked.</summary>
    protected abstract GenerateScenarioSet Describe(T message);

    /// <returns>Id of the request or refresh that the message is about.</returns>
    protected abstract Task<Guid> HandleAsync(ConsumeContext context, T message, Guid messageId);

    /// <summary>True when an operator sent the message again, to have what is short tried again.</summary>
    protected static bool IsReplay(ConsumeContext context) => context.Headers.TryGetHeader(ReplayHeader.Name, out _);

    private static void CheckType(ConsumeContext context)
    {
        string[] types = [.. context.SupportedMessageTypes];
        if (types.Length > 0 && !types.Contains(ContractNames.Of<T>().Urn, StringComparer.Ordinal))
            throw new InboundMessageException(
                $"this queue takes {typeof(T).Name}; the message says it is {string.Join(", ", types)}"
            );
    }
}

/// <summary>A body that is not a message of the queue it came to; it ends in the error queue.</summary>
public sealed class InboundMessageException(string message) : Exception(message);
