using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Engine.Tests.Requests;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Market.Import;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Engine.Tests;

/// <summary>The whole job in process on a real PostgreSQL, over an imported market of six instruments and 300 days.</summary>
public sealed class EngineTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly PlanContext s_context = new("test");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_number_of_shards_changes_no_byte()
    {
        await using ServiceProvider host = await HostAsync();
        var engine = host.GetRequiredService<ISyntheticScenarioEngine>();
        var sets = new List<ScenarioSetRef>();
        foreach (int shards in new[] { 1, 3, 16 })
            sets.Add(
                await engine.GenerateScenarioSetAsync(
                    RequestResolverTests.Good() with
                    {
                        Name = "SHARDS",
                        ForceNonce = $"{shards}",
                    },
                    s_context with
                    {
                        Shards = shards,
                    },
                    ct: Ct
                )
            );

        Assert.Equal([1, 2, 3], sets.Select(s => s.Version));
        Assert.Single(sets.Select(s => s.ContentHash).Distinct());
        ScenarioSetDocument last = await engine.GetScenarioSetMetadataAsync(sets[2].ScenarioSetId, Ct);
        Assert.Equal((15, sets[1].ScenarioSetId), (last.ShardCount, last.Supersedes));
    }

    [Fact]
    public async Task An_identical_request_answers_with_the_existing_set_and_lists_find_it()
    {
        await using ServiceProvider host = await HostAsync();
        var engine = host.GetRequiredService<ISyntheticScenarioEngine>();
        ScenarioRequest request = RequestResolverTests.Good() with { Name = "ONCE", Tags = ["ONE", "TWO"] };
        ScenarioSetRef first = await engine.GenerateScenarioSetAsync(request, s_context, ct: Ct);
        ScenarioSetRef again = await engine.GenerateScenarioSetAsync(
            request with
            {
                Description = "again",
            },
            s_context,
            ct: Ct
        );
        Assert.False(first.Existed);
        Assert.Equal(first with { Existed = true }, again);

        Assert.Contains(first, await engine.ListScenarioSetsAsync("BOOTSTRAP", ["TWO", "ONE"], Ct));
        Assert.DoesNotContain(first, await engine.ListScenarioSetsAsync("BOOTSTRAP", ["ONE", "THREE"], Ct));
        Assert.Empty(await engine.ListScenarioSetsAsync("REGULATORY", null, Ct));
        await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            engine.GetScenarioSetMetadataAsync(Guid.NewGuid(), Ct)
        );
    }

    [Theory]
    [InlineData("ATLANTIS", 5, 1_000_000)]
    [InlineData("US_EQ", 5_000, 1_000_000)]
    [InlineData("US_EQ", 5, 5_000)]
    public async Task A_refusal_leaves_no_row(string market, int block, long maxCells)
    {
        await using ServiceProvider host = await HostAsync(maxCells);
        var engine = host.GetRequiredService<ISyntheticScenarioEngine>();
        ScenarioRequest request = RequestResolverTests.Good() with
        {
            Name = "REFUSED",
            Markets = [market],
            GeneratorSpec = System.Text.Json.JsonSerializer.SerializeToElement(new { block_length = block }),
        };
        await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            engine.GenerateScenarioSetAsync(request, s_context, ct: Ct)
        );
        await using Npgsql.NpgsqlCommand count = postgres.DataSource.CreateCommand(
            "SELECT (SELECT count(*) FROM synthetic.mt_doc_scenario_set WHERE data ->> 'name' = 'REFUSED') + (SELECT count(*) FROM synthetic.lineages WHERE name = 'REFUSED') + (SELECT count(*) FROM synthetic.path_shocks p WHERE NOT EXISTS (SELECT 1 FROM synthetic.mt_doc_scenario_set s WHERE s.id = p.scenario_set_id))"
        );
        Assert.Equal(0L, await count.ExecuteScalarAsync(Ct));
    }

    private async Task<ServiceProvider> HostAsync(long maxCells = 1_000_000)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IDocumentRegistration, SagaTable>();
        services.AddSyntheticEngine(postgres.ConnectionString, new RequestLimits { MaxCells = maxCells });
        ServiceProvider host = services.BuildServiceProvider();
        await host.GetRequiredService<SchemaMigrator>().MigrateAsync(Ct);
        await MarketSchema.EnsureAsync(postgres.DataSource, new MarketTables(), Ct);
        string file = Path.Combine(Path.GetTempPath(), $"returns_{Guid.NewGuid():N}.csv");
        try
        {
            await File.WriteAllTextAsync(file, Market(), Ct);
            await new MarketImporter(postgres.DataSource, new MarketTables()).ImportAsync(
                file,
                new ImportOptions { Values = ImportValues.Returns, As = ImportTarget.Instruments },
                null,
                null,
                Ct
            );
        }
        finally
        {
            File.Delete(file);
        }

        return host;
    }

    private static string Market()
    {
        var csv = new StringBuilder("date,A,B,C,D,E,F\n");
        var stream = new PhiloxStream(3);
        DateOnly day = new(2022, 12, 28);
        day = day.AddDays(-299);
        for (int t = 0; t < 300; t++, day = day.AddDays(1))
        {
            csv.Append(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            for (uint k = 0; k < 6; k++)
                csv.Append(',')
                    .Append(
                        (0.01 * stream.Normal(0, t, DrawPurpose.SimulatedMarket, k)).ToString(
                            "R",
                            CultureInfo.InvariantCulture
                        )
                    );
            csv.Append('\n');
        }

        return csv.ToString();
    }

    /// <summary>The grants name the saga's table, which an outer layer registers.</summary>
    private sealed class SagaTable : IDocumentRegistration
    {
        public void Register(Marten.StoreOptions options) =>
            options.Schema.For<Saga>().DocumentAlias("scenario_set_generation_saga");
    }

    public sealed class Saga
    {
        public Guid Id { get; set; }
    }
}
