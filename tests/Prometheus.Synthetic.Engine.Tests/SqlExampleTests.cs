using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Prometheus.Synthetic.Engine.Reading;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Engine.Tests;

/// <summary>The worked examples of contracts/sql, run as the role that other teams get, against results computed here.</summary>
public sealed class SqlExampleTests(SmallMarket market) : IClassFixture<SmallMarket>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_current_set_is_found_by_name()
    {
        await market.GenerateAsync("SQL_FIND", Ct);
        ScenarioSetRef second = await market.GenerateAsync("SQL_FIND", Ct, nonce: "2");
        object[] row = Assert.Single(await RunAsync("find_set", "SQL_FIND"));
        Assert.Equal([second.ScenarioSetId, 2, 40, 10, second.ContentHash], row);
    }

    /// <summary>
    /// The cells are numeric with 15 significant digits and logarithms are summed: 10 steps of relative error 1e-15 each,
    /// so 1e-12 leaves room and would still see a wrong step, path or weight.
    /// </summary>
    [Theory]
    [InlineData("portfolio_var")]
    [InlineData("portfolio_var_arrays")]
    public async Task Value_at_risk_and_expected_shortfall_are_those_of_the_paths(string example)
    {
        ScenarioSetRef set = await market.GenerateAsync("SQL_VAR", Ct);
        object[] row = Assert.Single(await RunAsync(example, "SQL_VAR"));

        double[] losses = [.. (await LossesAsync(set.ScenarioSetId)).Order()];
        double var = losses[(int)Math.Ceiling(0.95 * losses.Length) - 1];
        Assert.Equal(40L, row[0]);
        Assert.Equal(var, (double)row[1], 1e-12);
        Assert.Equal(losses.Where(l => l >= var).Average(), (double)row[2], 1e-12);
    }

    [Fact]
    public async Task A_client_that_calls_it_return_value_reads_through_the_compatibility_view()
    {
        ScenarioSetRef set = await market.GenerateAsync("SQL_CLIENT", Ct);
        await market.ExecuteAsync(await TextAsync("contracts/sql/compatibility.sql"), Ct);
        await market.ExecuteAsync(await TextAsync("contracts/sql/compatibility.sql"), Ct);
        List<object[]> rows = await RunAsync("client_return_value", "SQL_CLIENT", "synthetic_compat, public");
        Assert.Equal(40 * 11 * 2, rows.Count);
        await foreach (
            PathBlock block in (await market.EngineAsync(Ct))
                .GetRequiredService<ScenarioSetReader>()
                .ReadAsync(set.ScenarioSetId, null, Ct)
        )
        {
            foreach (
                object[] row in rows.Where(r =>
                    (int)r[0] >= block.FirstPath && (int)r[0] < block.FirstPath + block.PathCount
                )
            )
            {
                int step = (int)row[1];
                int driver = (string)row[2] == "EQUITY:T0" ? 0 : 1;
                double expected = step == 0 ? 0 : block[(int)row[0] - block.FirstPath, step, driver];
                Assert.Equal(expected, (double)row[3]);
            }
        }
    }

    [Fact]
    public async Task The_reader_sees_the_relations_and_nothing_else()
    {
        await market.GenerateAsync("SQL_ROLE", Ct);
        await using NpgsqlConnection reader = await ReaderAsync("public");
        foreach (
            string sql in new[]
            {
                "SELECT * FROM synthetic.path_shocks",
                "SELECT * FROM synthetic.mt_doc_scenario_set",
                "SELECT * FROM synthetic.audit_trail",
                "SELECT * FROM returns_daily",
                "UPDATE scenario_path_arrays SET unit = 'x'",
                "DELETE FROM synthetic.path_shocks",
                "SELECT synthetic.remove_paths(gen_random_uuid(), true)",
            }
        )
        {
            await using var command = new NpgsqlCommand(sql, reader);
            var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Ct));
            Assert.True(
                refused.SqlState
                    is PostgresErrorCodes.InsufficientPrivilege
                        or PostgresErrorCodes.ObjectNotInPrerequisiteState,
                $"{sql}: {refused.Message}"
            );
        }
    }

    private async Task<double[]> LossesAsync(Guid id)
    {
        var losses = new List<double>();
        var slice = new PathSlice { DriverIds = ["EQUITY:T0", "EQUITY:T1"] };
        await foreach (
            PathBlock block in (await market.EngineAsync(Ct))
                .GetRequiredService<ScenarioSetReader>()
                .ReadAsync(id, slice, Ct)
        )
        {
            for (int path = 0; path < block.PathCount; path++)
            {
                double a = 1;
                double b = 1;
                for (int step = 1; step <= block.HorizonDays; step++)
                {
                    a *= 1 + block[path, step, 0];
                    b *= 1 + block[path, step, 1];
                }

                losses.Add(-(0.6 * (a - 1) + 0.4 * (b - 1)));
            }
        }

        return [.. losses];
    }

    private async Task<List<object[]>> RunAsync(string example, string lineage, string searchPath = "public")
    {
        await using NpgsqlConnection connection = await ReaderAsync(searchPath);
        await using var command = new NpgsqlCommand(
            await TextAsync($"contracts/sql/examples/{example}.sql"),
            connection
        );
        command.Parameters.Add(new() { Value = lineage });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(Ct);
        var rows = new List<object[]>();
        while (await reader.ReadAsync(Ct))
        {
            object[] row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }

    private async Task<NpgsqlConnection> ReaderAsync(string searchPath)
    {
        NpgsqlConnection connection = await NpgsqlDataSource
            .Create(
                new NpgsqlConnectionStringBuilder(market.Postgres.ConnectionString) { Pooling = false }.ConnectionString
            )
            .OpenConnectionAsync(Ct);
        await using var become = new NpgsqlCommand(
            $"SET ROLE synthetic_reader; SET search_path = {searchPath}",
            connection
        );
        await become.ExecuteNonQueryAsync(Ct);
        return connection;
    }

    private static Task<string> TextAsync(string file) => File.ReadAllTextAsync(Repository.PathOf(file), Ct);
}
