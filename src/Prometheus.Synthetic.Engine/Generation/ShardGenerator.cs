using System.Diagnostics;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine.Generation;

/// <summary>
/// Generates one shard into a pooled buffer, hashes it and stores it. No transaction is open while generating; memory is
/// bounded by the shard. Doing it twice stores it once.
/// </summary>
public sealed class ShardGenerator(ShardStore shards, CalibratedGenerators generators)
{
    public async Task<StoreOutcome> GenerateAsync(ScenarioSetDocument set, int shard, CancellationToken ct)
    {
        if (await shards.IsStoredAsync(set.Id, shard, ct))
            return StoreOutcome.AlreadyStored;
        IPathGenerator generator = await generators.ForAsync(set, ct);
        (int first, int count) = ShardPlan.ByCount(set.NumPaths, set.ShardCount).Range(shard);
        int width = generator.Drivers.Count;
        int pathCells = set.HorizonDays * width;
        double[] buffer = ShardBuffers.Rent(checked(count * pathCells));
        try
        {
            Memory<double> values = buffer.AsMemory(0, count * pathCells);
            long started = Stopwatch.GetTimestamp();
            GeneratedRange made = GeneratedRange.Make(generator, set.HorizonDays, first, count, values.Span);
            ct.ThrowIfCancellationRequested();
            return await shards.StoreAsync(
                new ShardContent(
                    set.Id,
                    shard,
                    first,
                    count,
                    set.HorizonDays,
                    generator.Drivers,
                    values,
                    made.Digests,
                    made.Annotations,
                    Stopwatch.GetElapsedTime(started).TotalSeconds
                ),
                ct
            );
        }
        finally
        {
            ShardBuffers.Return(buffer);
        }
    }
}
