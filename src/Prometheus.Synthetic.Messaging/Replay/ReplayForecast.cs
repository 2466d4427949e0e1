using System.Text.Json;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Contracts.Json;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Messaging.Consumers;
using Prometheus.Synthetic.Messaging.FragilityRefresh;
using Prometheus.Synthetic.Messaging.Inspection;
using Prometheus.Synthetic.Messaging.MonthlyRefresh;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Messaging.Replay;

/// <summary>Says what handling a message again would do, without doing it.</summary>
public sealed class ReplayForecast(RequestResolver resolver, SagaStatusReader sagas)
{
    /// <param name="type">Contract name of the message.</param>
    /// <param name="messageId">Id that it has, or null to derive it.</param>
    public async Task<string> OfAsync(string type, Guid? messageId, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        try
        {
            return type switch
            {
                nameof(GenerateScenarioSet) => await RequestAsync(body, messageId, ct),
                nameof(MonthlyRefreshDue) => await MonthlyAsync(body, ct),
                nameof(FragilityComputed) => await FragilityAsync(body, ct),
                _ => await OwnAsync(body, ct),
            };
        }
        catch (ScenarioRefusedException refused)
        {
            return $"would be refused: {refused.Message}";
        }
        catch (JsonException)
        {
            return "cannot be read as JSON: it would end here again";
        }
    }

    private async Task<string> RequestAsync(ReadOnlyMemory<byte> body, Guid? messageId, CancellationToken ct)
    {
        GenerateScenarioSet request = Read<GenerateScenarioSet>(body);
        Guid cause = messageId ?? NaturalKeys.MessageId(request);
        return Say(await sagas.FindAsync(resolver.Resolve(Requests.ToEngine(request, cause)).RequestId, ct), "the set");
    }

    private async Task<string> MonthlyAsync(ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        MonthlyRefreshDue due = Read<MonthlyRefreshDue>(body);
        return due is { MarketId: { } market, Month: { } month }
            ? Say(await sagas.FindAsync(MonthlyRefreshMessages.IdOf(market, month), ct), "the refresh")
            : "would be refused: market_id or month is missing";
    }

    private async Task<string> FragilityAsync(ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        FragilityComputed computed = Read<FragilityComputed>(body);
        return computed is { MarketId: { } market, AsOfDate: { } asOf, ModelId: { } model }
            ? Say(await sagas.FindAsync(FragilityRefreshMessages.IdOf(market, asOf, model), ct), "the refresh")
            : "would be refused: market_id, as_of_date or model_id is missing";
    }

    private async Task<string> OwnAsync(ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        using var document = JsonDocument.Parse(body);
        JsonElement root = document.RootElement;
        foreach (string key in new[] { "request_id", "refresh_id" })
        {
            if (
                root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty(key, out JsonElement id)
                && id.TryGetGuid(out Guid value)
            )
                return Say(await sagas.FindAsync(value, ct), "the set");
        }

        return "names no request: its handler decides";
    }

    private static string Say(SagaStatus? saga, string what) =>
        saga is null ? $"{what} is not known yet: it would be made"
        : saga.Open
            ? $"{what} ({saga.About}) is {saga.State}, {saga.Done} of {saga.Total} done: what is missing would be sent again"
        : saga.State == "Completed" && saga.Errors.Count == 0
            ? $"{what} ({saga.About}) is complete: it would be announced again, nothing made"
        : $"{what} ({saga.About}) ended {saga.State} in attempt {saga.Attempt}: what is short would be tried again";

    private static T Read<T>(ReadOnlyMemory<byte> body)
        where T : class
    {
        ContractReading<T> reading = ContractReader.Read<T>(body.Span);
        // As its consumer does: without an object there is nothing to refuse.
        T message = reading.Message ?? throw new JsonException();
        return reading.Ok
            ? message
            : throw new ScenarioRefusedException([
                .. reading.Errors.Select(e => new FieldError(e.Code, e.Field, e.Message)),
            ]);
    }
}
