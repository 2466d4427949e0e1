using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Storage.Tests.Schema;

/// <summary>Each rule of the database refuses what it says, whoever writes.</summary>
public sealed class DatabaseRuleTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    private const string CheckViolation = "23514";
    private const string RestrictViolation = "23001";
    private const string NotAllowed = "42501";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("data || '{\"category\":\"GUESS\"}'")]
    [InlineData("data - 'category'")]
    [InlineData("data - 'status'")]
    [InlineData("data || '{\"name\":\"\"}'")]
    [InlineData("data - 'name'")]
    [InlineData("data || '{\"horizon_days\":0}'")]
    [InlineData("data || '{\"horizon_days\":61}'")]
    [InlineData("data - 'horizon_days'")]
    [InlineData("data || '{\"num_paths\":0}'")]
    [InlineData("data - 'num_paths'")]
    [InlineData("data || '{\"base_date_start\":\"2020-05-30\"}'")]
    [InlineData("data || '{\"base_date_end\":\"2020-06-02\"}'")]
    [InlineData("data - 'as_of_date'")]
    [InlineData("data || '{\"category\":\"FRAGILITY_ADVERSARIAL\"}'")]
    [InlineData("data || '{\"category\":\"FRAGILITY_ADVERSARIAL\",\"defensive_test\":true}'")]
    [InlineData("data || '{\"category\":\"FRAGILITY_ADVERSARIAL\",\"tags\":[\"DEFENSIVE_TEST\"]}'")]
    [InlineData("(data || '{\"category\":\"FRAGILITY_ADVERSARIAL\",\"defensive_test\":true}') - 'tags'")]
    [InlineData("(data || '{\"category\":\"FRAGILITY_ADVERSARIAL\"}') - 'tags' - 'defensive_test'")]
    [InlineData("data || '{\"status\":\"Sealed\"}'")]
    [InlineData("(data || '{\"status\":\"Sealed\",\"version\":1}') - 'content_hash'")]
    public async Task A_record_out_of_range_is_refused(string data)
    {
        await database.ReadyAsync(Ct);
        ScenarioSetDocument set = await database.OpenAsync("RANGES", Ct, stored: false);
        Assert.Equal(
            CheckViolation,
            await database.TryAsync($"UPDATE synthetic.mt_doc_scenario_set SET data = {data} WHERE id = '{set.Id}'")
        );
    }

    [Fact]
    public async Task A_marked_adversarial_record_is_taken()
    {
        await database.ReadyAsync(Ct);
        ScenarioSetDocument set = await database.OpenAsync("MARKED", Ct, stored: false);
        Assert.Null(
            await database.TryAsync(
                $$"""UPDATE synthetic.mt_doc_scenario_set SET data = data || '{"category":"FRAGILITY_ADVERSARIAL","defensive_test":true,"tags":["DEFENSIVE_TEST"]}' WHERE id = '{{set.Id}}'"""
            )
        );
    }

    [Theory]
    [InlineData(0, "NaN", CheckViolation)]
    [InlineData(0, "Infinity", CheckViolation)]
    [InlineData(0, "-1", CheckViolation)]
    [InlineData(1_000_002, "-Infinity", CheckViolation)]
    [InlineData(0, "-0.99", null)]
    [InlineData(1_000_002, "-5", null)]
    public async Task Shocks_are_finite_and_returns_above_minus_one(int driver, string shock, string? refused)
    {
        await database.ReadyAsync(Ct);
        ScenarioSetDocument set = await database.OpenAsync("SHOCKS", Ct, stored: false);
        Assert.Equal(
            refused,
            await database.TryAsync(
                $"INSERT INTO synthetic.path_shocks VALUES ('{set.Id}', {driver}, 0, ARRAY[0.5, '{shock}'::float8])"
            )
        );
    }

    [Fact]
    public async Task What_is_sealed_changes_no_more()
    {
        await database.ReadyAsync(Ct);
        ScenarioSetDocument set = await database.OpenAsync("IMMUTABLE", Ct);
        Assert.Equal(RestrictViolation, await database.TryAsync("UPDATE synthetic.path_shocks SET scenario_id = 9"));
        await database.Sets.SealAsync(set.Id, Ct);
        string id = set.Id.ToString();
        foreach (
            string sql in new[]
            {
                $"UPDATE synthetic.mt_doc_scenario_set SET data = data || '{{\"description\":\"x\"}}' WHERE id = '{id}'",
                $"UPDATE synthetic.mt_doc_scenario_set SET data = data || '{{\"status\":\"Generating\"}}' WHERE id = '{id}'",
                $"DELETE FROM synthetic.mt_doc_scenario_set WHERE id = '{id}'",
                $"INSERT INTO synthetic.path_shocks VALUES ('{id}', 0, 7, ARRAY[0.1, 0.1])",
                $"INSERT INTO synthetic.path_annotations VALUES ('{id}', 7, NULL, NULL, NULL)",
                $"INSERT INTO synthetic.cell_marks VALUES ('{id}', 7, 1, -1, '{{}}')",
                "TRUNCATE synthetic.path_shocks",
                "UPDATE synthetic.shards SET first_path = 5",
                $"SELECT synthetic.remove_paths('{id}', false)",
                "UPDATE synthetic.audit_trail SET actor = 'x'",
                "DELETE FROM synthetic.audit_trail",
            }
        )
            Assert.True(RestrictViolation == await database.TryAsync(sql), sql);
    }

    [Fact]
    public async Task The_reader_reads_the_contract_and_nothing_else()
    {
        await database.ReadyAsync(Ct);
        ScenarioSetDocument set = await database.OpenAsync("ROLES", Ct);
        foreach (string relation in new[] { "scenario_sets", "scenario_paths", "scenario_path_arrays" })
            Assert.Null(await database.TryAsync($"SELECT * FROM {relation}", "synthetic_reader"));
        foreach (
            string sql in new[]
            {
                "SELECT * FROM synthetic.mt_doc_scenario_set",
                "SELECT * FROM synthetic.path_shocks",
                "DELETE FROM synthetic.path_shocks",
                "INSERT INTO synthetic.lineages (name) VALUES ('x')",
                $"SELECT synthetic.remove_paths('{set.Id}', true)",
            }
        )
            Assert.True(NotAllowed == await database.TryAsync(sql, "synthetic_reader"), sql);
    }

    [Fact]
    public async Task The_writer_adds_and_does_not_delete()
    {
        await database.ReadyAsync(Ct);
        ScenarioSetDocument set = await database.OpenAsync("WRITER", Ct, stored: false);
        Assert.Null(
            await database.TryAsync(
                $"INSERT INTO synthetic.path_shocks VALUES ('{set.Id}', 0, 0, ARRAY[0.1, 0.1])",
                "synthetic_writer"
            )
        );
        Assert.Null(await database.TryAsync($"SELECT synthetic.remove_paths('{set.Id}', true)", "synthetic_writer"));
        foreach (
            string table in new[]
            {
                "path_shocks",
                "path_annotations",
                "cell_marks",
                "set_drivers",
                "shards",
                "audit_trail",
            }
        )
            Assert.Equal(NotAllowed, await database.TryAsync($"DELETE FROM synthetic.{table}", "synthetic_writer"));
        Assert.Equal(NotAllowed, await database.TryAsync("CREATE TABLE synthetic.mine (x int)", "synthetic_writer"));
    }
}
