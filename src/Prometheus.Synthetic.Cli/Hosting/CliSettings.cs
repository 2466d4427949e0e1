using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Engine.Configuration;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Market;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>The settings that commands share with the worker, so that both refuse and allow the same.</summary>
internal static class CliSettings
{
    /// <exception cref="ScenarioRefusedException">A setting is not one that is allowed.</exception>
    /// <exception cref="Services.ServiceMissingException">No PostgreSQL is configured.</exception>
    public static void AddSyntheticEngine(this IServiceCollection services, CliContext cli)
    {
        var reader = new SettingsReader(name => cli.Environment(SettingsReader.Prefix + name));
        var settings = EngineSettings.Read(reader);
        (MarketTables tables, IReadOnlyList<FieldError> errors) = MarketTables.Read(cli.Environment, cli.Variables);
        reader.Add(errors);
        reader.ThrowIfRefused();
        services.AddSyntheticEngine(cli.RequirePostgres(), settings.Limits, tables, settings.Storage);
    }

    /// <summary>Where the market tables are, for commands that need no more of the engine.</summary>
    /// <exception cref="ScenarioRefusedException">A setting is not one that is allowed.</exception>
    public static MarketTables ReadMarketTables(this CliContext cli) =>
        MarketTables.FromVariables(cli.Environment, cli.Variables);

    /// <exception cref="ScenarioRefusedException">A setting is not one that is allowed.</exception>
    public static EngineSettings Read(CliContext cli)
    {
        var reader = new SettingsReader(name => cli.Environment(SettingsReader.Prefix + name));
        var settings = EngineSettings.Read(reader);
        reader.ThrowIfRefused();
        return settings;
    }

    /// <summary>After which time without progress the workers' reconciler drives a saga again.</summary>
    /// <exception cref="ScenarioRefusedException">A setting is not one that is allowed.</exception>
    public static TimeSpan StalledAfter(CliContext cli)
    {
        var reader = new SettingsReader(name => cli.Environment(SettingsReader.Prefix + name));
        var bus = BusOptions.Read(cli.RequireRabbitMq(), reader);
        reader.ThrowIfRefused();
        return bus.StalledAfter;
    }
}
