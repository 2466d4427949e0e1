using System.Text.Json;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>Every absurd message is answered by a failure event that names the field; nothing stays, the worker goes on.</summary>
public sealed class BadInputTests(RealMarket market) : IClassFixture<RealMarket>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static JsonObject Good() =>
        new()
        {
            ["name"] = "BAD_INPUT",
            ["category"] = "BOOTSTRAP",
            ["horizon_days"] = 10,
            ["num_paths"] = 50,
            ["markets"] = new JsonArray(RealMarket.Market),
            ["as_of_date"] = RealMarket.AsOf,
            ["generator_spec"] = new JsonObject { ["block_length"] = 5 },
        };

    private static readonly (string Field, string Json, string Named)[] Absurd =
    [
        ("horizon_days", "0", "horizon_days"),
        ("horizon_days", "61", "horizon_days"),
        ("horizon_days", "\"ten\"", "horizon_days"),
        ("num_paths", "0", "num_paths"),
        ("num_paths", "null", "num_paths"),
        ("num_paths", "30000000", "num_paths"),
        ("num_paths", "900000", "num_paths"),
        ("markets", "[\"ATLANTIS\"]", "markets"),
        ("category", "\"GUESSWORK\"", "category"),
        ("base_date_start", "\"2023-01-01\"", "base_date_start"),
        ("base_date_end", "\"2023-05-01\"", "base_date_end"),
        ("generator_spec", "{\"block_length\":100000}", "generator_spec.block_length"),
        ("generator_spec", "{\"blok_length\":5}", "generator_spec.blok_length"),
        ("universe_filter", "{\"sektors\":[\"TECH\"]}", "universe_filter.sektors"),
        ("base_date_start", "\"2022-12-20\"", "base_date"),
    ];

    [Fact]
    public async Task Each_is_refused_by_field_and_the_next_good_request_is_served()
    {
        await market.ReadyAsync(Ct);
        await using OtherTeam team = await OtherTeam.JoinAsync(market.Rabbit.Address, Ct);
        await using WorkerProcess worker = WorkerProcess.Start(
            market.ConnectionString,
            market.Rabbit.Address,
            settings: ("LIMITS__MAXCELLS", 20_000_000)
        );
        await MainJobTests.PublishWhenHeardAsync<GenerateScenarioSet>(team, worker, "{}");
        // What the other test of this class left in the queues is answered here, too: answers are told by their content.
        Heard empty = await team.HearAsync<ScenarioSetGenerationFailed>(Ct, b => Names(b, "num_paths"));
        string[] missing = [.. Fields(empty)];
        foreach (string field in new[] { "name", "category", "horizon_days", "num_paths", "markets", "as_of_date" })
            Assert.Contains(field, missing);

        foreach ((string field, string json, string named) in Absurd)
        {
            JsonObject request = Good();
            request[field] = JsonNode.Parse(json);
            await team.PublishAsync<GenerateScenarioSet>(request.ToJsonString(), Ct);
            Heard failed = await team.HearAsync<ScenarioSetGenerationFailed>(
                $"{field} = {json}",
                Ct,
                b => Fields(b).Any(f => f.StartsWith(named, StringComparison.Ordinal))
            );
            Assert.All(
                failed.Body.GetProperty("errors").EnumerateArray(),
                e => Assert.NotEqual(string.Empty, e.GetProperty("message").GetString())
            );
        }

        // Malformed JSON goes to the error queue, not into a loop.
        await team.PublishAsync<GenerateScenarioSet>("{\"name\": \"TRUNCATED", Ct);
        await team.PublishAsync<GenerateScenarioSet>(Good().ToJsonString(), Ct);
        Heard done = await team.HearAsync<ScenarioSetGenerated>(Ct);

        Assert.Equal("BAD_INPUT", done.Text("name"));
        Assert.Equal(1, await market.CountAsync("SELECT count(*) FROM synthetic.mt_doc_scenario_set", Ct));
        Assert.Equal(
            50L * RealMarket.Instruments,
            await market.CountAsync("SELECT count(*) FROM synthetic.path_shocks", Ct)
        );
        Assert.False(worker.HasExited);
        Assert.Equal(1, await DepthAsync(QueueNames.GenerateScenarioSet + "_error"));
    }

    [Fact]
    public async Task Absurd_events_are_refused_by_field()
    {
        await market.ReadyAsync(Ct);
        await using OtherTeam team = await OtherTeam.JoinAsync(market.Rabbit.Address, Ct);
        await using WorkerProcess worker = WorkerProcess.Start(market.ConnectionString, market.Rabbit.Address);

        await MainJobTests.PublishWhenHeardAsync<MonthlyRefreshDue>(
            team,
            worker,
            """{"market_id":"US_EQ","month":"2022-13","as_of_date":"2022-12-28"}"""
        );
        await team.HearAsync<ScenarioSetGenerationFailed>(Ct, b => Names(b, "month"));
        await team.PublishAsync<FragilityComputed>("""{"market_id":"US_EQ"}""", Ct);
        await team.HearAsync<ScenarioSetGenerationFailed>(Ct, b => Names(b, "model_id"));
    }

    private static IEnumerable<string> Fields(Heard failed) => Fields(failed.Body);

    private static IEnumerable<string> Fields(JsonElement body) =>
        body.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("field").GetString()!);

    private static bool Names(JsonElement body, string field) => Fields(body).Contains(field, StringComparer.Ordinal);

    private async Task<int> DepthAsync(string queue)
    {
        // The broker's statistics lag by seconds; a passive declaration knows at once.
        var factory = new RabbitMQ.Client.ConnectionFactory { Uri = market.Rabbit.Address };
        await using RabbitMQ.Client.IConnection connection = await factory.CreateConnectionAsync(Ct);
        await using RabbitMQ.Client.IChannel channel = await connection.CreateChannelAsync(cancellationToken: Ct);
        return (int)(await channel.QueueDeclarePassiveAsync(queue, Ct)).MessageCount;
    }
}
