using System.Text.Json;
using Marten;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Market.Simulation;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>The policies that come with the product, each on its simulated market: no part of any refresh may fall short.</summary>
public sealed class ReadyMadePoliciesTests(PostgresFixture postgres, RabbitMqFixture rabbit)
    : IClassFixture<PostgresFixture>,
        IClassFixture<RabbitMqFixture>
{
    private static readonly string[] s_markets = ["US_EQ", "EU_EQ", "FX_GLOB"];
    private static readonly DateOnly s_asOf = new(2026, 10, 30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_refreshes_of_every_market_are_complete()
    {
        Requirement.LongSuite();
        await SimulateAsync();
        await using OtherTeam team = await OtherTeam.JoinAsync(rabbit.Address, Ct);
        await using WorkerProcess worker = WorkerProcess.Start(
            postgres.ConnectionString,
            rabbit.Address,
            settings: ("HEALTH__PORT", 0)
        );
        foreach (string market in s_markets)
        {
            await MainJobTests.PublishWhenHeardAsync<MonthlyRefreshDue>(
                team,
                worker,
                JsonSerializer.Serialize(
                    new
                    {
                        market_id = market,
                        month = "2026-10",
                        as_of_date = s_asOf,
                    }
                )
            );
            Complete(await team.HearAsync<MonthlyRefreshCompleted>(market, Ct), market);
            await team.PublishAsync<FragilityComputed>(
                JsonSerializer.Serialize(
                    new
                    {
                        market_id = market,
                        as_of_date = s_asOf,
                        model_id = "policies_v1",
                    }
                ),
                Ct
            );
            Complete(await team.HearAsync<FragilityRefreshCompleted>(market, Ct), market);
        }
    }

    private static void Complete(Heard completed, string market)
    {
        Assert.Equal(market, completed.Text("market_id"));
        Assert.True(completed.Text("outcome") == "COMPLETE", completed.Body.GetProperty("degraded").ToString());
        Assert.NotEqual(0, completed.Body.GetProperty("sets").GetArrayLength());
    }

    private async Task SimulateAsync()
    {
        var tables = new MarketTables();
        await using DocumentStore store = SyntheticDocumentStore.Create(postgres.DataSource, SagaDocuments.All);
        await new SchemaMigrator(postgres.DataSource, store, new StorageOptions(), TimeProvider.System).MigrateAsync(
            Ct
        );
        await MarketSchema.EnsureAsync(postgres.DataSource, tables, Ct);
        // Ten years, as the policies ask for, and the episodes that they name.
        var options = new MarketSimulationOptions(s_asOf) { Markets = s_markets, Years = 11 };
        await new SimulatedMarketStore(postgres.DataSource, tables).WriteAsync(options, null, Ct);
    }
}
