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
