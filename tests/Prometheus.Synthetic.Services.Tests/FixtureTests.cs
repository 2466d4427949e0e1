using Npgsql;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Services.Tests;

/// <summary>The fixtures that every other suite relies on.</summary>
public sealed class FixtureTests(PostgresFixture postgres, RabbitMqFixture rabbit)
    : IClassFixture<PostgresFixture>,
        IClassFixture<RabbitMqFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_database_is_named_after_the_collection_and_empty_before_and_not_after()
    {
        Assert.StartsWith("t_fixturetests_", postgres.Database, StringComparison.Ordinal);
        await using NpgsqlConnection connection = await postgres.DataSource.OpenConnectionAsync(Ct);
        Assert.Equal(postgres.Database, connection.Database);
        await using (var create = new NpgsqlCommand("CREATE TABLE left_over (x int)", connection))
            await create.ExecuteNonQueryAsync(Ct);

        // As the next run's fixture does, with this connection still open.
        await PostgresFixture.RecreateAsync(await TestServices.PostgresAsync(), postgres.Database);
        await using var fresh = new NpgsqlConnection(postgres.ConnectionString + ";Pooling=false");
        await fresh.OpenAsync(Ct);
        await using var count = new NpgsqlCommand("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", fresh);
        Assert.Equal(0L, await count.ExecuteScalarAsync(Ct));
    }

    [Fact]
    public async Task The_virtual_host_is_named_after_the_collection_and_can_be_used()
    {
        Assert.StartsWith("t_fixturetests_", rabbit.VirtualHost, StringComparison.Ordinal);
        Assert.Equal("/" + rabbit.VirtualHost, rabbit.Address.AbsolutePath);
        string answer = await rabbit.Management.GetStringAsync($"api/aliveness-test/{rabbit.VirtualHost}", Ct);
        Assert.Contains("ok", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_requirement_skips_on_a_laptop_and_fails_in_ci()
    {
        // Not Assert.Throws, which lets a skip pass through and so would skip this test.
        Exception? thrown = null;
        try
        {
            SharedData.RequireFile("no/such/file");
        }
        catch (Exception e)
        {
            thrown = e;
        }

        Assert.NotNull(thrown);
        Assert.Contains("no/such/file", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(!Requirement.IsCi, thrown.Message.StartsWith(DynamicSkipToken, StringComparison.Ordinal));
    }

    // Written out here too: a change of the runner's token must not turn every skip into a failure unnoticed.
    private const string DynamicSkipToken = "$XunitDynamicSkip$";
}
