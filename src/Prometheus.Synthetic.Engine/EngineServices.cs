using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using Prometheus.Synthetic.Engine.Audit;
using Prometheus.Synthetic.Engine.Definitions;
using Prometheus.Synthetic.Engine.Diagnostics;
using Prometheus.Synthetic.Engine.Generation;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Engine.Reading;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Engine.Sealing;
using Prometheus.Synthetic.Engine.Verification;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Storage.Audit;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.Storage.Sets;
using Prometheus.Synthetic.Storage.Snapshots;

namespace Prometheus.Synthetic.Engine;

/// <summary>Composes the engine with its storage: what every host needs, with or without a broker.</summary>
public static class EngineServices
{
    /// <param name="connectionString">Npgsql connection string of the database that holds sets and market history.</param>
    public static IServiceCollection AddSyntheticEngine(
        this IServiceCollection services,
        string connectionString,
        RequestLimits? limits = null,
        MarketTables? tables = null,
        StorageOptions? storage = null
    )
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(limits ?? new RequestLimits());
        services.AddSingleton(tables ?? new MarketTables());
        services.AddSingleton(storage ?? new StorageOptions());
        services.AddSingleton(_ => NpgsqlDataSource.Create(connectionString));
        services.AddSingleton<IDocumentStore>(p =>
            SyntheticDocumentStore.Create(
                p.GetRequiredService<NpgsqlDataSource>(),
                p.GetServices<IDocumentRegistration>()
            )
        );
        services.AddSingleton(ScenarioFamilies.All);
        services.AddSingleton(_ =>
            DefinitionLibrary.Load(Environment.GetEnvironmentVariable(DefinitionLibrary.FolderVariable))
        );
        services.AddSingleton<SpecReferences>();
        services.AddSingleton<BaseSetLoader>();
        services.AddSingleton<SchemaMigrator>();
        services.AddSingleton<GivenPathStore>();
        services.AddSingleton<SnapshotStore>();
        services.AddSingleton<ShardStore>();
        services.AddSingleton<DiagnosticsStore>();
        services.AddSingleton<ScenarioSetStore>();
        services.AddSingleton<SetFinder>();
        services.AddSingleton<SetListing>();
        services.AddSingleton<PathReader>();
        AddLife(services);
        services.AddSingleton<CalibrationDataLoader>();
        services.AddSingleton<InstrumentRegister>();
        services.AddSingleton<RequestResolver>();
        services.AddSingleton<CalibratedGenerators>();
        services.AddSingleton<ScenarioSetPlanner>();
        services.AddSingleton<ShardGenerator>();
        services.AddSingleton<SetSealer>();
        services.AddSingleton<ISyntheticScenarioEngine, SyntheticScenarioEngine>();
        return services;
    }

    /// <summary>What happens to sets after their seal: reading, verification, life cycle, audit.</summary>
    private static void AddLife(IServiceCollection services)
    {
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<SetTagStore>();
        services.AddSingleton<PathRowReader>();
        services.AddSingleton<AnnotationReader>();
        services.AddSingleton<VerificationStore>();
        services.AddSingleton<LifecycleStore>();
        services.AddSingleton<SetHolds>();
        services.AddSingleton<RetentionStore>();
        services.AddSingleton<SetReferences>();
        services.AddSingleton<ScenarioSetReader>();
        services.AddSingleton<SetVerifier>();
        services.AddSingleton<SetDiagnosisReader>();
        services.AddSingleton<SetComparer>();
        services.AddSingleton<BatteryAssessor>();
        services.AddSingleton<Recomputation>();
        services.AddSingleton<SetLifecycle>();
        services.AddSingleton<Rehydrator>();
        services.AddSingleton<RetentionService>();
        services.AddSingleton<AuditSheetReader>();
    }
}
