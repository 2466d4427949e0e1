using System.Text.Json;
using Npgsql;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>Fragility scores as an event, defensive tests as sets: the ready-made policy on the simulated market.</summary>
public sealed class FragilityTests(SimulatedMarket market, ITestOutputHelper output) : IClassFixture<SimulatedMarket>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scores_without_targets_make_sets_against_what_the_tables_hold_and_a_deleted_one_is_made_again()
    {
        await market.ReadyAsync(Ct);
        await using OtherTeam team = await OtherTeam.JoinAsync(market.Rabbit.Address, Ct);
        await using WorkerProcess worker = market.Worker();
        string body = Event("tables_v1");
        await MainJobTests.PublishWhenHeardAsync<FragilityComputed>(team, worker, body);
        JsonElement completed = await CompletedAsync(team, "tables_v1", 1);
        Guid[] sets = await CheckAsync(completed);
        foreach (Guid id in sets)
            await TargetsLoseMoreAsync(id);

        await OperatorActs.DeleteAsync(market.Postgres.ConnectionString, sets[0], Ct);
        await team.PublishAsync<FragilityComputed>(body, Ct);
        JsonElement again = await CompletedAsync(team, "tables_v1", 2);
        Guid[] after = await CheckAsync(again);
        Assert.NotEqual(sets[0], after[0]);
        Assert.Equal(sets[1], after[1]);
        // The same request on the same data: another attempt, the same numbers.
        Assert.Equal(Hash(completed, 0), Hash(again, 0));
    }

    [Fact]
    public async Task Targets_of_the_event_are_the_ones_attacked()
    {
        await market.ReadyAsync(Ct);
        string[] issuers = await IssuersAsync();
        await using OtherTeam team = await OtherTeam.JoinAsync(market.Rabbit.Address, Ct);
        await using WorkerProcess worker = market.Worker();
        await MainJobTests.PublishWhenHeardAsync<FragilityComputed>(team, worker, Event("event_v1", Targets(issuers)));
        foreach (Guid id in await CheckAsync(await CompletedAsync(team, "event_v1", 1)))
        {
            JsonElement attacked = (await DocumentAsync(id)).GetProperty("generator_report").GetProperty("targets");
            Assert.Equal(issuers, attacked.EnumerateArray().Select(t => t.GetProperty("entity_id").GetString()));
            await TargetsLoseMoreAsync(id);
        }
    }

    [Fact]
    public async Task Newer_scores_of_the_same_day_supersede_a_running_refresh_cleanly()
    {
        await market.ReadyAsync(Ct);
        string[] issuers = await IssuersAsync();
        await using OtherTeam team = await OtherTeam.JoinAsync(market.Rabbit.Address, Ct);
        await using WorkerProcess worker = market.Worker(("SHARDCONCURRENCY", 2));
        await using (NpgsqlConnection held = await market.Postgres.HoldRowsAsync(Ct))
        {
            await MainJobTests.PublishWhenHeardAsync<FragilityComputed>(
                team,
                worker,
                Event("newer_v1", Targets(issuers[..1]))
            );
            // The first is at work and cannot end; the second comes, and calls off what the first had begun.
            await market.Postgres.UntilWaitingAsync(2, worker, Ct);
            await team.PublishAsync<FragilityComputed>(
                SmallMarket.Bytes(Event("newer_v1", Targets(issuers[1..]))),
                // A correction has an id of its own.
                new Envelope(Guid.NewGuid()),
                Ct
            );
            await SmallMarket.UntilAsync("the newer refresh", async () => await RoundAsync("newer_v1") == 2, worker);
            // Two shards, and behind each the end of its set.
            await market.Postgres.UntilWaitingAsync(4, worker, Ct);
        }

        JsonElement completed = await CompletedAsync(team, "newer_v1", 2);
        foreach (Guid id in await CheckAsync(completed))
        {
            JsonElement attacked = (await DocumentAsync(id)).GetProperty("generator_report").GetProperty("targets");
            Assert.Equal(issuers[1..], attacked.EnumerateArray().Select(t => t.GetProperty("entity_id").GetString()));
        }

        // Of the older nothing is left but its record: called off, without a row.
        await SmallMarket.UntilAsync("rest", async () => await CountAsync(Unsettled) == 0, worker);
        Assert.Equal(2, await CountAsync("SELECT count(*) FROM scenario_sets WHERE name LIKE '%newer\\_v1'"));
        Assert.Equal(
            0,
            await CountAsync(
                "SELECT count(*) FROM synthetic.path_shocks p WHERE NOT EXISTS (SELECT 1 FROM scenario_sets s WHERE s.scenario_set_id = p.scenario_set_id)"
            )
        );
    }

    private const string Unsettled = """
        SELECT (SELECT count(*) FROM synthetic.mt_doc_scenario_set WHERE data ->> 'status' = 'Generating')
          + (SELECT count(*) FROM synthetic.mt_doc_fragility_refresh_saga WHERE data ->> 'current_state' = 'Running')
          + (SELECT count(*) FROM synthetic.mt_doc_scenario_set_generation_saga
             WHERE data ->> 'current_state' IN ('Planning', 'Generating', 'Sealing'))
        """;

    private static object Targets(string[] issuers) =>
        issuers.Select(
            (id, i) =>
                new
                {
                    entity_type = "ISSUER",
                    entity_id = id,
                    soft_target_score = 0.9 - 0.1 * i,
                }
        );

    private Task<long> RoundAsync(string model) =>
        CountAsync(
            $"SELECT coalesce(max((data -> 'progress' ->> 'round')::integer), 0) FROM synthetic.mt_doc_fragility_refresh_saga WHERE data ->> 'model_id' = '{model}'"
        );

    private async Task<long> CountAsync(string sql)
    {
        await using NpgsqlCommand command = market.Postgres.DataSource.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(Ct));
    }

    private static string Event(string model, object? targets = null)
    {
        var fields = new Dictionary<string, object>
        {
            ["market_id"] = SimulatedMarket.Market,
            ["as_of_date"] = SimulatedMarket.AsOf,
            ["model_id"] = model,
            ["region"] = "US",
        };
        if (targets is not null)
            fields["top_targets"] = targets;
        return JsonSerializer.Serialize(fields);
    }

    /// <summary>The refresh's end; on the way to it, every set was announced as a defensive test.</summary>
    private static async Task<JsonElement> CompletedAsync(OtherTeam team, string model, int round)
    {
        await team.HearAsync<ScenarioSetGenerated>(
            $"a set for {model}",
            Ct,
            b =>
            {
                Assert.True(b.GetProperty("defensive_test").GetBoolean());
                Assert.Contains(ContractTags.DefensiveTest, Texts(b.GetProperty("tags")));
                JsonElement loss = b.GetProperty("attack_loss");
                Assert.True(
                    loss.GetProperty("mean_attacked").GetDouble() > loss.GetProperty("mean_market").GetDouble()
                );
                return b.GetProperty("name").GetString()!.EndsWith(model, StringComparison.Ordinal);
            }
        );
        Heard completed = await team.HearAsync<FragilityRefreshCompleted>(
            $"round {round} of {model}",
            Ct,
            b => b.GetProperty("model_id").GetString() == model && b.GetProperty("round").GetInt32() == round
        );
        return completed.Body;
    }

    /// <summary>One whole set for each severity, marked in the event, the record and the relation; ids in the policy's order.</summary>
    private async Task<Guid[]> CheckAsync(JsonElement completed)
    {
        Assert.Equal("COMPLETE", completed.GetProperty("outcome").GetString());
        Assert.True(completed.GetProperty("defensive_test").GetBoolean());
        JsonElement[] sets = [.. completed.GetProperty("sets").EnumerateArray()];
        Assert.Equal(
            ["adversarial-20d-r3", "adversarial-20d-r5"],
            sets.Select(s => s.GetProperty("part").GetString()!).Order(StringComparer.Ordinal)
        );
        sets = [.. sets.OrderBy(s => s.GetProperty("part").GetString(), StringComparer.Ordinal)];
        Guid[] ids = [.. sets.Select(s => s.GetProperty("scenario_set_id").GetGuid())];
        foreach (Guid id in ids)
        {
            JsonElement document = await DocumentAsync(id);
            Assert.Equal("Sealed", document.GetProperty("status").GetString());
            Assert.Equal("FRAGILITY_ADVERSARIAL", document.GetProperty("category").GetString());
            Assert.True(document.GetProperty("defensive_test").GetBoolean());
            Assert.Contains(ContractTags.DefensiveTest, Texts(document.GetProperty("tags")));
            await using NpgsqlCommand marked = market.Postgres.DataSource.CreateCommand(
                "SELECT count(*) FROM scenario_sets WHERE scenario_set_id = $1 AND 'DEFENSIVE_TEST' = ANY (tags)"
            );
            marked.Parameters.Add(new() { Value = id });
            Assert.Equal(1L, await marked.ExecuteScalarAsync(Ct));
        }

        return ids;
    }

    /// <summary>
    /// Path by path, what is held in targets loses more than the average of all instruments: the paired difference
    /// lies more than three standard errors from zero. The record says the same of who each path attacks.
    /// </summary>
    private async Task TargetsLoseMoreAsync(Guid id)
    {
        JsonElement report = (await DocumentAsync(id)).GetProperty("generator_report");
        string[] instruments =
        [
            .. report
                .GetProperty("targets")
                .EnumerateArray()
                .SelectMany(t => Texts(t.GetProperty("instruments")))
                .Distinct(),
        ];
        Assert.NotEmpty(instruments);
        await using NpgsqlCommand select = market.Postgres.DataSource.CreateCommand(
            """
            SELECT avg(attacked), avg(everyone), avg(everyone - attacked) / (stddev_samp(everyone - attacked) / sqrt(count(*)))
            FROM (
              SELECT scenario_id, avg(total) FILTER (WHERE instrument_id = ANY ($2)) AS attacked, avg(total) AS everyone
              FROM (
                SELECT scenario_id, instrument_id, exp(sum(ln(1 + "return"::float8))) - 1 AS total FROM scenario_paths
                WHERE scenario_set_id = $1 AND instrument_id IS NOT NULL AND horizon_index > 0
                GROUP BY scenario_id, instrument_id) p
              GROUP BY scenario_id) q
            """
        );
        select.Parameters.Add(new() { Value = id });
        select.Parameters.Add(new() { Value = instruments });
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(Ct);
        Assert.True(await reader.ReadAsync(Ct));
        double attacked = reader.GetDouble(0);
        double all = reader.GetDouble(1);
        double z = reader.GetDouble(2);
        JsonElement paired = report.GetProperty("loss").GetProperty("attacked_against_market");
        output.WriteLine(
            $"targets {attacked:P2}, all instruments {all:P2}, ratio {attacked / all:0.00}, z {z:0.0}; attacked against market {paired.GetRawText()}"
        );
        Assert.True(attacked < 0 && attacked < all && z > 3.0, $"targets {attacked:P2}, all {all:P2}, z {z:0.0}");
        Assert.True(paired.GetProperty("p_value").GetDouble() < 1e-4);
        Assert.True(paired.GetProperty("p_value_by_attack").GetDouble() < 0.01);
    }

    private async Task<string[]> IssuersAsync()
    {
        await using NpgsqlCommand select = market.Postgres.DataSource.CreateCommand(
            """
            SELECT i.issuer_id FROM instruments i
            WHERE i.asset_class = 'EQUITY' AND EXISTS (
              SELECT 1 FROM prices_daily p WHERE p.instrument_id = i.instrument_id AND p.date = $1)
            ORDER BY i.instrument_id LIMIT 3
            """
        );
        select.Parameters.Add(new() { Value = SimulatedMarket.AsOf });
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(Ct);
        var ids = new List<string>();
        while (await reader.ReadAsync(Ct))
            ids.Add(reader.GetString(0));
        Assert.Equal(3, ids.Count);
        return [.. ids];
    }

    private async Task<JsonElement> DocumentAsync(Guid id)
    {
        await using NpgsqlCommand select = market.Postgres.DataSource.CreateCommand(
            "SELECT data::text FROM synthetic.mt_doc_scenario_set WHERE id = $1"
        );
        select.Parameters.Add(new() { Value = id });
        return JsonSerializer.Deserialize<JsonElement>((string)(await select.ExecuteScalarAsync(Ct))!);
    }

    private static string? Hash(JsonElement completed, int index) =>
        completed
            .GetProperty("sets")
            .EnumerateArray()
            .OrderBy(s => s.GetProperty("part").GetString(), StringComparer.Ordinal)
            .ElementAt(index)
            .GetProperty("content_hash")
            .GetString();

    private static IEnumerable<string> Texts(JsonElement list) => list.EnumerateArray().Select(t => t.GetString()!);
}
