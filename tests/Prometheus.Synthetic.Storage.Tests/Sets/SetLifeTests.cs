using Npgsql;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Storage.Tests.Sets;

public sealed class SetLifeTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_contract_view_shows_baseline_returns_prices_levels_and_marks()
    {
        await database.ReadyAsync(Ct);
        ScenarioSetDocument set = await database.OpenAsync("VIEW", Ct);
        string count = $"SELECT count(*) FROM scenario_paths WHERE scenario_set_id = '{set.Id}'";
        Assert.Equal(0L, await database.ScalarAsync(count));
        await database.Sets.SealAsync(set.Id, Ct);
        Assert.Equal(2L * 3 * 3, await database.ScalarAsync(count));

        var rows = new Dictionary<(int Path, int Step, string Id), (double Return, double? Price, string Mark)>();
        await using NpgsqlCommand select = database.Postgres.DataSource.CreateCommand(
            $"""
            SELECT scenario_id, horizon_index, coalesce(instrument_id, factor_id, macro_id), "return"::float8, price::float8,
              shock_metadata::text, num_nonnulls(instrument_id, factor_id, macro_id)
            FROM scenario_paths WHERE scenario_set_id = '{set.Id}'
            """
        );
        await using (NpgsqlDataReader reader = await select.ExecuteReaderAsync(Ct))
        {
            while (await reader.ReadAsync(Ct))
            {
                Assert.Equal(1, reader.GetInt32(6));
                rows[(reader.GetInt32(0), reader.GetInt32(1), reader.GetString(2))] = (
                    reader.GetDouble(3),
                    reader.IsDBNull(4) ? null : reader.GetDouble(4),
                    reader.GetString(5)
                );
            }
        }

        for (int p = 0; p < 2; p++)
        {
            double[] path = MigratedDatabase.Path(p);
            Assert.Equal((0, 100, "{}"), rows[(p, 0, "EQUITY:A")]);
            Assert.Equal((0, null, "{}"), rows[(p, 0, "MKT")]);
            Assert.Equal((0, 4.25, "{}"), rows[(p, 0, "DGS10")]);
            // numeric keeps 15 significant digits.
            Assert.Equal(path[0], rows[(p, 1, "EQUITY:A")].Return, 1e-14);
            Assert.Equal(100 * (1 + path[0]) * (1 + path[3]), rows[(p, 2, "EQUITY:A")].Price!.Value, 1e-11);
            Assert.Equal(4.25 + path[2] + path[5], rows[(p, 2, "DGS10")].Price!.Value, 1e-13);
            Assert.Equal("""{"overlay": "ALL", "source_date": "2020-03-16"}""", rows[(p, 1, "MKT")].Mark);
            Assert.Equal("""{"overlay": "RATES", "source_date": "2020-03-17"}""", rows[(p, 2, "DGS10")].Mark);
            Assert.Equal("""{"source_date": "2020-03-17"}""", rows[(p, 2, "EQUITY:A")].Mark);
            Assert.Equal(
                new[] { path[2], path[5] },
                (double[])
                    (
                        await database.ScalarAsync(
                            $"SELECT returns FROM scenario_path_arrays WHERE scenario_set_id = '{set.Id}' AND scenario_id = {p} AND macro_id = 'DGS10'"
                        )
                    )!
            );
        }
    }

    [Fact]
    public async Task Concurrent_seals_of_a_lineage_give_every_version_once_in_a_chain()
    {
        await database.ReadyAsync(Ct);
        const int sets = 8;
        var open = new List<ScenarioSetDocument>();
        for (int i = 0; i < sets; i++)
            open.Add(await database.OpenAsync("LINEAGE", Ct));
        // Each set twice: a redelivered seal finds it sealed.
        ScenarioSetDocument[] done = await Task.WhenAll(
            open.Concat(open).Select(s => Task.Run(() => database.Sets.SealAsync(s.Id, Ct)))
        );

        ScenarioSetDocument[] byVersion = [.. done.DistinctBy(s => s.Id).OrderBy(s => s.Version)];
        Assert.Equal(Enumerable.Range(1, sets), byVersion.Select(s => s.Version));
        Assert.Null(byVersion[0].Supersedes);
        for (int v = 1; v < sets; v++)
            Assert.Equal(byVersion[v - 1].Id, byVersion[v].Supersedes);
        Assert.Equal(byVersion[^1].Id, await database.Sets.CurrentOfLineageAsync("LINEAGE", Ct));
        Assert.All(done, s => Assert.Equal(done[0].ContentHash, s.ContentHash));
    }

    [Fact]
    public async Task A_shard_delivered_many_times_at_once_is_stored_once()
    {
        await database.ReadyAsync(Ct);
        ScenarioSetDocument set = await database.OpenAsync("TWICE", Ct, stored: false);
        StoreOutcome[] outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(_ => Task.Run(() => database.Shards.StoreAsync(MigratedDatabase.Shard(set.Id, 0), Ct)))
        );
        Assert.Single(outcomes, StoreOutcome.Stored);
        Assert.Equal(5, outcomes.Count(o => o == StoreOutcome.AlreadyStored));
        InvalidOperationException early = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            database.Sets.SealAsync(set.Id, Ct)
        );
        Assert.Contains("path 1 of 2 is not stored", early.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_abandoned_set_leaves_its_record_and_no_row_and_takes_none()
    {
        await database.ReadyAsync(Ct);
        ScenarioSetDocument set = await database.OpenAsync("ABANDONED", Ct);
        await database.Sets.AbandonAsync(set.Id, ScenarioSetStatus.Failed, [new("bad-data", "x", "y")], Ct);
        foreach (string table in new[] { "path_shocks", "path_annotations", "cell_marks", "set_drivers", "shards" })
            Assert.Equal(
                0L,
                await database.ScalarAsync($"SELECT count(*) FROM synthetic.{table} WHERE scenario_set_id = '{set.Id}'")
            );
        Assert.Equal(
            StoreOutcome.NotGenerating,
            await database.Shards.StoreAsync(MigratedDatabase.Shard(set.Id, 0), Ct)
        );
        Assert.Equal(ScenarioSetStatus.Failed, (await database.Sets.FindAsync(set.Id, Ct))!.Status);
        ScenarioRefusedException late = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            database.Sets.SealAsync(set.Id, Ct)
        );
        FieldError error = Assert.Single(late.Errors);
        Assert.Equal((ErrorCodes.WrongState, "scenario_set_id"), (error.Code, error.Field));
        Assert.Contains("it is Failed", error.Message, StringComparison.Ordinal);
        ScenarioRefusedException unknown = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            database.Sets.SealAsync(Guid.Empty, Ct)
        );
        Assert.Equal(ErrorCodes.NotFound, Assert.Single(unknown.Errors).Code);
    }
}
