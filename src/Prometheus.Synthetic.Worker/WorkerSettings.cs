using Prometheus.Synthetic.Engine.Configuration;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Worker.Health;
using Serilog.Events;

namespace Prometheus.Synthetic.Worker;

/// <summary>Everything a worker is told, read and judged before it starts anything.</summary>
/// <param name="Postgres">Npgsql connection string; a secret, never logged.</param>
public sealed record WorkerSettings(
    string Postgres,
    EngineSettings Engine,
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
    /// <param name="given">Names of all variables there are.</param>
    /// <exception cref="ScenarioRefusedException">Everything that is wrong with the settings.</exception>
    public static WorkerSettings Read(Func<string, string?> read, IEnumerable<string> given)
    {
        var settings = new SettingsReader(read);
        string postgres = Secret(settings, "POSTGRES", "an Npgsql connection string");
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
        string level = settings.Word("LOGLEVEL", nameof(LogEventLevel.Information), Enum.GetNames<LogEventLevel>());
        settings.ThrowIfRefused();
        return new WorkerSettings(postgres, engine, bus, health, Enum.Parse<LogEventLevel>(level))
        {
            Known = settings.Known,
            Warnings = settings.Unknown(given, s_others),
        };
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
