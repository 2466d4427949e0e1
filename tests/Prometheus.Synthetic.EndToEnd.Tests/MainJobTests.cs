using System.Text.Json;
using Npgsql;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>
/// The main job for real: an event in plain JSON on RabbitMQ makes a versioned set in PostgreSQL and a completion event.
/// </summary>
public sealed class MainJobTests(RealMarket market) : IClassFixture<RealMarket>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Request(string name, int paths = 1000, int horizon = 30) =>
        JsonSerializer.Serialize(
            new
            {
                name,
                description = "end to end",
                category = "BOOTSTRAP",
                horizon_days = horizon,
                num_paths = paths,
                markets = new[] { RealMarket.Market },
                as_of_date = RealMarket.AsOf,
                generator_spec = new
                {
                    scheme = "stationary",
                    block_length = 10,
                    seed = 42,
                },
                a_field_of_the_future = "is passed over",
            }
        );

    /// <summary>
    /// Tolerances: a stationary bootstrap with mean block b draws N·H days in blocks; the mean of n days has the
    /// standard error σ√(2b/n) at most (blocks of b perfectly dependent days would give √(b/n)), and so on for the others.
    /// Five standard errors over 20 + 20 + 190 figures keep the chance of a false alarm below 2e-4; the seed is fixed.
    /// </summary>
    [Fact]
    public async Task A_set_made_by_event_agrees_with_the_history_it_was_drawn_from()
    {
        await market.ReadyAsync(Ct);
        await using OtherTeam team = await OtherTeam.JoinAsync(market.Rabbit.Address, Ct);
        await using WorkerProcess worker = WorkerProcess.Start(market.ConnectionString, market.Rabbit.Address);
        await PublishWhenHeardAsync<GenerateScenarioSet>(team, worker, Request("REAL_BASELINE_30D"));

        Heard done = await team.HearAsync<ScenarioSetGenerated>(
            Ct,
            b => b.GetProperty("name").GetString() == "REAL_BASELINE_30D"
        );

        Assert.Equal(1, done.Body.GetProperty("version").GetInt32());
        Assert.Equal(1000, done.Body.GetProperty("num_paths").GetInt32());
        Assert.Equal(RealMarket.Instruments, done.Body.GetProperty("drivers").GetProperty("instruments").GetInt32());
        Guid id = done.Body.GetProperty("scenario_set_id").GetGuid();
        double[][] set = await ColumnsAsync(
            "SELECT instrument_id, \"return\"::float8 FROM scenario_paths WHERE scenario_set_id = $1 AND horizon_index > 0 ORDER BY 1, scenario_id, horizon_index",
            id
        );
        double[][] history = await ColumnsAsync(
            "SELECT instrument_id, ret_1d::float8 FROM returns_daily WHERE $1::uuid IS NOT NULL ORDER BY 1, date",
            id
        );
        Assert.Equal(RealMarket.Instruments, set.Length);
        int n = set[0].Length;
        Assert.Equal(30_000, n);
        double effective = n / 20.0; // N·H days in blocks of 10: a variance inflation of at most 2b
        for (int i = 0; i < set.Length; i++)
        {
            Moments s = Moments.Of(set[i]);
            Moments h = Moments.Of(history[i]);
            Assert.InRange(s.Mean - h.Mean, -5 * h.Sd / Math.Sqrt(effective), 5 * h.Sd / Math.Sqrt(effective));
            double varianceError = h.Sd * h.Sd * Math.Sqrt((h.Kurtosis - 1) / effective);
            Assert.InRange(s.Sd * s.Sd - h.Sd * h.Sd, -5 * varianceError, 5 * varianceError);
            for (int j = 0; j < i; j++)
            {
                // A correlation's error is that of the mean of z_i·z_j − ρ(z_i² + z_j²)/2, taken from the history itself.
                (double rho, double error) = Moments.Correlation(history[i], history[j]);
                double correlation = Moments.Correlation(set[i], set[j]).Rho;
                Assert.InRange(correlation - rho, -5 * error / Math.Sqrt(effective), 5 * error / Math.Sqrt(effective));
            }
        }
    }

    [Fact]
    public async Task The_monthly_refresh_asked_twice_makes_one_set_and_announces_it_twice_under_one_message_id()
    {
        await market.ReadyAsync(Ct);
        await using OtherTeam team = await OtherTeam.JoinAsync(market.Rabbit.Address, Ct);
        await using WorkerProcess worker = WorkerProcess.Start(market.ConnectionString, market.Rabbit.Address);
        const string due = """{"market_id":"US_EQ","month":"2022-12","as_of_date":"2022-12-28"}""";

        static bool Is30Days(JsonElement body) =>
            body.GetProperty("name").GetString() == "US_EQ_BASELINE_BOOTSTRAP_30D";
        await PublishWhenHeardAsync<MonthlyRefreshDue>(team, worker, due);
        Heard first = await team.HearAsync<ScenarioSetGenerated>(Ct, Is30Days);
        Heard completed = await team.HearAsync<MonthlyRefreshCompleted>(Ct);
        await team.PublishAsync<MonthlyRefreshDue>(due, Ct);
        Heard second = await team.HearAsync<ScenarioSetGenerated>(Ct, Is30Days);

        Assert.StartsWith("US_EQ_BASELINE_BOOTSTRAP_30D", first.Text("name"), StringComparison.Ordinal);
        Assert.Equal(
            first.Body.GetProperty("scenario_set_id").GetGuid(),
            second.Body.GetProperty("scenario_set_id").GetGuid()
        );
        Assert.Equal(first.MessageId, second.MessageId);
        Assert.Contains(
            completed.Body.GetProperty("sets").EnumerateArray(),
            s => s.GetProperty("scenario_set_id").GetGuid() == first.Body.GetProperty("scenario_set_id").GetGuid()
        );
        Assert.Equal(
            1,
            await market.CountAsync($"SELECT count(*) FROM scenario_sets WHERE name = '{first.Text("name")}'", Ct)
        );
    }

    [Fact]
    public async Task A_worker_killed_in_the_middle_and_started_again_ends_in_exactly_one_sealed_set()
    {
        await market.ReadyAsync(Ct);
        await using OtherTeam team = await OtherTeam.JoinAsync(market.Rabbit.Address, Ct);
        string request = Request("KILLED_30D", paths: 20_000);
        bool Mine(JsonElement body) => body.GetProperty("name").GetString() == "KILLED_30D";

        await using (
            WorkerProcess first = WorkerProcess.Start(
                market.ConnectionString,
                market.Rabbit.Address,
                settings: ("LIMITS__SHARDCELLS", 200_000)
            )
        )
        {
            await PublishWhenHeardAsync<GenerateScenarioSet>(team, first, request);
            await team.HearAsync<ScenarioSetProgressed>(
                Ct,
                b => Mine(b) && b.GetProperty("shards_done").GetInt32() >= 3
            );
            await first.KillAsync();
        }

        long storedBefore = await market.CountAsync(
            "SELECT count(*) FROM synthetic.shards s JOIN synthetic.mt_doc_scenario_set d ON d.id = s.scenario_set_id WHERE d.data ->> 'name' = 'KILLED_30D'",
            Ct
        );
        await using WorkerProcess second = WorkerProcess.Start(
            market.ConnectionString,
            market.Rabbit.Address,
            settings: ("LIMITS__SHARDCELLS", 200_000)
        );
        Heard done = await team.HearAsync<ScenarioSetGenerated>(Ct, Mine);

        Assert.InRange(storedBefore, 1, 59);
        Guid id = done.Body.GetProperty("scenario_set_id").GetGuid();
        Assert.Equal(
            1,
            await market.CountAsync(
                "SELECT count(*) FROM synthetic.mt_doc_scenario_set WHERE data ->> 'name' = 'KILLED_30D'",
                Ct
            )
        );
        Assert.Equal(
            20_000L * RealMarket.Instruments,
            await market.CountAsync($"SELECT count(*) FROM synthetic.path_shocks WHERE scenario_set_id = '{id}'", Ct)
        );
        Assert.Equal(
            0,
            await market.CountAsync(
                "SELECT count(*) FROM synthetic.path_shocks p WHERE NOT EXISTS (SELECT 1 FROM scenario_sets s WHERE s.scenario_set_id = p.scenario_set_id)",
                Ct
            )
        );
    }

    [Fact]
    public async Task A_set_asked_for_again_after_its_deletion_is_made_again_and_announced()
    {
        await market.ReadyAsync(Ct);
        await using OtherTeam team = await OtherTeam.JoinAsync(market.Rabbit.Address, Ct);
        await using WorkerProcess worker = WorkerProcess.Start(market.ConnectionString, market.Rabbit.Address);
        string request = Request("DELETED_10D", paths: 20, horizon: 10);
        bool Mine(JsonElement body) => body.GetProperty("name").GetString() == "DELETED_10D";
        await PublishWhenHeardAsync<GenerateScenarioSet>(team, worker, request);
        Heard first = await team.HearAsync<ScenarioSetGenerated>(Ct, Mine);

        await market.DeleteAsync(first.Body.GetProperty("scenario_set_id").GetGuid(), Ct);
        await team.PublishAsync<GenerateScenarioSet>(request, Ct);
        Heard second = await team.HearAsync<ScenarioSetGenerated>(Ct, Mine);

        Assert.NotEqual(first.MessageId, second.MessageId);
        Assert.NotEqual(first.Text("scenario_set_id"), second.Text("scenario_set_id"));
        Assert.Equal(first.Text("request_id"), second.Text("request_id"));
        Assert.Equal(first.Text("content_hash"), second.Text("content_hash"));
        Assert.Equal(1, await market.CountAsync("SELECT count(*) FROM scenario_sets WHERE name = 'DELETED_10D'", Ct));
    }

    /// <summary>The queue of a first start may not be bound yet: with mandatory publishing the broker says so, and we ask again.</summary>
    internal static async Task PublishWhenHeardAsync<T>(OtherTeam team, WorkerProcess worker, string body)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                await team.PublishAsync<T>(body, Ct);
                return;
            }
            catch (RabbitMQ.Client.Exceptions.PublishException) when (attempt < 900)
            {
                if (worker.HasExited)
                    throw new InvalidOperationException("The worker ended:\n" + worker.Log);
                await Task.Delay(100, Ct);
            }
        }
    }

    private async Task<double[][]> ColumnsAsync(string sql, Guid id)
    {
        await using NpgsqlCommand command = market.Postgres.DataSource.CreateCommand(sql);
        command.Parameters.Add(new() { Value = id });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(Ct);
        var columns = new SortedDictionary<string, List<double>>(StringComparer.Ordinal);
        while (await reader.ReadAsync(Ct))
        {
            string key = reader.GetString(0);
            if (!columns.TryGetValue(key, out List<double>? column))
                columns[key] = column = [];
            column.Add(reader.GetDouble(1));
        }

        return [.. columns.Values.Select(c => c.ToArray())];
    }
}
