using Marten;
using Npgsql;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Market.Import;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>A migrated database that holds a real panel: twenty large US names, 1990 to 2022.</summary>
public sealed class RealMarket : IAsyncLifetime
{
    public const string Market = "US_EQ";
    public const string AsOf = "2022-12-28";
    public const int Instruments = 20;

    private bool _loaded;

    public PostgresFixture Postgres { get; } = new();

    public RabbitMqFixture Rabbit { get; } = new();

    public string ConnectionString => Postgres.ConnectionString;

    public async ValueTask InitializeAsync()
    {
        await Postgres.InitializeAsync();
        await Rabbit.InitializeAsync();
    }

    /// <summary>Imports the panel when the first test asks; a fixture cannot skip.</summary>
    public async Task ReadyAsync(CancellationToken ct)
    {
        string panel = SharedData.RequireFile("data/us20_prices_1990_2022.csv.gz");
        if (_loaded)
            return;
        _loaded = true;
        var tables = new MarketTables();
        await using DocumentStore store = SyntheticDocumentStore.Create(Postgres.DataSource, SagaDocuments.All);
        await new SchemaMigrator(Postgres.DataSource, store, new StorageOptions(), TimeProvider.System).MigrateAsync(
            ct
        );
        await MarketSchema.EnsureAsync(Postgres.DataSource, tables, ct);
        await new MarketImporter(Postgres.DataSource, tables).ImportAsync(panel, new ImportOptions(), null, null, ct);
    }

    public async Task<long> CountAsync(string sql, CancellationToken ct)
    {
        await using NpgsqlCommand command = Postgres.DataSource.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(ct));
    }

    public Task DeleteAsync(Guid id, CancellationToken ct) => OperatorActs.DeleteAsync(ConnectionString, id, ct);

    public async ValueTask DisposeAsync()
    {
        await Postgres.DisposeAsync();
        await Rabbit.DisposeAsync();
    }
}
