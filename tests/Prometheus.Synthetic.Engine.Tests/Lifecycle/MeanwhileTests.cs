using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Engine.Reading;
using Prometheus.Synthetic.Engine.Verification;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine.Tests.Lifecycle;

/// <summary>
/// Two who do something to one set, or to one lineage, at once: each ends as if the other had come before or after, or is
/// refused in words. Never a half set, a wrong answer that is kept, or a pointer at nothing.
/// </summary>
public sealed class MeanwhileTests(SmallMarket market) : IClassFixture<SmallMarket>
{
    private static int s_next;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>An answer "corrupt" would be kept for ever, about rows that were merely being evicted.</summary>
    [Theory]
    [InlineData("evict")]
    [InlineData("delete")]
    public async Task Nobody_takes_rows_away_that_are_being_verified(string act)
    {
        ScenarioSetRef set = await GenerateAsync();
        IServiceProvider engine = await market.EngineAsync(Ct);
        SetLifecycle life = engine.GetRequiredService<SetLifecycle>();
        ScenarioRefusedException? refused = null;
        var meanwhile = new Once(async () =>
            refused = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
                act == "evict"
                    ? life.EvictAsync(set.ScenarioSetId, new Act("bob"), Ct)
                    : life.DeleteAsync(set.ScenarioSetId, new Act("bob", "a test"), Ct)
            )
        );

        VerificationReport report = await engine
            .GetRequiredService<SetVerifier>()
            .VerifyAsync(set.ScenarioSetId, new Act("ann"), meanwhile, Ct);
        await meanwhile.Done;

