using Prometheus.Synthetic.Engine.Generation;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine.Verification;

/// <summary>
/// One range of paths of a verification: made again, read back, and both compared with the manifest. Memory is that of two
/// ranges, from the pool.
/// </summary>
internal sealed class RangeVerifier(ShardStore shards, PathRowReader rows, AnnotationReader annotations)
{
    public async Task CompareAsync(VerificationWork work, int first, int count, CancellationToken ct)
    {
        ScenarioSetDocument set = work.Set;
        byte[] manifest = await shards.DigestsAsync(set.Id, first, count, ct);
        manifest.CopyTo(work.ManifestDigests, first * PathDigest.Length);
        int freshCells = count * set.HorizonDays * (work.Generator?.Drivers.Count ?? 0);
        int storedCells = work.HasRows ? count * set.HorizonDays * work.Drivers.Count : 0;
        double[] freshBuffer = ShardBuffers.Rent(freshCells);
        double[] storedBuffer = ShardBuffers.Rent(storedCells);
        try
        {
            RangeSide? fresh = null;
            if (work.Generator is { } generator)
            {
                Memory<double> values = freshBuffer.AsMemory(0, freshCells);
                if (Make(work, generator, first, count, values.Span) is { } made)
                {
                    fresh = new RangeSide(values, made.Annotations, made.Digests);
                    made.Digests.CopyTo(work.FreshDigests, first * PathDigest.Length);
                }
            }

            RangeSide? stored = null;
            PathRowFault? fault = null;
            if (work.HasRows)
            {
                Memory<double> values = storedBuffer.AsMemory(0, storedCells);
                int[] numbers = work.Numbers;
                PathRows read = await rows.ReadAsync(set.Id, set.HorizonDays, numbers, first, count, values, ct);
                fault = read.Fault;
                PathAnnotation?[] notes = await annotations.ReadAsync(set.Id, numbers, first, count, ct);
                byte[] digests = GeneratedRange.DigestsOf(values.Span, set.HorizonDays * work.Drivers.Count, notes);
                digests.CopyTo(work.StoredDigests, first * PathDigest.Length);
                stored = new RangeSide(values, notes, digests);
                work.AddRows(read.Count);
            }

            work.Note(
                RangeComparison.Find(
                    first,
                    set.HorizonDays,
                    work.Drivers,
                    manifest,
                    work.Comparable ? fresh : null,
                    stored,
                    fault
                )
            );
        }
        finally
        {
            ShardBuffers.Return(freshBuffer);
            ShardBuffers.Return(storedBuffer);
        }
    }

    /// <returns>Null when the snapshot does not give the range any more.</returns>
    private static GeneratedRange? Make(
        VerificationWork work,
        IPathGenerator generator,
        int first,
        int count,
        Span<double> values
    )
    {
        try
        {
            return GeneratedRange.Make(generator, work.Set.HorizonDays, first, count, values);
        }
        catch (InvalidDataException damaged)
        {
            work.NoteSnapshot(damaged.Message);
            return null;
        }
    }
}
