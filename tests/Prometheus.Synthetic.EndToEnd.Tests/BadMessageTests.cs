using System.Globalization;
using System.Text.Json;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.TestKit;
using RabbitMQ.Client;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>
/// Every row of docs/runbooks/bad-messages.md: each ends in the outcome that is named there, and after each the same
/// worker serves the next request.
/// </summary>
public sealed class BadMessageTests(SmallMarket market) : IClassFixture<SmallMarket>
{
    private static int s_number;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_has_its_named_outcome_and_the_worker_goes_on()
    {
        await market.ReadyAsync();
        await using OtherTeam team = await OtherTeam.JoinAsync(market.Rabbit.Address, Ct);
        await using WorkerProcess worker = market.Worker();
        await MainJobTests.PublishWhenHeardAsync<GenerateScenarioSet>(team, worker, SmallMarket.Request("FIRST"));
        await team.HearAsync<ScenarioSetGenerated>(Ct);

        await DeadAsync("truncated JSON", "{\"name\": \"TRUNC"u8.ToArray(), new(NewId()), "Json");
        await DeadAsync("no JSON at all", new byte[] { 0x1f, 0x8b, 0, 255 }, new(NewId(), "application/gzip"), "");
        await DeadAsync("JSON that is no object", "[1, 2]"u8.ToArray(), new(NewId()), "");
        await DeadAsync("50 MB", Large(), new(NewId()), "InboundMessageException");
        await ForeignAsync();
        await ServedAsync();

        // The wrong content type around the right content is no obstacle.
        await team.PublishAsync<GenerateScenarioSet>(
            SmallMarket.Bytes(SmallMarket.Request("AS_TEXT")),
            new(ContentType: "text/plain"),
            Ct
        );
        Assert.Equal("AS_TEXT", (await team.HearAsync<ScenarioSetGenerated>("text/plain", Ct)).Text("name"));

        await RefusedAsync<MonthlyRefreshDue>("market_id", "unknown-market", Due("ATLANTIS_EQ", SmallMarket.AsOf));
        await RefusedAsync<FragilityComputed>("market_id", "unknown-market", Scores("ATLANTIS_EQ", SmallMarket.AsOf));
        await RefusedAsync<MonthlyRefreshDue>("as_of_date", "invalid-dates", Due("US_EQ", InDays(30)));
        await RefusedAsync<FragilityComputed>("as_of_date", "invalid-dates", Scores("US_EQ", InDays(30)));
        await RefusedAsync<MonthlyRefreshDue>("month", "wrong-type", """{"market_id":"US_EQ","month":12}""");
        await ServedAsync();

        // A market that a policy covers and that has no data: the refresh ends, short, and names each part.
        await team.PublishAsync<MonthlyRefreshDue>(Due("EU_EQ", SmallMarket.AsOf), Ct);
        await ShortAsync(await team.HearAsync<MonthlyRefreshCompleted>("a market without data", Ct));
        await team.PublishAsync<FragilityComputed>(Scores("EU_EQ", SmallMarket.AsOf), Ct);
        await ShortAsync(await team.HearAsync<FragilityRefreshCompleted>("a market without data", Ct));

        // A publisher whose clock is a day ahead of ours is listened to.
        await team.PublishAsync<MonthlyRefreshDue>(Due("EU_EQ", InDays(1)), Ct);
        await team.HearAsync<MonthlyRefreshCompleted>(
            "a clock that is ahead",
            Ct,
            b => b.GetProperty("as_of_date").GetString() == InDays(1)
        );

        await TwoContentsUnderOneIdAsync();
        await ServedAsync();
        Assert.False(worker.HasExited);
        // What was refused or dead left no set, no row and no open saga behind.
        Assert.Equal(0, await market.CountAsync(Unsealed));
        Assert.Contains("No sagas.", await market.SayAsync("sagas", "list", "--open"), StringComparison.Ordinal);

        async Task RefusedAsync<T>(string field, string code, string body)
        {
            await team.PublishAsync<T>(body, Ct);
            Heard failed = await team.HearAsync<ScenarioSetGenerationFailed>($"{field} {code}", Ct);
            Assert.Equal("REFUSED", failed.Text("state"));
            Assert.Contains(
                failed.Body.GetProperty("errors").EnumerateArray(),
                e =>
                    e.GetProperty("field").GetString() == field
                    && e.GetProperty("code").GetString() == code
                    && e.GetProperty("message").GetString() != string.Empty
            );
        }

        async Task DeadAsync(string what, byte[] body, Envelope envelope, string exception)
        {
            await team.PublishAsync<GenerateScenarioSet>(body, envelope, Ct);
            string id = envelope.MessageId!.Value.ToString();
            JsonElement found = default;
            await SmallMarket.UntilAsync(
                $"the dead message of {what}",
                async () => (found = await market.JsonAsync("messages", "list", "--id", id)).GetArrayLength() == 1,
                worker
            );
            Assert.Equal(body.Length, found[0].GetProperty("bytes").GetInt32());
            Assert.NotEqual(string.Empty, found[0].GetProperty("reason").GetString());
            Assert.Contains(exception, found[0].GetProperty("exception").GetString(), StringComparison.Ordinal);
        }

        // Somebody else's message, published into our queue past every exchange of ours.
        async Task ForeignAsync()
        {
            var id = NewId();
            await using IConnection connection = await new ConnectionFactory
            {
                Uri = market.Rabbit.Address,
            }.CreateConnectionAsync(Ct);
            await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Ct);
            await channel.BasicPublishAsync(
                string.Empty,
                QueueNames.MonthlyRefreshDue,
                mandatory: true,
                new BasicProperties
                {
                    ContentType = "application/json",
                    MessageId = id.ToString(),
                    Headers = new Dictionary<string, object?>
                    {
                        ["MT-MessageType"] = "urn:message:Prometheus.Billing:InvoicePaid",
                    },
                },
                """{"market_id":"US_EQ","month":"2022-12","as_of_date":"2022-12-30"}"""u8.ToArray(),
                Ct
            );
            JsonElement found = default;
            await SmallMarket.UntilAsync(
                "the foreign message",
                async () =>
                    (found = await market.JsonAsync("messages", "list", "--id", id.ToString())).GetArrayLength() == 1,
                worker
            );
            Assert.StartsWith(
                QueueNames.MonthlyRefreshDue + "_",
                found[0].GetProperty("dead_queue").GetString(),
                StringComparison.Ordinal
            );
            Assert.Equal(0, await market.CountAsync("SELECT count(*) FROM synthetic.mt_doc_monthly_refresh_saga"));
        }

