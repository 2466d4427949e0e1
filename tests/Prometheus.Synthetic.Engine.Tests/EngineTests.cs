using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Engine.Tests.Requests;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Storage.Documents;
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

    private Task<ServiceProvider> HostAsync(long maxCells = 1_000_000)
    {
        var stream = new PhiloxStream(3);
        string returns = ImportedMarket.Csv(
            ["A", "B", "C", "D", "E", "F"],
            300,
            t => Enumerable.Range(0, 6).Select(k => 0.01 * stream.Normal(0, t, DrawPurpose.SimulatedMarket, (uint)k))
        );
        return ImportedMarket.HostAsync(postgres, returns, Ct, new RequestLimits { MaxCells = maxCells });
    }
}
