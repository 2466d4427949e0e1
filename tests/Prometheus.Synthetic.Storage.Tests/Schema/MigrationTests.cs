using Marten;
using Prometheus.Synthetic.Storage.Schema;

namespace Prometheus.Synthetic.Storage.Tests.Schema;

public sealed class MigrationTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    [Fact]
    public async Task Two_at_once_apply_every_script_once_and_a_third_nothing()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using DocumentStore first = database.NewStore();
        await using DocumentStore second = database.NewStore();
        IReadOnlyList<string>[] applied = await Task.WhenAll(
            database.Migrator(first).MigrateAsync(ct),
            database.Migrator(second).MigrateAsync(ct)
        );
        Assert.Single(applied, a => a.Count == 0);
        Assert.Equal(SchemaMigrator.NewestVersion, applied.Sum(a => a.Count));
        Assert.Equal(SchemaMigrator.NewestVersion, await database.Migrator(first).CurrentVersionAsync(ct));
        Assert.Empty(await database.Migrator(first).MigrateAsync(ct));
    }
}
