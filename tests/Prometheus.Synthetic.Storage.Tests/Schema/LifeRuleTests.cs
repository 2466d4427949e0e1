using Npgsql;

namespace Prometheus.Synthetic.Storage.Tests.Schema;

/// <summary>
/// Ways around the seal that a writing role could think of: each is one that leads to a sealed record whose rows nobody
/// compared, or to a record that consumers can no longer read.
/// </summary>
public sealed class LifeRuleTests(SetDatabase database) : IClassFixture<SetDatabase>
{
    private static int s_next;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A set is sealed from Generating, where its manifest is counted, and from nowhere else.</summary>
    [Theory]
    [InlineData("Failed", "Sealed")]
    [InlineData("Cancelled", "Sealed")]
    [InlineData("Failed", "Generating")]
    [InlineData("Cancelled", "Generating")]
    public async Task An_ended_set_stays_ended(string ended, string wanted)
    {
        string id = await OpenSetAsync();
        await database.ExecuteAsync(Status(id, ended), Ct);
        await RefusedAsync(Status(id, wanted), $"cannot go from {ended} to {wanted}");
    }

    [Theory]
    [InlineData("Evicted")]
    [InlineData("Deleted")]
    public async Task A_set_is_not_evicted_or_deleted_before_it_is_sealed(string wanted)
    {
        string id = await OpenSetAsync();
        await RefusedAsync(Status(id, wanted), $"cannot go from Generating to {wanted}");
    }