        Assert.Equal(VerificationOutcome.Verified, report.Outcome);
        Assert.Equal(ErrorCodes.Conflict, refused!.Errors[0].Code);
        Assert.Contains("verified", refused.Message, StringComparison.Ordinal);
        Assert.True(await life.EvictAsync(set.ScenarioSetId, new Act("bob"), Ct));
    }

    /// <summary>Reads do not hold a set: who reads slowly must not keep anybody from evicting. He is told at his next block.</summary>
    [Fact]
    public async Task A_reader_of_a_set_that_is_evicted_meanwhile_is_told_so()
    {
        ScenarioSetRef set = await GenerateAsync();
        IServiceProvider engine = await market.EngineAsync(Ct);
        ScenarioSetReader reader = engine.GetRequiredService<ScenarioSetReader>();
        int blocks = 0;
        ScenarioRefusedException refused = await Assert.ThrowsAsync<ScenarioRefusedException>(async () =>
        {
            await foreach (
                PathBlock unused in reader.ReadAsync(set.ScenarioSetId, new PathSlice { BlockCells = 120 }, Ct)
            )
            {
                if (blocks++ == 1)
                    await engine.GetRequiredService<SetLifecycle>().EvictAsync(set.ScenarioSetId, new Act("bob"), Ct);
            }
        });
        Assert.Equal(2, blocks);
        Assert.Equal(ErrorCodes.WrongState, refused.Errors[0].Code);
        Assert.Contains("sets rehydrate", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>The two newest of three go at once: the pointer is at the third, whoever was faster.</summary>
    [Fact]
    public async Task Deleting_two_versions_at_once_leaves_the_pointer_at_a_living_one()
    {
        IServiceProvider engine = await market.EngineAsync(Ct);
        SetLifecycle life = engine.GetRequiredService<SetLifecycle>();
        ScenarioSetStore sets = engine.GetRequiredService<ScenarioSetStore>();
        for (int round = 0; round < 12; round++)
        {
            string lineage = $"DELETED_TWICE_{round}";
            var made = new List<ScenarioSetRef>();
            for (int i = 0; i < 3; i++)
                made.Add(await market.GenerateAsync(lineage, Ct, paths: 2, nonce: $"{i}"));
            await Task.WhenAll(
                made.Skip(1)
                    .Select(v => Task.Run(() => life.DeleteAsync(v.ScenarioSetId, new Act("bob", "a test"), Ct)))
            );
            Assert.Equal(made[0].ScenarioSetId, await sets.CurrentOfLineageAsync(lineage, Ct));
        }
    }

    /// <summary>
    /// Every pair of acts, many at once: each is done or refused in words and tried again, and what is left is whole.
    /// </summary>
    [Fact]
    public async Task Whatever_is_done_to_a_set_at_once_it_is_whole_afterwards()
    {
        ScenarioSetRef set = await GenerateAsync();
        string before = await market.ContentAsync(set.ScenarioSetId, Ct);
        IServiceProvider engine = await market.EngineAsync(Ct);
        SetLifecycle life = engine.GetRequiredService<SetLifecycle>();
        Rehydrator back = engine.GetRequiredService<Rehydrator>();
        SetVerifier verifier = engine.GetRequiredService<SetVerifier>();
        var acts = new Func<Task>[]
        {
            () => life.EvictAsync(set.ScenarioSetId, new Act("a"), Ct),
            () => back.RehydrateAsync(set.ScenarioSetId, new Act("b"), null, Ct),
            async () => Assert.True((await verifier.VerifyAsync(set.ScenarioSetId, new Act("c"), null, Ct)).IsSound),
        };
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 30),
            new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = Ct },
            async (i, _) =>
            {
                while (!await DoneAsync(acts[i % 3]))
                    await Task.Yield();
            }
        );
        await back.RehydrateAsync(set.ScenarioSetId, new Act("b"), null, Ct);
        Assert.Equal(before, await market.ContentAsync(set.ScenarioSetId, Ct));
        // Every change of state has its line, and they alternate.
        string[] states = await market.ScalarAsync<string[]>(
            $"SELECT array_agg(action ORDER BY entry) FROM synthetic.audit_trail WHERE scenario_set_id = '{set.ScenarioSetId}' AND action IN ('EVICTED', 'REHYDRATED')",
            Ct
        );
        Assert.NotEmpty(states);
        Assert.Equal(states.Select((_, i) => i % 2 == 0 ? "EVICTED" : "REHYDRATED"), states);
        Assert.Equal(
            0L,
            await market.ScalarAsync<long>(
                $"SELECT count(*) FROM synthetic.verifications WHERE scenario_set_id = '{set.ScenarioSetId}' AND outcome <> 'VERIFIED'",
                Ct
            )
        );
    }

    /// <summary>Rows under an evicted record are seen by nobody; an eviction sees to it that there are none.</summary>
    [Fact]
    public async Task Evicting_again_clears_what_a_killed_rehydration_left()
    {
        ScenarioSetRef set = await GenerateAsync();
        SetLifecycle life = (await market.EngineAsync(Ct)).GetRequiredService<SetLifecycle>();
        await life.EvictAsync(set.ScenarioSetId, new Act("bob"), Ct);
        await market.ExecuteAsync(
            $"INSERT INTO synthetic.path_shocks SELECT '{set.ScenarioSetId}', 0, i, array_fill(0.01::float8, ARRAY[10]) FROM generate_series(0, 4) i",
            Ct
        );
        Assert.False(await life.EvictAsync(set.ScenarioSetId, new Act("bob"), Ct));
        Assert.Equal(
            0L,
            await market.ScalarAsync<long>(
                $"SELECT count(*) FROM synthetic.path_shocks WHERE scenario_set_id = '{set.ScenarioSetId}'",
                Ct
            )
        );
    }

    /// <summary>Two ask for the same; one thinks better of it. The other is told, in words, that the set was called off.</summary>
    [Fact]
    public async Task Who_shares_a_generation_with_one_that_is_called_off_is_told_so()
    {
        IServiceProvider engine = await market.EngineAsync(Ct);
        string name = $"SHARED_{Interlocked.Increment(ref s_next)}";
        var meanwhile = new CallOff(async id =>
            await engine
                .GetRequiredService<ScenarioSetStore>()
                .AbandonAsync(
                    id,
                    ScenarioSetStatus.Cancelled,
                    [new FieldError("cancelled", string.Empty, "the other caller cancelled")],
                    Ct
                )
        );
        ScenarioRefusedException told = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            engine
                .GetRequiredService<ISyntheticScenarioEngine>()
                .GenerateScenarioSetAsync(SmallMarket.Request(name), new PlanContext("ann"), meanwhile, Ct)
        );
        Assert.Equal(ErrorCodes.Conflict, told.Errors[0].Code);
        Assert.Contains("ask again", told.Message, StringComparison.Ordinal);
        ScenarioSetRef again = await market.GenerateAsync(name, Ct);
        Assert.Equal(1, again.Version);
    }

    private static async Task<bool> DoneAsync(Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (ScenarioRefusedException busy) when (busy.Errors[0].Code == ErrorCodes.Conflict)
        {
            return false;
        }
    }

    private Task<ScenarioSetRef> GenerateAsync() => market.GenerateAsync($"M_{Interlocked.Increment(ref s_next)}", Ct);

    /// <summary>Does something at the first report, and lets nobody on before it is done.</summary>
    private sealed class Once(Func<Task> act) : IProgress<VerificationProgress>
    {
        private readonly Lock _gate = new();

        public Task Done { get; private set; } = Task.CompletedTask;

        public void Report(VerificationProgress value)
        {
            lock (_gate)
            {
                if (Done == Task.CompletedTask)
                    Done = Task.Run(act, Ct);
                ((IAsyncResult)Done).AsyncWaitHandle.WaitOne();
            }
        }
    }

    private sealed class CallOff(Func<Guid, Task> act) : IProgress<GenerationProgress>
    {
        public void Report(GenerationProgress value)
        {
            if (value.Stage == "generating" && value.ShardsDone == 0 && value.ScenarioSetId is { } id)
                ((IAsyncResult)Task.Run(() => act(id), Ct)).AsyncWaitHandle.WaitOne();
        }
    }
}
