using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Engine.Reading;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Engine.Tests.Reading;

public sealed class ScenarioSetReaderTests(SmallMarket market) : IClassFixture<SmallMarket>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Block sizes that divide the paths, that do not, of one path each and of all: the same bits.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(430)]
    [InlineData(1_000_000)]
    public async Task The_whole_set_comes_in_path_order_bit_for_bit_whatever_the_block(int blockCells)
    {
        ScenarioSetRef set = await market.GenerateAsync("READ", Ct);
        int next = 0;
        await foreach (PathBlock block in await ReadAsync(set.ScenarioSetId, new PathSlice { BlockCells = blockCells }))
        {
            Assert.Equal(next, block.FirstPath);
            for (int path = 0; path < block.PathCount; path++, next++)
            {
                for (int k = 0; k < SmallMarket.Width; k++)
                {
                    double[] stored = await StoredAsync(set.ScenarioSetId, next, block.Drivers[k].Id);
                    for (int step = 1; step <= 10; step++)
                        Assert.Equal(stored[step - 1], block[path, step, k]);
                }
            }
        }

        Assert.Equal(40, next);
    }

    [Fact]
    public async Task A_slice_has_the_drivers_in_the_order_wanted()
    {
        ScenarioSetRef set = await market.GenerateAsync("READ", Ct);
        var slice = new PathSlice
        {
            FirstPath = 7,
            PathCount = 5,
            DriverIds = ["EQUITY:T4", "EQUITY:T1"],
        };
        var blocks = new List<PathBlock>();
        await foreach (PathBlock block in await ReadAsync(set.ScenarioSetId, slice))
            blocks.Add(block);
        PathBlock only = Assert.Single(blocks);
        Assert.Equal((7, 5, 10), (only.FirstPath, only.PathCount, only.HorizonDays));
        Assert.Equal((await StoredAsync(set.ScenarioSetId, 9, "EQUITY:T4"))[2], only[2, 3, 0]);
        Assert.Equal((await StoredAsync(set.ScenarioSetId, 11, "EQUITY:T1"))[9], only[4, 10, 1]);
    }

    [Fact]
    public async Task Wrong_questions_are_refused_by_name()
    {
        ScenarioSetRef set = await market.GenerateAsync("READ", Ct);
        await RefusedAsync(Guid.Empty, new PathSlice(), ErrorCodes.NotFound, "is not a known scenario set");
        await RefusedAsync(
            set.ScenarioSetId,
            new PathSlice { DriverIds = ["EQUITY:T9"] },
            ErrorCodes.NotFound,
            "did you mean"
        );
        await RefusedAsync(
            set.ScenarioSetId,
            new PathSlice { FirstPath = 39, PathCount = 2 },
            ErrorCodes.OutOfRange,
            "the set has 40"
        );
        ScenarioSetRef evicted = await market.GenerateAsync("READ_EVICTED", Ct);
        await (await market.EngineAsync(Ct))
            .GetRequiredService<SetLifecycle>()
            .EvictAsync(evicted.ScenarioSetId, new Act("a"), Ct);
        await RefusedAsync(evicted.ScenarioSetId, new PathSlice(), ErrorCodes.WrongState, "sets rehydrate");
    }

    private async Task RefusedAsync(Guid id, PathSlice slice, string code, string says)
    {
        ScenarioRefusedException refused = await Assert.ThrowsAsync<ScenarioRefusedException>(async () =>
        {
            await foreach (PathBlock unused in await ReadAsync(id, slice)) { }
        });
        Assert.Equal(code, refused.Errors[0].Code);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    private async Task<IAsyncEnumerable<PathBlock>> ReadAsync(Guid id, PathSlice slice) =>
        (await market.EngineAsync(Ct)).GetRequiredService<ScenarioSetReader>().ReadAsync(id, slice, Ct);

    private async Task<double[]> StoredAsync(Guid id, int path, string instrument)
    {
        await using NpgsqlCommand select = market.Postgres.DataSource.CreateCommand(
            "SELECT returns FROM scenario_path_arrays WHERE scenario_set_id = $1 AND scenario_id = $2 AND instrument_id = $3"
        );
        select.Parameters.Add(new() { Value = id });
        select.Parameters.Add(new() { Value = path });
        select.Parameters.Add(new() { Value = instrument });
        return (double[])(await select.ExecuteScalarAsync(Ct))!;
    }
}
