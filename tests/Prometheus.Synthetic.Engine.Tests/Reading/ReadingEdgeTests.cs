using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Engine.Reading;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine.Tests.Reading;

/// <summary>The edges of a slice, and of finding sets by what they carry.</summary>
public sealed class ReadingEdgeTests(SmallMarket market) : IClassFixture<SmallMarket>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(39, 1)]
    [InlineData(39, null)]
    [InlineData(0, 40)]
    public async Task The_first_and_the_last_path_are_read(int first, int? count)
    {
        ScenarioSetRef set = await market.GenerateAsync("EDGES", Ct);
        ScenarioSetReader reader = (await market.EngineAsync(Ct)).GetRequiredService<ScenarioSetReader>();
        var read = new List<int>();
        await foreach (
            PathBlock block in reader.ReadAsync(
                set.ScenarioSetId,
                new PathSlice { FirstPath = first, PathCount = count },
                Ct
            )
        )
        {
            read.AddRange(Enumerable.Range(block.FirstPath, block.PathCount));
            Assert.DoesNotContain(double.NaN, block.Values.ToArray());
        }

        Assert.Equal(Enumerable.Range(first, count ?? 1), read);
    }

    public static TheoryData<PathSlice, string, string> Wrong { get; } =
        new()
        {
            {
                new PathSlice { DriverIds = [] },
                ErrorCodes.Missing,
                "driver_ids"
            },
            {
                new PathSlice { PathCount = 0 },
                ErrorCodes.OutOfRange,
                "paths"
            },
            {
                new PathSlice { FirstPath = -1 },
                ErrorCodes.OutOfRange,
                "paths"
            },
            {
                new PathSlice { FirstPath = 40 },
                ErrorCodes.OutOfRange,
                "paths"
            },
            {
                new PathSlice { FirstPath = int.MaxValue, PathCount = int.MaxValue },
                ErrorCodes.OutOfRange,
                "paths"
            },
            {
                new PathSlice { Kind = DriverKind.Macro },
                ErrorCodes.NotFound,
                "kind"
            },
            {
                new PathSlice { DriverIds = ["EQUITY:T1"], Kind = DriverKind.Factor },
                ErrorCodes.NotFound,
                "driver_ids"
            },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task An_empty_or_impossible_slice_is_refused_before_anything_is_read(
        PathSlice slice,
        string code,
        string field
    )
    {
        ScenarioSetRef set = await market.GenerateAsync("EDGES", Ct);
        ScenarioSetReader reader = (await market.EngineAsync(Ct)).GetRequiredService<ScenarioSetReader>();
        ScenarioRefusedException refused = await Assert.ThrowsAsync<ScenarioRefusedException>(async () =>
        {
            await foreach (PathBlock unused in reader.ReadAsync(set.ScenarioSetId, slice, Ct)) { }
        });
        Assert.Equal((code, field), (refused.Errors[0].Code, refused.Errors[0].Field));
    }

    /// <summary>One connection in the pool: who leaves in the middle, by breaking off or by cancelling, gives it back.</summary>
    [Fact]
    public async Task A_reader_that_leaves_in_the_middle_gives_its_connection_back()
    {
        ScenarioSetRef set = await market.GenerateAsync("EDGES", Ct);
        var one = new NpgsqlConnectionStringBuilder(market.Postgres.ConnectionString)
        {
            MaxPoolSize = 1,
            Timeout = 5,
            ApplicationName = "reading_edge",
        };
        var services = new ServiceCollection();
        services.AddSyntheticEngine(one.ConnectionString, new RequestLimits());
        await using ServiceProvider engine = services.BuildServiceProvider();
        ScenarioSetReader reader = engine.GetRequiredService<ScenarioSetReader>();
        var slice = new PathSlice { BlockCells = 60 };
        for (int round = 0; round < 5; round++)
        {
            await foreach (PathBlock unused in reader.ReadAsync(set.ScenarioSetId, slice, Ct))
                break;
            using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                await foreach (PathBlock block in reader.ReadAsync(set.ScenarioSetId, slice, cancelled.Token))
                {
                    if (block.FirstPath > 2)
                        await cancelled.CancelAsync();
                }
            });
        }

        int blocks = 0;
        await foreach (PathBlock unused in reader.ReadAsync(set.ScenarioSetId, slice, Ct))
            blocks++;
        Assert.Equal(40, blocks);
    }

    /// <summary>A tag given after the seal finds the set as one of the request does, wherever sets are looked for.</summary>
    [Fact]
    public async Task Sets_are_found_by_tags_that_were_given_later()
    {
        ScenarioSetRef set = await market.GenerateAsync("TAGGED_LATER", Ct, paths: 2);
        IServiceProvider engine = await market.EngineAsync(Ct);
        SetLifecycle life = engine.GetRequiredService<SetLifecycle>();
        await life.TagAsync(set.ScenarioSetId, ["APPROVED", "Q4"], [], new Act("ann"), Ct);
        SetListing listing = engine.GetRequiredService<SetListing>();
        ISyntheticScenarioEngine api = engine.GetRequiredService<ISyntheticScenarioEngine>();

        SetPage page = await listing.ReadAsync(new SetFilter(Tags: ["APPROVED", "Q4"]), 10, 0, Ct);
        Assert.Equal([set.ScenarioSetId], page.Sets.Select(s => s.Id));
        Assert.Equal(
            [set.ScenarioSetId],
            (await api.ListScenarioSetsAsync(null, ["APPROVED"], Ct)).Select(s => s.ScenarioSetId)
        );

        await life.TagAsync(set.ScenarioSetId, [], ["Q4"], new Act("ann"), Ct);
        Assert.Equal(0, (await listing.ReadAsync(new SetFilter(Tags: ["APPROVED", "Q4"]), 10, 0, Ct)).Total);
        Assert.Empty(await api.ListScenarioSetsAsync(null, ["Q4"], Ct));
    }
}
