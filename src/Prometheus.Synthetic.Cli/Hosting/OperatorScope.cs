using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Messaging.Inspection;
using Prometheus.Synthetic.Messaging.Policies;
using Prometheus.Synthetic.Messaging.Replay;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Audit;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Journal;
using Prometheus.Synthetic.Storage.Market;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>What operators' commands on messages, sagas and the journal use, composed on the configured services.</summary>
public sealed class OperatorScope : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private OperatorScope(ServiceProvider services) => _services = services;

    /// <exception cref="Services.ServiceMissingException">No PostgreSQL is configured.</exception>
    public static OperatorScope Open(CliContext cli)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(cli.Clock);
        services.AddSyntheticEngine(cli);
        foreach (IDocumentRegistration registration in SagaDocuments.All)
            services.AddSingleton(registration);
        services.AddSyntheticPolicies();
        services.AddSingleton<SagaStatusReader>();
        services.AddSingleton<MessageJournal>();
        services.AddSingleton<ReplayForecast>();
        services.AddSingleton(p => new DeadLetterOffice(cli.RequireRabbitMq()));
        services.AddSingleton(p => new JournalReplay(p.GetRequiredService<MessageJournal>(), cli.RequireRabbitMq()));
        return new OperatorScope(services.BuildServiceProvider());
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Records an operator's deed under the account that runs the command.</summary>
    /// <param name="details">Written as JSON, with the names that the commands' own JSON has.</param>
    public Task AuditAsync(string action, Guid? messageId, string reason, object details, CancellationToken ct) =>
        Get<AuditTrail>()
            .AppendAsync(
                new AuditEntry(action, Actor, EngineVersion.Product)
                {
                    MessageId = messageId,
                    Reason = reason,
                    Details = JsonSerializer
                        .SerializeToElement(details, CliConsole.JsonOptions)
                        .EnumerateObject()
                        .ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal),
                },
                ct
            );

    /// <summary>Account that runs the command.</summary>
    public static string Actor => Environment.UserName is { Length: > 0 } name ? name : "operator";

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>A point in time: a date, an instant with offset, or an age such as <c>90m</c>, <c>24h</c>, <c>7d</c> before now.</summary>
    /// <exception cref="ScenarioRefusedException">The text is none of these.</exception>
    public static DateTimeOffset? Instant(string option, string? text, TimeProvider clock)
    {
        if (text is null)
            return null;
        if (text.Length > 1 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int n))
        {
            TimeSpan? age = text[^1] switch
            {
                'm' => TimeSpan.FromMinutes(n),
                'h' => TimeSpan.FromHours(n),
                'd' => TimeSpan.FromDays(n),
                _ => null,
            };
            if (age is { } ago)
                return clock.GetUtcNow() - ago;
        }

        return DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out DateTimeOffset at
        )
            ? at
            : throw new ScenarioRefusedException(
                ErrorCodes.WrongType,
                option,
                $"'{text}' is no point in time; write 2026-10-30, 2026-10-30T08:00Z, or an age such as 90m, 24h, 7d"
            );
    }
}
