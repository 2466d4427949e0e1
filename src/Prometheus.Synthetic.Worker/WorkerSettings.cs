using Npgsql;
using Prometheus.Synthetic.Engine.Configuration;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Worker.Health;
using Serilog.Events;

namespace Prometheus.Synthetic.Worker;

/// <summary>Everything a worker is told, read and judged before it starts anything.</summary>
/// <param name="Postgres">Npgsql connection string; a secret, never logged.</param>
/// <param name="Market">Where the market tables are.</param>
public sealed record WorkerSettings(
    string Postgres,
    EngineSettings Engine,
    MarketTables Market,
    BusOptions Bus,
    HealthOptions Health,
    LogEventLevel LogLevel
)
{
    /// <summary>Variables under the prefix that the launcher, the command line and the tests read.</summary>
    private static readonly string[] s_others =
    [
        "SYNTHETIC_DEFINITIONS",
        "SYNTHETIC_DOCKER",
        "SYNTHETIC_LONG",
        "SYNTHETIC_POSTGRES_PASSWORD",
        "SYNTHETIC_POSTGRES_PORT",
        "SYNTHETIC_RABBITMQ_MANAGEMENT",
        "SYNTHETIC_RABBITMQ_MANAGEMENT_PORT",
        "SYNTHETIC_RABBITMQ_PASSWORD",
        "SYNTHETIC_RABBITMQ_PORT",
        "SYNTHETIC_ROOT",
        "SYNTHETIC_SHARED",
    ];

    /// <summary>What was read, for the documentation.</summary>
    public required IReadOnlyList<Setting> Known { get; init; }

    /// <summary>A sentence for each variable that looks like a setting and is none.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <param name="read">A setting by its name without the prefix.</param>
    /// <param name="variable">A variable without the prefix, by its whole name: those of <see cref="MarketTables"/>.</param>
    /// <param name="given">Names of all variables there are.</param>
    /// <exception cref="ScenarioRefusedException">Everything that is wrong with the settings.</exception>
    public static WorkerSettings Read(
        Func<string, string?> read,
        Func<string, string?> variable,
        IReadOnlyCollection<string> given
    )
    {
        var settings = new SettingsReader(read);
        string postgres = Secret(settings, "POSTGRES", "an Npgsql connection string");
        if (postgres.Length > 0 && !IsConnectionString(postgres))
            // The text itself may hold a password, in whatever form.
            settings.Add(
                ErrorCodes.WrongType,
                "POSTGRES",
                "is no Npgsql connection string; write Host=127.0.0.1;Port=5432;Database=synthetic;Username=synthetic;Password=…"
            );
        string rabbit = Secret(settings, "RABBITMQ", "an amqp URI with credentials and virtual host");
        if (!Uri.TryCreate(rabbit, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("amqp" or "amqps"))
        {
            // The text itself holds a password.
            if (rabbit.Length > 0)
                settings.Add(
                    ErrorCodes.WrongType,
                    "RABBITMQ",
                    "is no amqp URI; write amqp://user:password@host:5672/vhost"
                );
            uri = new Uri("amqp://localhost");
        }

        var engine = EngineSettings.Read(settings);
        var bus = BusOptions.Read(uri, settings);
        var health = HealthOptions.Read(settings);
        (MarketTables market, IReadOnlyList<FieldError> misnamed) = MarketTables.Read(variable, given);
        settings.Add(misnamed);
        string level = settings.Word("LOGLEVEL", nameof(LogEventLevel.Information), Enum.GetNames<LogEventLevel>());
        settings.ThrowIfRefused();
        return new WorkerSettings(postgres, engine, market, bus, health, Enum.Parse<LogEventLevel>(level))
        {
            Known = settings.Known,
            Warnings = settings.Unknown(given, s_others),
        };
    }

    private static bool IsConnectionString(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Secrets come from the environment, or from a file that the environment names; they are never logged.</summary>
    private static string Secret(SettingsReader settings, string name, string what)
    {
        string? value = settings.Text(name, "required", what);
        string? file = settings.Text($"{name}_FILE", "none", $"a file that holds {what}");
        if (value is not null)
            return value;
        if (file is null)
        {
            settings.Add(
                ErrorCodes.Missing,
                name,
                $"is not set: give {what}, or {SettingsReader.Prefix}{name}_FILE naming a file that holds it"
            );
            return string.Empty;
        }

        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            settings.Add(ErrorCodes.NotFound, $"{name}_FILE", $"cannot be read: {e.Message}");
            return string.Empty;
        }
    }
}
