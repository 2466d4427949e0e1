using Marten;
using Npgsql;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Audit;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.Storage.Sets;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Storage.Tests;

/// <summary>A migrated, empty database, and sets to put into it.</summary>
public sealed class MigratedDatabase : IAsyncLifetime
{
    private readonly SemaphoreSlim _once = new(1);
    private DocumentStore? _store;

    public PostgresFixture Postgres { get; } = new();

    public ScenarioSetStore Sets { get; private set; } = null!;

    public ShardStore Shards { get; private set; } = null!;

    public ValueTask InitializeAsync() => Postgres.InitializeAsync();

    public SchemaMigrator Migrator(IDocumentStore store) =>
        new(Postgres.DataSource, store, new StorageOptions(), TimeProvider.System);

    public DocumentStore NewStore() => SyntheticDocumentStore.Create(Postgres.DataSource, [new SagaTable()]);

    /// <summary>Migrates when the first test asks; a fixture cannot skip.</summary>
    public async Task ReadyAsync(CancellationToken ct)
    {
        await _once.WaitAsync(ct);
        try
        {
            if (_store is not null)
                return;
            DocumentStore store = NewStore();
            await Migrator(store).MigrateAsync(ct);
            Sets = new ScenarioSetStore(
                Postgres.DataSource,
                store,
                new AuditTrail(Postgres.DataSource, TimeProvider.System),
                new DiagnosticsStore(Postgres.DataSource, TimeProvider.System),
                TimeProvider.System
            );
            Shards = new ShardStore(Postgres.DataSource, TimeProvider.System);
            await ScalarAsync(
                $"INSERT INTO synthetic.calibration_snapshots VALUES ('{Document("any").SnapshotHash}', 1, '\\x00', now())"
            );
            _store = store;
        }
        finally
        {
            _once.Release();
        }
    }

    public static readonly Driver[] Drivers =
    [
        new(DriverKind.Instrument, "EQUITY:A", Driver.SimpleReturn, 100),
        new(DriverKind.Factor, "MKT", Driver.SimpleReturn),
        new(DriverKind.Macro, "DGS10", "percent", 4.25),
    ];

    public static ScenarioSetDocument Document(string name) =>
        new()
        {
            Id = Guid.NewGuid(),
            RequestId = Guid.NewGuid(),
            Attempt = 1,
            Status = ScenarioSetStatus.Generating,
            Name = name,
            Category = "BOOTSTRAP",
            HorizonDays = 2,
            NumPaths = 2,
            Markets = ["US_EQ"],
            AsOfDate = new DateOnly(2020, 6, 1),
            BaseDateStart = new DateOnly(2019, 1, 1),
            BaseDateEnd = new DateOnly(2020, 5, 29),
            Seed = 1,
            Tags = ["T"],
            CreatedAt = DateTimeOffset.UnixEpoch,
            CreatedBy = "test",
            Drivers = new DriverCounts(1, 1, 1),
            SnapshotHash = "sha256:" + new string('0', 64),
            NumericVersion = 1,
            EngineVersion = "test",
            ShardCount = 2,
        };

    /// <summary>Path p of the test set: [step][driver].</summary>
    public static double[] Path(int p) => [0.1 + p, -0.05, 0.25, -0.5, 0.02, -1.5 - p];

    public static ShardContent Shard(Guid id, int path)
    {
        double[] values = Path(path);
        byte[] digest = new byte[PathDigest.Length];
        var facts = new Scenarios.Generation.PathAnnotation
        {
            SourceDates = [new DateOnly(2020, 3, 16), new DateOnly(2020, 3, 17)],
            Cells =
            [
                new(-1, 1, new System.Text.Json.Nodes.JsonObject { ["overlay"] = "ALL" }),
                new(2, 2, new System.Text.Json.Nodes.JsonObject { ["overlay"] = "RATES" }),
            ],
        };
        PathDigest.Compute(values, facts, digest);
        return new ShardContent(id, path, path, 1, 2, Drivers, values, digest, [facts], 0.1);
    }

    public async Task<ScenarioSetDocument> OpenAsync(string name, CancellationToken ct, bool stored = true)
    {
        ScenarioSetDocument set = await Sets.OpenAsync(Document(name), Drivers, ct);
        for (int p = 0; stored && p < 2; p++)
            Assert.Equal(StoreOutcome.Stored, await Shards.StoreAsync(Shard(set.Id, p), ct));
        return set;
    }

    public async Task<object?> ScalarAsync(string sql)
    {
        await using NpgsqlCommand command = Postgres.DataSource.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Runs a statement as a role and gives the SQLSTATE of its refusal, or null.</summary>
    public async Task<string?> TryAsync(string sql, string? role = null)
    {
        await using NpgsqlConnection connection = await Postgres.DataSource.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        try
        {
            if (role is not null)
                await new NpgsqlCommand($"SET LOCAL ROLE {role}", connection).ExecuteNonQueryAsync();
            await new NpgsqlCommand(sql, connection).ExecuteNonQueryAsync();
            return null;
        }
        catch (PostgresException e)
        {
            return e.SqlState;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        await Postgres.DisposeAsync();
        _once.Dispose();
    }

    /// <summary>The grants name the saga's table, which an outer layer registers.</summary>
    private sealed class SagaTable : IDocumentRegistration
    {
        public void Register(StoreOptions options) =>
            options.Schema.For<Saga>().DocumentAlias("scenario_set_generation_saga");
    }

    public sealed class Saga
    {
        public Guid Id { get; set; }
    }
}