    /// <summary>A comparison with an absent value is neither true nor false, and a check takes that for true.</summary>
    [Theory]
    [InlineData("{0.1,NULL}")]
    [InlineData("{NULL,NULL}")]
    [InlineData("{{0.1,0.2}}")]
    [InlineData("[0:1]={0.1,0.2}")]
    public async Task Shocks_are_a_plain_array_of_numbers_that_begins_at_one(string shocks)
    {
        string id = await OpenSetAsync();
        PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() =>
            database.ExecuteAsync($"INSERT INTO synthetic.path_shocks VALUES ('{id}', 1, 1, '{shocks}')", Ct)
        );
        Assert.Equal("shocks_are_possible", refused.ConstraintName);
    }

    [Theory]
    [InlineData("('{0}', 1, 1, '{{0.1}}')", "no row of path 1 with 1 steps")]
    [InlineData("('{0}', 1, 0, '{{0.1,0.2}}'), ('{0}', 1, 1, '{{0.1,0.2,0.3}}')", "no row of path 1 with 3 steps")]
    [InlineData("('{0}', 1, 0, '{{0.1,0.2}}'), ('{0}', 1, 2, '{{0.1,0.2}}')", "no row of path 2 with 2 steps")]
    [InlineData("('{0}', 1, 0, '{{0.1,0.2}}'), ('{1}', 1, 1, '{{0.1,0.2}}')", "one set at a time")]
    public async Task Rows_have_the_steps_and_the_paths_of_their_one_set(string rows, string says)
    {
        string id = await OpenSetAsync();
        string other = await SealedSetAsync();
        await RefusedAsync("INSERT INTO synthetic.path_shocks VALUES " + string.Format(rows, id, other), says);
    }

    /// <summary>Rows may come back to an evicted set; its drivers and its manifest were never away.</summary>
    [Theory]
    [InlineData(
        "INSERT INTO synthetic.set_drivers (scenario_set_id, driver_no, instrument_id, unit) VALUES ('{0}', 1, 'EQUITY:B', 'u')"
    )]
    [InlineData(
        "INSERT INTO synthetic.shards VALUES ('{0}', 9, 2, 1, decode(repeat('00', 32), 'hex'), 0, 0, 't', now())"
    )]
    public async Task Drivers_and_manifest_of_an_evicted_set_are_part_of_its_record(string sql)
    {
        string id = await SealedSetAsync();
        await database.ExecuteAsync(Status(id, "Evicted"), Ct);
        await RefusedAsync(string.Format(sql, id), "is not open");
    }

    /// <summary>Equal as JSON, but no integer to whoever reads it as one.</summary>
    [Theory]
    [InlineData("jsonb_set(data, '{seed}', '7.0')")]
    [InlineData("jsonb_set(data, '{seed}', '7.00')")]
    public async Task A_sealed_record_keeps_its_spelling(string data)
    {
        string id = await SealedSetAsync();
        await RefusedAsync(
            $"UPDATE synthetic.mt_doc_scenario_set SET data = {data} WHERE id = '{id}'",
            "its record cannot change"
        );
    }

    /// <summary>One record that the view cannot read would hide all of them.</summary>
    [Theory]
    [InlineData("\"tags\": null")]
    [InlineData("\"tags\": \"T\"")]
    [InlineData("\"created_at\": \"yesterday, perhaps\"")]
    [InlineData("\"base_date_start\": \"2020-13-40\"")]
    public async Task A_record_that_consumers_could_not_read_is_not_taken(string member)
    {
        await database.MigrateAsync(Ct);
        string id = NewId();
        await Assert.ThrowsAsync<PostgresException>(() =>
            database.ExecuteAsync(SetDatabase.GeneratingSet(id, "SPELT_" + id, $" || '{{{member}}}'::jsonb"), Ct)
        );
        await database.ScalarAsync<long>("SELECT count(*) FROM (SELECT * FROM scenario_sets) s", Ct);
    }

    /// <summary>A manifest without its rows would be sealed as if they were there.</summary>
    [Fact]
    public async Task Rows_of_an_open_set_go_only_with_their_manifest()
    {
        string id = await OpenSetAsync();
        await RefusedAsync($"SELECT synthetic.remove_paths('{id}', false)", "with its manifest");
        await database.ExecuteAsync($"SELECT synthetic.remove_paths('{id}', true)", Ct);
    }

    [Fact]
    public async Task A_set_without_its_calibration_snapshot_is_not_sealed()
    {
        string id = await OpenSetAsync();
        string gone =
            $$"""UPDATE synthetic.mt_doc_scenario_set SET data = data || '{"snapshot_hash": "sha256:{{new string('9', 64)}}"}' WHERE id = '{{id}}';""";
        await database.ExecuteAsync(gone, Ct);
        PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() =>
            database.ExecuteAsync(SetDatabase.Seal(id), Ct)
        );
        Assert.Equal(PostgresErrorCodes.ForeignKeyViolation, refused.SqlState);
    }

    /// <summary>A lineage counts up and points to a set that there is.</summary>
    [Fact]
    public async Task A_lineage_points_to_a_record_and_never_counts_back()
    {
        string id = await SealedSetAsync();
        await database.ExecuteAsync($"INSERT INTO synthetic.lineages VALUES ('L_{id}', '{id}', 3)", Ct);
        PostgresException stranger = await Assert.ThrowsAsync<PostgresException>(() =>
            database.ExecuteAsync(
                $"UPDATE synthetic.lineages SET current_set_id = gen_random_uuid() WHERE name = 'L_{id}'",
                Ct
            )
        );
        Assert.Equal(PostgresErrorCodes.ForeignKeyViolation, stranger.SqlState);
        await RefusedAsync(
            $"UPDATE synthetic.lineages SET current_version = 2 WHERE name = 'L_{id}'",
            "never count back"
        );
    }

    private static string Status(string id, string status) =>
        $$"""UPDATE synthetic.mt_doc_scenario_set SET data = data || '{"status": "{{status}}", "version": 1, "content_hash": "sha256:{{new string('a', 64)}}"}' WHERE id = '{{id}}';""";

    private static string NewId() => new Guid(Interlocked.Increment(ref s_next), 7, 7, new byte[8]).ToString();

    private Task<string> OpenSetAsync() => database.OpenSetAsync(NewId(), Ct);

    private Task<string> SealedSetAsync() => database.SealedSetAsync(NewId(), Ct);

    private async Task RefusedAsync(string sql, string says)
    {
        PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => database.ExecuteAsync(sql, Ct));
        Assert.Equal(PostgresErrorCodes.RestrictViolation, refused.SqlState);
        Assert.Contains(says, refused.MessageText, StringComparison.Ordinal);
    }
}
