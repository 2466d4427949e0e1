using System.Diagnostics;
using Prometheus.Synthetic.Engine.Generation;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Engine.Reading;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Storage.Audit;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine.Lifecycle;

/// <summary>
/// Brings the paths of an evicted set back, to the byte. Every path's digest is compared with the manifest before it is
/// written, and the content hash with the record before the set is visible again; otherwise nothing comes back.
/// </summary>
public sealed class Rehydrator(
    SetReferences references,
    ShardStore shards,
    LifecycleStore lifecycle,
    SetHolds holds,
    CalibratedGenerators generators,
    RequestLimits limits
)
{
    /// <returns>False when the set was not evicted: its paths are there.</returns>
    /// <exception cref="ScenarioRefusedException">Unknown, unsealed or deleted set, or the bytes cannot be made again.</exception>
    public async Task<bool> RehydrateAsync(
        Guid id,
        Act act,
        IProgress<GenerationProgress>? progress = null,
        CancellationToken ct = default
    )
    {
        long started = Stopwatch.GetTimestamp();
        SetStates.RequireRecord(await references.RequireAsync(id, ct));
        await using IAsyncDisposable hold = await holds.RequireAloneAsync(id, ct);
        ScenarioSetDocument set = await references.RequireAsync(id, ct);
        SetStates.RequireRecord(set);
        if (set.Status == ScenarioSetStatus.Sealed)
            return false;
        await lifecycle.ClearAsync(id, ct);
        try
        {
            await WriteBackAsync(set, progress, ct);
            AuditEntry entry = act.Entry(AuditActions.Rehydrated)
                .With("content_hash", set.ContentHash)
                .With("seconds", Stopwatch.GetElapsedTime(started).TotalSeconds);
            return await lifecycle.RestoreAsync(id, entry, ct) == ScenarioSetStatus.Evicted;
        }
        catch (InvalidDataException refused)
        {
            await lifecycle.ClearAsync(id, CancellationToken.None);
            throw SetStates.WrongState(
                set,
                $"the recomputed paths agree with its record, but the database refuses them: {refused.Message}; the rows had been altered before they were evicted, docs/runbooks/verify-failures.md says what the owner of the database does; nothing was brought back"
            );
        }
        catch
        {
            await lifecycle.ClearAsync(id, CancellationToken.None);
            throw;
        }
    }

    private async Task WriteBackAsync(
        ScenarioSetDocument set,
        IProgress<GenerationProgress>? progress,
        CancellationToken ct
    )
    {
        IPathGenerator generator = await CalibrateAsync(set, ct);
        var plan = ShardPlan.ByCells(set.NumPaths, set.HorizonDays, generator.Drivers.Count, limits.ShardCells);
        byte[] digests = new byte[set.NumPaths * PathDigest.Length];
        await plan.ForEachAsync(
            async (range, first, count, token) =>
            {
                byte[] made = await WriteRangeAsync(set, generator, range, first, count, token);
                made.CopyTo(digests, first * PathDigest.Length);
            },
            done => progress?.Report(new GenerationProgress("rehydrating", set.Id, done, plan.Count)),
            ct
        );
        using var hasher = new ContentHasher(set.NumPaths, set.HorizonDays, generator.Drivers);
        hasher.Append(digests);
        if (hasher.Finish() != set.ContentHash)
            throw Unlike(set, "the drivers differ from the record's");
    }

    private async Task<byte[]> WriteRangeAsync(
        ScenarioSetDocument set,
        IPathGenerator generator,
        int range,
        int first,
        int count,
        CancellationToken ct
    )
    {
        int cells = count * set.HorizonDays * generator.Drivers.Count;
        double[] buffer = ShardBuffers.Rent(cells);
        try
        {
            Memory<double> values = buffer.AsMemory(0, cells);
            GeneratedRange made = Make(set, generator, first, count, values.Span);
            byte[] manifest = await shards.DigestsAsync(set.Id, first, count, ct);
            int common = made.Digests.AsSpan().CommonPrefixLength(manifest);
            if (common < manifest.Length)
                throw Unlike(set, $"path {first + common / PathDigest.Length} is the first that differs");
            var shard = new ShardContent(
                set.Id,
                range,
                first,
                count,
                set.HorizonDays,
                generator.Drivers,
                values,
                made.Digests,
                made.Annotations,
                GenerationSeconds: 0
            );
            if (!await shards.RestoreAsync(shard, ct))
                throw SetStates.WrongState(set, "it was changed while it was rehydrated; try again");
            return made.Digests;
        }
        finally
        {
            ShardBuffers.Return(buffer);
        }
    }

    private static GeneratedRange Make(
        ScenarioSetDocument set,
        IPathGenerator generator,
        int first,
        int count,
        Span<double> values
    )
    {
        try
        {
            return GeneratedRange.Make(generator, set.HorizonDays, first, count, values);
        }
        catch (InvalidDataException damaged)
        {
            throw Unlike(set, damaged.Message);
        }
    }

    private async Task<IPathGenerator> CalibrateAsync(ScenarioSetDocument set, CancellationToken ct)
    {
        try
        {
            return await generators.CalibrateAsync(set, ct);
        }
        catch (Exception e) when (e is InvalidDataException or ScenarioRefusedException)
        {
            throw Unlike(set, e.Message);
        }
    }

    private static ScenarioRefusedException Unlike(ScenarioSetDocument set, string problem) =>
        SetStates.WrongState(
            set,
            (
                set.NumericVersion == EngineVersion.Numeric
                    ? "the identical bytes cannot be made again"
                    : $"it was made by numeric version {set.NumericVersion}, this engine has {EngineVersion.Numeric} and no longer makes the identical bytes"
            ) + $": {problem}; nothing was brought back"
        );
}
