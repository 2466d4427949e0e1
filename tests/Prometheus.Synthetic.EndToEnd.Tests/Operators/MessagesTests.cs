using System.Text;
using System.Text.Json;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.TestKit;
using RabbitMQ.Client;

namespace Prometheus.Synthetic.EndToEnd.Tests.Operators;

/// <summary><c>messages</c> as an operator uses it after a bad night: real failures, the real program, the broker's own queues.</summary>
public sealed class MessagesTests(SmallMarket market) : IClassFixture<SmallMarket>
{
    private const string Truncated = "{\"name\": \"TRUNCATED";
    private const string Queue = QueueNames.GenerateScenarioSet;
    private static readonly Guid s_first = new("11111111-0000-4000-8000-000000000001");
    private static readonly Guid s_second = new("11111111-0000-4000-8000-000000000002");
    private static readonly Guid s_good = new("11111111-0000-4000-8000-000000000003");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_failed_is_listed_shown_replayed_and_discarded_and_every_deed_is_in_the_audit_trail()
    {
        await market.ReadyAsync();
        await using OtherTeam team = await OtherTeam.JoinAsync(market.Rabbit.Address, Ct);
        await using (WorkerProcess worker = market.Worker())
        {
            await MainJobTests.PublishWhenHeardAsync<GenerateScenarioSet>(team, worker, SmallMarket.Request("BEFORE"));
            await team.HearAsync<ScenarioSetGenerated>(Ct);
            Assert.Contains("No messages.", await market.SayAsync("messages", "list"), StringComparison.Ordinal);
            await FailAsync(team, worker);
            await ListAsync();
            await ReplayAsync(team, worker);
        }

        await SentAsItCameAsync();
        await DiscardAsync();
    }

    /// <summary>Two messages that nobody can read, and a good one that came while a table was missing.</summary>
    private async Task FailAsync(OtherTeam team, WorkerProcess worker)
    {
        foreach (Guid id in new[] { s_first, s_second })
            await team.PublishAsync<GenerateScenarioSet>(SmallMarket.Bytes(Truncated), new(id), Ct);
        await market.ScalarAsync("ALTER TABLE synthetic.message_journal RENAME TO message_journal_away");
        await team.PublishAsync<GenerateScenarioSet>(
            SmallMarket.Bytes(SmallMarket.Request("REPLAYED")),
            new(s_good),
            Ct
        );
        await SmallMarket.UntilAsync("three failed messages", async () => await DeadAsync() == 3, worker);
        await market.ScalarAsync("ALTER TABLE synthetic.message_journal_away RENAME TO message_journal");
    }

    private async Task ListAsync()
    {
        JsonElement[] all = [.. (await market.JsonAsync("messages", "list")).EnumerateArray()];
        Assert.Equal([s_first, s_second, s_good], all.Select(m => m.GetProperty("message_id").GetGuid()).Order());
        Assert.All(
            all,
            m =>
            {
                Assert.Equal(Queue, m.GetProperty("source_queue").GetString());
                Assert.Equal(Queue + "_error", m.GetProperty("dead_queue").GetString());
                Assert.Equal("GenerateScenarioSet", m.GetProperty("message_type").GetString());
                Assert.NotEqual(string.Empty, m.GetProperty("reason").GetString());
                Assert.True(m.GetProperty("failed_at").GetDateTimeOffset() > DateTimeOffset.UtcNow.AddHours(-1));
            }
        );
        string text = await market.SayAsync("messages", "list");
        Assert.Contains(s_good.ToString(), text, StringComparison.Ordinal);
        Assert.Contains("PostgresException", text, StringComparison.Ordinal);

        foreach (
            (int count, string[] filter) in new (int, string[])[]
            {
                (3, ["--type", "GenerateScenarioSet"]),
                (0, ["--type", "MonthlyRefreshDue"]),
                (3, ["--queue", Queue]),
                (0, ["--queue", QueueNames.Seal]),
                (1, ["--exception", "PostgresException"]),
                (2, ["--exception", "JsonReader"]),
                (0, ["--older-than", "1h"]),
                (3, ["--newer-than", "1h"]),
                (1, ["--id", s_second.ToString()]),
            }
        )
            Assert.Equal(count, (await market.JsonAsync(["messages", "list", .. filter])).GetArrayLength());
        await market.RefusedAsync("--older-than: 'yesterday'", "messages", "list", "--older-than", "yesterday");

        JsonElement shown = await market.JsonAsync("messages", "show", s_first.ToString());
        Assert.Equal(Truncated, shown.GetProperty("body").GetString());
        Assert.Contains("cannot be read", shown.GetProperty("replay").GetString(), StringComparison.Ordinal);
        shown = await market.JsonAsync("messages", "show", s_good.ToString());
        Assert.Contains("would be made", shown.GetProperty("replay").GetString(), StringComparison.Ordinal);
        await market.RefusedAsync("no failed message has the id 'no-such-id'", "messages", "show", "no-such-id");
    }

