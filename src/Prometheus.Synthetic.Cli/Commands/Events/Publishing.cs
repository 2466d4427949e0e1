using System.CommandLine;
using System.Text.Json;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Contracts.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Services;

namespace Prometheus.Synthetic.Cli.Commands.Events;

/// <summary>What publishing has in common for every message.</summary>
internal static class Publishing
{
    public static Option<string?> File() =>
        new("--file") { Description = "JSON file with the message; the other options override its fields." };

    public static Option<Guid?> MessageId() =>
        new("--message-id")
        {
            Description = "Id of the message; without it the id that follows from what the message says.",
        };

    /// <exception cref="ScenarioRefusedException">The file cannot be read, is no JSON object, or a field has a wrong type.</exception>
    public static T Read<T>(string? file)
        where T : class, new() => file is null ? new T() : InputFile.Message<T>("--file", file);

    /// <exception cref="ScenarioRefusedException">A field that the contract requires is absent; all are named at once.</exception>
    public static void Require(params (string Field, object? Value, string Option)[] fields)
    {
        FieldError[] missing =
        [
            .. fields
                .Where(f => f.Value is null)
                .Select(f => new FieldError(
                    ErrorCodes.Missing,
                    f.Field,
                    $"is missing; give it with {f.Option} or in --file"
                )),
        ];
        if (missing.Length > 0)
            throw new ScenarioRefusedException(missing);
    }

    /// <exception cref="ScenarioRefusedException">A name is empty.</exception>
    public static void RequireText(params (string Field, string Value)[] fields)
    {
        FieldError[] empty =
        [
            .. fields
                .Where(f => string.IsNullOrWhiteSpace(f.Value))
                .Select(f => new FieldError(ErrorCodes.Missing, f.Field, "is empty; give a name")),
        ];
        if (empty.Length > 0)
            throw new ScenarioRefusedException(empty);
    }

    /// <summary>The message's own id; a forced version is another act each time, so its id takes the time in.</summary>
    public static Guid IdOf(CliContext cli, Guid? given, Guid natural, bool? force) =>
        given ?? (force == true ? NameBasedGuid.Create($"cli:{natural:N}:{cli.Clock.GetUtcNow():O}") : natural);

    /// <exception cref="ServiceMissingException">The broker does not answer, or nobody would ever read the message.</exception>
    public static async Task<int> PublishAsync<T>(
        CliContext cli,
        T message,
        Guid messageId,
        bool json,
        CancellationToken ct
    )
    {
        ContractName contract = ContractNames.Of<T>();
        await using ContractPublisher publisher = await ContractPublisher.ConnectAsync(cli.RequireRabbitMq(), ct);
        byte[] body = ContractJson.Write(message);
        if (!await publisher.PublishAsync(contract, body, messageId, ct))
            throw new ServiceMissingException(
                $"Nobody listens to {contract.Exchange}: no queue is bound to it, so the message was not kept. "
                    + "A worker that was started once on this broker makes the queues."
            );
        if (json)
            cli.Console.WriteJson(
                new
                {
                    contract.Exchange,
                    MessageId = messageId,
                    Body = JsonSerializer.Deserialize<JsonElement>(body),
                }
            );
        else
            cli.Console.WriteLine($"published {messageId} to {contract.Exchange}");
        return ExitCodes.Ok;
    }
}
