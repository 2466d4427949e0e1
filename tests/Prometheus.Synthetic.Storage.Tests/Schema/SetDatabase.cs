using Marten;
using Npgsql;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Storage.Tests.Schema;

/// <summary>An empty database for schema tests; each test asks for the state it needs.</summary>
public sealed class SetDatabase : IAsyncLifetime
{
    private static readonly string s_snapshot = "sha256:" + new string('0', 64);

    public PostgresFixture Postgres { get; } = new();

    public ValueTask InitializeAsync() => Postgres.InitializeAsync();

    public ValueTask DisposeAsync() => Postgres.DisposeAsync();

    public async Task EmptyAsync(CancellationToken ct) =>
        await ExecuteAsync(
            "DROP SCHEMA IF EXISTS synthetic CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public",
            ct
        );

    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken ct, int? upTo = null, string? role = null)
    {
        string connection = Postgres.ConnectionString;
        if (role is not null)
            connection = new NpgsqlConnectionStringBuilder(connection)
            {
                Options = $"-c role={role}",
                Pooling = false,
            }.ConnectionString;
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connection);
        await using DocumentStore store = SyntheticDocumentStore.Create(source, []);
        var migrator = new SchemaMigrator(source, store, new StorageOptions(), TimeProvider.System);
        return await migrator.MigrateAsync(upTo ?? SchemaMigrator.NewestVersion, ct);
    }

    public async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using NpgsqlCommand command = Postgres.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task<T> ScalarAsync<T>(string sql, CancellationToken ct)
    {
        await using NpgsqlCommand command = Postgres.DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>The newest schema, and in it an open set with its rows and manifest; returns its id.</summary>
    public async Task<string> OpenSetAsync(string id, CancellationToken ct)
    {
        await MigrateAsync(ct);
        await ExecuteAsync(GeneratingSet(id, "SET_" + id) + Driver(id) + Rows(id), ct);
        return id;
    }

    /// <summary>As that, and sealed.</summary>
    public async Task<string> SealedSetAsync(string id, CancellationToken ct)
    {
        await OpenSetAsync(id, ct);
        await ExecuteAsync(Seal(id), ct);
        return id;
    }

    /// <summary>SQL that stores a set's record, one driver and two paths of two steps, in state Generating.</summary>
    public static string GeneratingSet(string id, string name, string change = "") =>
        $$"""
            INSERT INTO synthetic.mt_doc_scenario_set (id, data) SELECT '{{id}}', '{
              "id": "{{id}}", "request_id": "{{id}}", "attempt": 1, "status": "Generating", "name": "{{name}}", "version": 0,
              "category": "BOOTSTRAP", "horizon_days": 2, "num_paths": 2, "markets": ["M"], "as_of_date": "2025-01-01",
              "base_date_start": "2020-01-01", "base_date_end": "2025-01-01", "tags": [], "defensive_test": false,
              "created_at": "2025-01-02T00:00:00Z", "created_by": "t", "seed": 7, "snapshot_hash": "{{s_snapshot}}"}'::jsonb{{change}};
            INSERT INTO synthetic.calibration_snapshots VALUES ('{{s_snapshot}}', 1, '\x00', '2025-01-02') ON CONFLICT DO NOTHING;
            """;

    public static string Driver(string id) =>
        $"INSERT INTO synthetic.set_drivers (scenario_set_id, driver_no, instrument_id, unit) VALUES ('{id}', 0, 'EQUITY:A', 'simple_return');";

    /// <summary>Both paths and their manifest.</summary>
    public static string Rows(string id) =>
        $"""
            INSERT INTO synthetic.path_shocks VALUES ('{id}', 0, 0, '{"{0.1,0.2}"}'), ('{id}', 0, 1, '{"{0.3,-0.4}"}');
            {Shard(id, 0, 0, 2)}
            """;

    public static string Shard(string id, int shard, int first, int count) =>
        $"INSERT INTO synthetic.shards VALUES ('{id}', {shard}, {first}, {count}, decode(repeat('00', 32 * {count}), 'hex'), 0, 0, 'test', '2025-01-02');";

    public static string Seal(string id, int version = 1) =>
        $$"""UPDATE synthetic.mt_doc_scenario_set SET data = data || '{"status": "Sealed", "version": {{version}}, "content_hash": "sha256:{{new string('a', 64)}}", "sealed_at": "2025-01-02T00:00:01Z"}' WHERE id = '{{id}}';""";
}
