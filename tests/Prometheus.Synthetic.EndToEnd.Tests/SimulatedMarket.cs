using Marten;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Market.Simulation;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>A migrated database with the simulated US market, its scores and factors, and an empty virtual host.</summary>
public sealed class SimulatedMarket : IAsyncLifetime
{
    public const string Market = "US_EQ";
    public static readonly DateOnly AsOf = new(2026, 10, 30);

    private bool _loaded;

    public PostgresFixture Postgres { get; } = new();

    public RabbitMqFixture Rabbit { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await Postgres.InitializeAsync();
        await Rabbit.InitializeAsync();
    }

    /// <summary>Simulates when the first test asks; a fixture cannot skip.</summary>
    public async Task ReadyAsync(CancellationToken ct)
    {
        if (_loaded)
            return;
        _loaded = true;
        var tables = new MarketTables();
        await using DocumentStore store = SyntheticDocumentStore.Create(Postgres.DataSource, SagaDocuments.All);
        await new SchemaMigrator(Postgres.DataSource, store, new StorageOptions(), TimeProvider.System).MigrateAsync(
            ct
        );
        await MarketSchema.EnsureAsync(Postgres.DataSource, tables, ct);
        // Nine years: the episodes that the ready-made policy names lie within.
        var options = new MarketSimulationOptions(AsOf) { Markets = [Market], Years = 9 };
        await new SimulatedMarketStore(Postgres.DataSource, tables).WriteAsync(options, null, ct);
    }

    public WorkerProcess Worker(params IEnumerable<(string Name, object? Value)> settings) =>
        WorkerProcess.Start(Postgres.ConnectionString, Rabbit.Address, WorkerProcess.Worker, settings);

    public async ValueTask DisposeAsync()
    {
        await Postgres.DisposeAsync();
        await Rabbit.DisposeAsync();
    }
}