        async Task ServedAsync()
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"SERVED_{++s_number}");
            await team.PublishAsync<GenerateScenarioSet>(SmallMarket.Request(name), Ct);
            await team.HearAsync<ScenarioSetGenerated>(name, Ct, b => b.GetProperty("name").GetString() == name);
        }

        // The first content stands, the second is refused, a third of the first content is only a repetition.
        async Task TwoContentsUnderOneIdAsync()
        {
            Guid id = NewId();
            await PublishAsync("ONE_ID");
            Heard first = await team.HearAsync<ScenarioSetGenerated>("one id", Ct, Named("ONE_ID"));
            await PublishAsync("OTHER_CONTENT");
            Heard conflict = await team.HearAsync<ScenarioSetGenerationFailed>("one id", Ct);
            Assert.Equal("conflict", conflict.Body.GetProperty("errors")[0].GetProperty("code").GetString());
            Assert.Equal("message_id", conflict.Body.GetProperty("errors")[0].GetProperty("field").GetString());
            await PublishAsync("ONE_ID");
            Heard again = await team.HearAsync<ScenarioSetGenerated>("one id", Ct, Named("ONE_ID"));
            Assert.Equal(first.MessageId, again.MessageId);
            Assert.Equal(0, await market.CountAsync("SELECT count(*) FROM scenario_sets WHERE name = 'OTHER_CONTENT'"));

            Task PublishAsync(string name) =>
                team.PublishAsync<GenerateScenarioSet>(
                    SmallMarket.Bytes(SmallMarket.Request(name)),
                    new Envelope(id),
                    Ct
                );
        }
    }

    private const string Unsealed = """
        SELECT (SELECT count(*) FROM synthetic.mt_doc_scenario_set WHERE data ->> 'status' = 'Generating')
          + (SELECT count(*) FROM synthetic.path_shocks p WHERE NOT EXISTS (
              SELECT 1 FROM scenario_sets s WHERE s.scenario_set_id = p.scenario_set_id))
        """;

    private static Task ShortAsync(Heard completed)
    {
        Assert.Equal("DEGRADED", completed.Text("outcome"));
        Assert.Equal(0, completed.Body.GetProperty("sets").GetArrayLength());
        Assert.NotEqual(0, completed.Body.GetProperty("degraded").GetArrayLength());
        Assert.All(
            completed.Body.GetProperty("degraded").EnumerateArray(),
            d => Assert.NotEqual(0, d.GetProperty("errors").GetArrayLength())
        );
        return Task.CompletedTask;
    }

    private static Func<JsonElement, bool> Named(string name) => b => b.GetProperty("name").GetString() == name;

    /// <summary>Good JSON of the right type, 50 MB of it.</summary>
    private static byte[] Large() =>
        JsonSerializer.SerializeToUtf8Bytes(new { name = "LARGE", description = new string('x', 50 << 20) });

    private static string Due(string market, string asOf) =>
        $$"""{"market_id":"{{market}}","month":"{{asOf[..7]}}","as_of_date":"{{asOf}}"}""";

    private static string Scores(string market, string asOf) =>
        $$"""{"market_id":"{{market}}","as_of_date":"{{asOf}}","model_id":"frag_v1"}""";

    private static string InDays(int days) =>
        DateTime.UtcNow.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static Guid NewId() => Guid.NewGuid();
}
