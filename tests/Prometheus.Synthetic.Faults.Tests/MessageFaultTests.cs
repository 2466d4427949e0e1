using System.Diagnostics;
using System.Text.Json;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.TestKit;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Prometheus.Synthetic.Faults.Tests;

/// <summary>Messages that are lost, doubled, late or many: the outcome is the same set, once. Run with more of everything by SYNTHETIC_LONG=1.</summary>
[Collection<FaultCollection>]
public sealed class MessageFaultTests(FaultBench bench)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Queues_purged()
    {
        Requirement.LongSuite();
        var clock = Stopwatch.StartNew();
        int purges = 0;
        int rounds = Requirement.IsLong ? 5 : 1;
        await using WorkerProcess worker = bench.Worker();
        for (int i = 0; i < rounds; i++)
        {
            await bench.AskAsync($"F_PURGE{i:00}", 10);
            await Task.Delay(i == 0 ? 4_500 : 300, Ct);
            await using IConnection connection = await bench.ConnectAsync();
            await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Ct);
            // Our own messages all: what other teams sent and we have not seen yet is theirs to send again.
            foreach (string queue in QueueNames.Internal)
            {
                await channel.QueuePurgeAsync(queue, Ct);
                purges++;
            }
        }

        await bench.DrainedAsync(worker);
        bench.Record("queue purged", purges, 10 * rounds, await bench.CheckAsync(), clock.Elapsed.TotalSeconds);
    }

    [Fact]
    public async Task Every_message_delivered_one_to_five_times_and_shuffled()
    {
        int generations = Requirement.IsLong ? 40 : 5;
        var clock = Stopwatch.StartNew();
        await bench.AskAsync("F_COPIES", generations, times: i => 1 + i % 5);
        await using WorkerProcess first = bench.Worker(copies: 1);
        await using WorkerProcess second = bench.Worker(copies: 2);
        await bench.DrainedAsync(first, second);
        // The last copies come up to a second and a half late.
        await Task.Delay(2_000, Ct);
        await bench.DrainedAsync(first, second);
        bench.Record(
            "every message delivered one to five times and shuffled, two workers",
            generations,
            generations,
            await bench.CheckAsync(),
            clock.Elapsed.TotalSeconds
        );
    }

    [Fact]
    public async Task A_load_at_once_drains()
    {
        Requirement.LongSuite();
        int generations = Requirement.IsLong ? 200 : 20;
        await using WorkerProcess first = bench.Worker();
        await using WorkerProcess second = bench.Worker();
        await WarmAsync();
        await using IConnection connection = await bench.ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Ct);
        QueueDeclareOk queue = await channel.QueueDeclareAsync(cancellationToken: Ct);
        await channel.QueueBindAsync(
            queue.QueueName,
            ContractNames.Of<ScenarioSetGenerated>().Exchange,
            string.Empty,
            cancellationToken: Ct
        );
        var arrived = new System.Collections.Concurrent.ConcurrentDictionary<string, double>();
        var clock = new Stopwatch();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, e) =>
        {
            arrived.TryAdd(
                JsonSerializer.Deserialize<JsonElement>(e.Body.Span).GetProperty("name").GetString()!,
                clock.Elapsed.TotalSeconds
            );
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, Ct);
        clock.Start();
        await bench.AskAsync("F_LOAD", generations);
        await bench.DrainedAsync(first, second);
        double[] seconds =
        [
            .. arrived.Where(a => a.Key.StartsWith("F_LOAD", StringComparison.Ordinal)).Select(a => a.Value).Order(),
        ];
        Assert.Equal(generations, seconds.Length);
        double p95 = seconds[(int)Math.Ceiling(0.95 * generations) - 1];
        bench.Record(
            $"none: load, two workers; {generations / seconds[^1]:F1} sets/s, event to published p95 {p95:F1} s",
            0,
            generations,
            await bench.CheckAsync(),
            clock.Elapsed.TotalSeconds
        );
    }

    /// <summary>Nothing may hang on whose clock is right: what is derived from it orders no work and names no message.</summary>
    [Fact]
    public async Task Workers_whose_clocks_disagree_by_hours()
    {
        Requirement.LongSuite();
        int generations = Requirement.IsLong ? 12 : 4;
        var clock = Stopwatch.StartNew();
        await using WorkerProcess early = bench.Worker(clock: -3 * 3600);
        await using WorkerProcess late = bench.Worker(clock: 3 * 3600);
        await bench.AskAsync("F_CLOCK", generations, times: _ => 2);
        await bench.DrainedAsync(early, late);
        bench.Record(
            "two workers whose clocks are six hours apart, every request twice",
            2,
            generations,
            await bench.CheckAsync(),
            clock.Elapsed.TotalSeconds
        );
    }

    private async Task WarmAsync()
    {
        await bench.AskAsync("F_WARM", 2);
        await bench.DrainedAsync();
    }
}
