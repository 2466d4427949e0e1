using Npgsql;
using Prometheus.Synthetic.Storage.Schema;

namespace Prometheus.Synthetic.Storage.Tests.Schema;

public sealed class MigrationTests(SetDatabase database) : IClassFixture<SetDatabase>
{
    private const string Id = "10000000-0000-0000-0000-000000000001";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Every earlier schema, with a sealed set in it where it can hold one, comes to the newest and keeps the set.</summary>
    [Fact]
    public async Task Every_earlier_schema_comes_to_the_newest_and_keeps_its_sets()
    {
        for (int from = 0; from < SchemaMigrator.NewestVersion; from++)
        {
            await database.EmptyAsync(Ct);
            if (from > 0)
            {
                await database.MigrateAsync(Ct, from);
                await database.ExecuteAsync(
                    SetDatabase.GeneratingSet(Id, "KEPT")
                        + SetDatabase.Driver(Id)
                        + SetDatabase.Rows(Id)
                        + SetDatabase.Seal(Id),
                    Ct
                );
            }

            await database.MigrateAsync(Ct);

            Assert.Equal(
                SchemaMigrator.NewestVersion,
                await database.ScalarAsync<int>("SELECT max(version) FROM synthetic.schema_versions", Ct)
            );
            long cells = await database.ScalarAsync<long>(
                $"SELECT count(*) FROM scenario_paths WHERE scenario_set_id = '{Id}'",
                Ct
            );
            Assert.Equal(from == 0 ? 0 : 2 * 3, cells);
        }
    }

    /// <summary>Script 0010 made the view anew: every kind of driver, price, note and mark is shown as before.</summary>
    [Fact]
    public async Task The_faster_view_shows_what_the_first_one_showed()
    {
        await database.EmptyAsync(Ct);
        await database.MigrateAsync(Ct, 9);
        await database.ExecuteAsync(
            SetDatabase.GeneratingSet(Id, "SHOWN")
                + $$"""
                INSERT INTO synthetic.set_drivers (scenario_set_id, driver_no, instrument_id, factor_id, macro_id, unit, base_level) VALUES
                  ('{{Id}}', 0, 'EQUITY:A', NULL, NULL, 'simple_return', 100.1), ('{{Id}}', 1, NULL, 'MKT', NULL, 'simple_return', NULL),
                  ('{{Id}}', 1000002, NULL, NULL, 'DGS10', 'percent', 4.25);
                INSERT INTO synthetic.path_shocks
                  SELECT '{{Id}}', d, p, ARRAY[0.1 / (p + 3), -0.7 / (d % 7 + 3)] FROM unnest(ARRAY[0, 1, 1000002]) d, generate_series(0, 1) p;
                INSERT INTO synthetic.path_annotations VALUES ('{{Id}}', 0, '{2020-03-16,2020-03-17}', 0.5, '{"a": 1}');
                INSERT INTO synthetic.cell_marks VALUES
                  ('{{Id}}', 0, 1, -1, '{"overlay": "ALL"}'), ('{{Id}}', 0, 1, 1, '{"overlay": "ONE"}'), ('{{Id}}', 1, 2, 0, '{"x": null}');
                """
                + SetDatabase.Shard(Id, 0, 0, 2)
                + SetDatabase.Seal(Id),
            Ct
        );
        const string all = "SELECT string_agg(v::text, E'\n' ORDER BY v::text) FROM scenario_paths v";
        string before = await database.ScalarAsync<string>(all, Ct);
        Assert.Equal(18, before.Split('\n').Length);

        await database.MigrateAsync(Ct);

        Assert.Equal(before, await database.ScalarAsync<string>(all, Ct));
    }

    /// <summary>One function that is not marked for it forbids a parallel plan to every query of the view.</summary>
    [Fact]
    public async Task Reads_of_paths_may_use_parallel_workers()
    {
        await database.EmptyAsync(Ct);
        await database.MigrateAsync(Ct);
        await using NpgsqlConnection connection = await database.Postgres.DataSource.OpenConnectionAsync(Ct);
        await using var set = new NpgsqlCommand(
            "SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET enable_indexscan = off; SET enable_bitmapscan = off",
            connection
        );
        await set.ExecuteNonQueryAsync(Ct);
        await using var explain = new NpgsqlCommand(
            "EXPLAIN SELECT scenario_id, horizon_index, \"return\", price, shock_metadata FROM scenario_paths",
            connection
        );
        await using NpgsqlDataReader reader = await explain.ExecuteReaderAsync(Ct);
        var plan = new List<string>();
        while (await reader.ReadAsync(Ct))
            plan.Add(reader.GetString(0));
        Assert.Contains(plan, line => line.Contains("Gather", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_starters_at_once_apply_everything_once_and_a_repetition_nothing()
    {
        await database.EmptyAsync(Ct);
        IReadOnlyList<string>[] applied = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => database.MigrateAsync(Ct))
        );
        Assert.Equal(2, applied.Count(a => a.Count == 0));
        Assert.Equal(
            await database.ScalarAsync<long>("SELECT count(*) FROM synthetic.schema_versions", Ct),
            applied.Sum(a => a.Count)
        );
        Assert.Empty(await database.MigrateAsync(Ct));
    }

    /// <summary>The migrating role needs CREATE on the database and its schemas, and owns all it makes.</summary>
    [Fact]
    public async Task The_owner_role_can_migrate_an_empty_database()
    {
        await database.EmptyAsync(Ct);
        await database.MigrateAsync(Ct); // makes the roles
        await database.EmptyAsync(Ct);
        await database.ExecuteAsync(
            $"GRANT CREATE ON DATABASE {database.Postgres.Database} TO synthetic_owner; GRANT CREATE, USAGE ON SCHEMA public TO synthetic_owner",
            Ct
        );
        await database.MigrateAsync(Ct, role: "synthetic_owner");
        Assert.Equal(
            "synthetic_owner",
            await database.ScalarAsync<string>(
                "SELECT pg_get_userbyid(relowner)::text FROM pg_class WHERE oid = 'synthetic.path_shocks'::regclass",
                Ct
            )
        );
    }
}