    private async Task ReplayAsync(OtherTeam team, WorkerProcess worker)
    {
        string dry = await market.SayAsync("messages", "replay", "--exception", "PostgresException");
        Assert.Contains("would be made", dry, StringComparison.Ordinal);
        Assert.Contains("Nothing was sent", dry, StringComparison.Ordinal);
        Assert.Equal(3, await DeadAsync());
        Assert.Equal(0, await market.CountAsync("SELECT count(*) FROM scenario_sets WHERE name = 'REPLAYED'"));

        string done = await market.SayAsync("messages", "replay", "--exception", "PostgresException", "--yes");
        Assert.Contains("1 messages replayed", done, StringComparison.Ordinal);
        await team.HearAsync<ScenarioSetGenerated>(Ct, b => b.GetProperty("name").GetString() == "REPLAYED");
        Assert.Equal(2, await DeadAsync());
        await AuditedAsync("MESSAGE_REPLAYED", s_good);

        // It kept its id: the journal knows it as the message that the other team sent.
        await SmallMarket.UntilAsync("the journal's entry", async () => await JournalledAsync("STARTED"), worker);
        JsonElement[] journal =
        [
            .. (await market.JsonAsync("messages", "journal", "--type", "ScenarioSetGenerated")).EnumerateArray(),
        ];
        // What is told to others is told to the saga, too.
        foreach (string direction in new[] { "PUBLISHED", "CONSUMED" })
            Assert.Contains(
                journal,
                e =>
                    e.GetProperty("natural_key").GetString() == "REPLAYED version 1"
                    && e.GetProperty("direction").GetString() == direction
            );
        Assert.All(journal, e => Assert.Equal("ScenarioSetGenerated", e.GetProperty("message_type").GetString()));
        Assert.Equal(0, (await market.JsonAsync("messages", "journal", "--to", "1h")).GetArrayLength());
        Assert.Equal(1, (await market.JsonAsync("messages", "journal", "--limit", "1")).GetArrayLength());
        Assert.Contains(
            "REPLAYED",
            await market.SayAsync("messages", "journal", "--from", "1h"),
            StringComparison.Ordinal
        );
    }

    /// <summary>Without a worker the replayed message lies where it was sent: body and id as they came, no mark of the failure.</summary>
    private async Task SentAsItCameAsync()
    {
        await market.SayAsync("messages", "replay", "--id", s_first.ToString(), "--yes");
        await AuditedAsync("MESSAGE_REPLAYED", s_first);
        await using IConnection connection = await new ConnectionFactory
        {
            Uri = market.Rabbit.Address,
        }.CreateConnectionAsync(Ct);
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Ct);
        BasicGetResult sent = (await channel.BasicGetAsync(Queue, autoAck: true, Ct))!;
        Assert.NotNull(sent);
        Assert.Equal(Truncated, Encoding.UTF8.GetString(sent.Body.Span));
        Assert.Equal(s_first.ToString(), sent.BasicProperties.MessageId);
        Assert.Equal(DeliveryModes.Persistent, sent.BasicProperties.DeliveryMode);
        Assert.DoesNotContain(
            sent.BasicProperties.Headers!.Keys,
            k => k.StartsWith("MT-Fault", StringComparison.Ordinal) || k == "MT-Reason"
        );
    }

    private async Task DiscardAsync()
    {
        string[] discard = ["messages", "discard", "--id", s_second.ToString(), "--reason", "truncated by its sender"];
        Assert.Contains("Nothing was discarded", await market.SayAsync(discard), StringComparison.Ordinal);
        Assert.Equal(1, await DeadAsync());
        Assert.Contains("1 messages discarded", await market.SayAsync([.. discard, "--yes"]), StringComparison.Ordinal);
        Assert.Equal(0, await DeadAsync());
        JsonElement details = await AuditedAsync("MESSAGE_DISCARDED", s_second);
        Assert.Equal(Truncated, Encoding.UTF8.GetString(details.GetProperty("body").GetBytesFromBase64()));
        Assert.Equal(
            "truncated by its sender",
            await market.ScalarAsync("SELECT reason FROM synthetic.audit_trail WHERE action = 'MESSAGE_DISCARDED'")
        );
    }

    private async Task<int> DeadAsync() => (await market.JsonAsync("messages", "list")).GetArrayLength();

    private async Task<bool> JournalledAsync(string outcome) =>
        (await market.JsonAsync("messages", "journal", "--id", s_good.ToString()))
            .EnumerateArray()
            .Any(e =>
                e.GetProperty("direction").GetString() == "CONSUMED" && e.GetProperty("outcome").GetString() == outcome
            );

    /// <summary>Exactly one entry of a deed on a message, under the account that ran the command; returns its details.</summary>
    private async Task<JsonElement> AuditedAsync(string action, Guid messageId)
    {
        string where =
            $"FROM synthetic.audit_trail WHERE action = '{action}' AND message_id = '{messageId}' AND actor = '{Environment.UserName}'";
        Assert.Equal(1, await market.CountAsync($"SELECT count(*) {where}"));
        return JsonSerializer.Deserialize<JsonElement>(
            (string)(await market.ScalarAsync($"SELECT details::text {where}"))!
        );
    }
}
