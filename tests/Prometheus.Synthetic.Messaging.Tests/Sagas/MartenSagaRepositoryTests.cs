using Marten;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Messaging.Sagas;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.TestKit;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Prometheus.Synthetic.Messaging.Tests.Sagas;

/// <summary>
/// Sagas in PostgreSQL, driven over RabbitMQ by sixteen handlers at once and without any retry: whatever the repository
/// would lose or collide on shows as a missing number.
/// </summary>
public sealed class MartenSagaRepositoryTests(PostgresFixture postgres, RabbitMqFixture rabbit)
    : IClassFixture<PostgresFixture>,
        IClassFixture<RabbitMqFixture>
{
    private const string Queue = "tally";
    private const int AtOnce = 16;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Initiating_messages_at_once_make_one_saga_that_saw_them_all()
    {
        await using ServiceProvider host = await HostAsync();
        IBusControl bus = await StartAsync(host);
        try
        {
            Guid[] ids = [.. Enumerable.Range(1, 5).Select(i => Id("begin", i))];
            const int Each = 24;
            await Task.WhenAll(
                Enumerable.Range(0, Each).SelectMany(n => ids.Select(id => bus.Publish(new TallyBegun(id, n), Ct)))
            );

            foreach (Guid id in ids)
            {
                Tally saga = await UntilAsync(host, id, s => s?.Seen.Count >= Each);
                Assert.Equal(Enumerable.Range(0, Each), saga.Seen.Order());
                Assert.Equal("Open", saga.CurrentState);
            }
        }
        finally
        {
            await bus.StopAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task No_update_is_lost_among_many_at_once()
    {
        await using ServiceProvider host = await HostAsync();
        IBusControl bus = await StartAsync(host);
        try
        {
            Guid id = Id("update", 1);
            const int Updates = 150;
            await bus.Publish(new TallyBegun(id, 0), Ct);
            await UntilAsync(host, id, s => s is not null);
            await Task.WhenAll(Enumerable.Range(1, Updates).Select(n => bus.Publish(new TallyAdded(id, n), Ct)));

            Tally saga = await UntilAsync(host, id, s => s?.Seen.Count > Updates);
            Assert.Equal(Enumerable.Range(0, Updates + 1), saga.Seen.Order());
        }
        finally
        {
            await bus.StopAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_failing_handler_leaves_the_saga_as_it_was_and_a_finished_one_is_removed()
    {
        await using ServiceProvider host = await HostAsync();
        IBusControl bus = await StartAsync(host);
        try
        {
            Guid id = Id("fail", 1);
            await bus.Publish(new TallyBegun(id, 7), Ct);
            await UntilAsync(host, id, s => s is not null);
            await bus.Publish(new TallySpoilt(id), Ct);
            // Handled after the failure or before it: either way the cleared list must never have been stored.
            await bus.Publish(new TallyAdded(id, 8), Ct);
            Tally saga = await UntilAsync(host, id, s => s?.Seen.Contains(8) == true);
            await FailedAsync();
            saga = await UntilAsync(host, id, s => s?.Seen.Contains(8) == true);
            Assert.Equal([7, 8], saga.Seen);

            await bus.Publish(new TallyClosed(id), Ct);
            long started = TimeProvider.System.GetTimestamp();
            while (await LoadAsync(host, id) is not null)
                await PauseAsync(started, "the saga to go");
        }
        finally
        {
            await bus.StopAsync(CancellationToken.None);
        }
    }

    private static Guid Id(string test, int number) => NameBasedGuid.Create($"tally:{test}:{number}");

    private async Task<ServiceProvider> HostAsync()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(postgres.DataSource);
        IDocumentRegistration[] documents = [.. SagaDocuments.All, new SagaDocument<Tally>("tally")];
        services.AddSingleton<IDocumentStore>(s =>
            SyntheticDocumentStore.Create(s.GetRequiredService<NpgsqlDataSource>(), documents)
        );
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddSagaStateMachine<TallyStateMachine, Tally>().InMarten();
            bus.UsingRabbitMq(
                (context, broker) =>
                {
                    broker.Host(rabbit.Address);
                    broker.ReceiveEndpoint(
                        Queue,
                        endpoint =>
                        {
                            endpoint.SetQuorumQueue();
                            endpoint.PrefetchCount = AtOnce;
                            endpoint.ConcurrentMessageLimit = AtOnce;
                            endpoint.UseInMemoryOutbox(context);
                            endpoint.ConfigureSaga<Tally>(context);
                        }
                    );
                }
            );
        });
        ServiceProvider host = services.BuildServiceProvider();
        await new SchemaMigrator(
            postgres.DataSource,
            host.GetRequiredService<IDocumentStore>(),
            new StorageOptions(),
            TimeProvider.System
        ).MigrateAsync(Ct);
        return host;
    }

    private static async Task<IBusControl> StartAsync(ServiceProvider host)
    {
        var bus = host.GetRequiredService<IBusControl>();
        await bus.StartAsync(Ct);
        return bus;
    }

    private static async Task<Tally> UntilAsync(ServiceProvider host, Guid id, Func<Tally?, bool> reached)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Tally? saga = await LoadAsync(host, id);
            if (reached(saga))
                return saga!;
            await PauseAsync(started, $"saga {id}, which has seen {saga?.Seen.Count ?? 0} messages");
        }
    }

    private static async Task<Tally?> LoadAsync(ServiceProvider host, Guid id)
    {
        await using IQuerySession session = host.GetRequiredService<IDocumentStore>().QuerySession();
        return await session.LoadAsync<Tally>(id, Ct);
    }

    /// <summary>The failed message lies in the error queue.</summary>
    private async Task FailedAsync()
    {
        var factory = new ConnectionFactory { Uri = rabbit.Address };
        long started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            // A quorum queue without a leader yet ends the whole connection of who reads from it.
            await using IConnection connection = await factory.CreateConnectionAsync(Ct);
            await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Ct);
            try
            {
                if (await channel.BasicGetAsync(Queue + "_error", autoAck: true, Ct) is not null)
                    return;
            }
            catch (OperationInterruptedException)
            {
                // The queue comes with the first failure.
            }

            await PauseAsync(started, "the failed message");
        }
    }

    private static async Task PauseAsync(long started, string what)
    {
        if (TimeProvider.System.GetElapsedTime(started) > s_patience)
            throw new TimeoutException($"Waited {s_patience.TotalSeconds:0} s for {what}.");
        await Task.Delay(20, Ct);
    }
}
