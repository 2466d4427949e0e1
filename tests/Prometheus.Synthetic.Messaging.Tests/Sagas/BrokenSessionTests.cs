using Marten;
using Npgsql;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Messaging.Consumers;
using Prometheus.Synthetic.Messaging.Generation;
using Prometheus.Synthetic.Messaging.Sagas;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Messaging.Tests.Sagas;

/// <summary>A connection that breaks under a saga, at whatever step, is a passing failure: the message is tried again.</summary>
public sealed class BrokenSessionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public async Task A_connection_that_breaks_is_a_passing_failure(int step, bool cut)
    {
        var address = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        await using var proxy = new ChaosProxy(address.Host!, address.Port);
        (address.Host, address.Port) = ("127.0.0.1", proxy.Port);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(address);
        await using DocumentStore store = SyntheticDocumentStore.Create(source, SagaDocuments.All);
        await new SchemaMigrator(source, store, new StorageOptions(), TimeProvider.System).MigrateAsync(Ct);
        Guid id = NameBasedGuid.Create($"broken:{step}:{cut}");

        async Task WorkAsync(SagaSession session)
        {
            for (int at = 0; at < 4; at++)
            {
                if (at == step)
                {
                    if (cut)
                        proxy.Cut();
                    else
                        await TerminateAsync();
                }

                switch (at)
                {
                    case 0:
                        await session.LockAsync(id, Ct);
                        break;
                    case 1:
                        await session.Documents.LoadAsync<ScenarioSetGenerationSaga>(id, Ct);
                        break;
                    case 2:
                        session.Documents.Store(new ScenarioSetGenerationSaga { CorrelationId = id });
                        await session.Documents.SaveChangesAsync(Ct);
                        break;
                    default:
                        await session.CommitAsync(Ct);
                        break;
                }
            }
        }

        Exception? broke = await Record.ExceptionAsync(async () =>
        {
            await using SagaSession session = await SagaSession.OpenAsync(source, store, Ct);
            await WorkAsync(session);
        });
        Assert.NotNull(broke);
        Assert.True(Transient.Is(broke), broke.ToString());

        proxy.Resume();
        source.Clear();
        await using SagaSession again = await SagaSession.OpenAsync(source, store, Ct);
        Assert.Null(await again.Documents.LoadAsync<ScenarioSetGenerationSaga>(id, Ct));
    }

    /// <summary>As a server that is stopped at once ends its sessions.</summary>
    private async Task TerminateAsync()
    {
        await using NpgsqlCommand end = postgres.DataSource.CreateCommand(
            "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        );
        await end.ExecuteScalarAsync(Ct);
    }
}
