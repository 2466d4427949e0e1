using System.Diagnostics;
using System.Text.Json;
using Prometheus.Synthetic.Engine.Generation;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Engine.Reading;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine.Verification;

/// <summary>
/// Answers "where does this number come from, and would you get it again?": recomputes a set from its stored spec,
/// snapshot and seed, reads the stored rows back, and compares both with the record to the bit. Ranges of paths are
/// compared in parallel; memory is bounded by the ranges in work. Every answer is recorded.
/// </summary>
public sealed class SetVerifier(
    SetReferences references,
    ScenarioSetStore sets,
    ShardStore shards,
    PathRowReader rows,
    AnnotationReader annotations,
    CalibratedGenerators generators,
    VerificationStore records,
    RequestLimits limits,
    TimeProvider time
)
{
    /// <summary>Numeric version of this engine; tests set another.</summary>
    internal int NumericVersion { get; init; } = EngineVersion.Numeric;

    /// <exception cref="ScenarioRefusedException">Unknown id, or a set that was never sealed or is deleted.</exception>
    public async Task<VerificationReport> VerifyAsync(
        Guid scenarioSetId,
        string actor,
        IProgress<VerificationProgress>? progress = null,
        CancellationToken ct = default
    )
    {
        long started = Stopwatch.GetTimestamp();
        ScenarioSetDocument set = await references.RequireAsync(scenarioSetId, ct);
        SetStates.RequireRecord(set);
        var work = new VerificationWork(set, await sets.DriversAsync(set.Id, ct));
        await CalibrateAsync(work, ct);
        await CompareAsync(work, progress, ct);
        await CheckWholeAsync(work, ct);
        VerificationReport report = Report(work, Stopwatch.GetElapsedTime(started).TotalSeconds);
        await RecordAsync(report, actor, ct);
        return report;
    }

    private async Task CalibrateAsync(VerificationWork work, CancellationToken ct)
    {
        try
        {
            work.Generator = await generators.CalibrateAsync(work.Set, ct);
            // Other drivers than the stored ones cannot be compared cell by cell.
            work.Comparable = VerificationWork.Header(work.Generator.Drivers) == VerificationWork.Header(work.Drivers);
            if (!work.Comparable)
                work.Note(
                    new FirstDifference("recomputed and stored drivers", Problem: work.DriverProblem(), Path: null)
                );
        }
        catch (InvalidDataException damaged)
        {
            work.NoteSnapshot(damaged.Message);
        }
        catch (ScenarioRefusedException refused)
        {
            work.Note(
                new FirstDifference(
                    "recomputed paths and record",
                    Problem: $"this engine no longer accepts the stored spec: {refused.Message}"
                )
            );
        }
    }

    private async Task CompareAsync(
        VerificationWork work,
        IProgress<VerificationProgress>? progress,
        CancellationToken ct
    )
    {
        int width = Math.Max(work.Drivers.Count, work.Generator?.Drivers.Count ?? 0);
        var plan = ShardPlan.ByCells(work.Set.NumPaths, work.Set.HorizonDays, width, limits.ShardCells);
        await plan.ForEachAsync(
            (_, first, count, token) => CompareRangeAsync(work, first, count, token),
            done => progress?.Report(new VerificationProgress(work.Set.Id, work.Set.Name, done, plan.Count)),
            ct
        );
    }

    private async Task CompareRangeAsync(VerificationWork work, int first, int count, CancellationToken ct)
    {
        ScenarioSetDocument set = work.Set;
        byte[] manifest = await shards.DigestsAsync(set.Id, first, count, ct);
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

    /// <summary>Rows beyond the set's paths and drivers would be in no digest.</summary>
    private async Task CheckWholeAsync(VerificationWork work, CancellationToken ct)
    {
        if (!work.HasRows)
            return;
        long strangers = await rows.CountAsync(work.Set.Id, ct) - work.Rows;
        if (strangers == 0)
            return;
        work.HasStrangers = true;
        work.Note(
            new FirstDifference(
                "stored rows and record",
                Problem: $"{strangers} rows are stored that belong to no path or driver of the set"
            )
        );
    }

    private VerificationReport Report(VerificationWork work, double seconds)
    {
        ScenarioSetDocument set = work.Set;
        string? fresh = work is { Generator: { } generator, SnapshotProblem: null }
            ? Hash(set, generator.Drivers, work.FreshDigests)
            : null;
        string? stored = work.HasRows ? Hash(set, work.Drivers, work.StoredDigests) : null;
        bool storedDiffers = work.HasRows && (stored != set.ContentHash || work.HasStrangers);
        VerificationOutcome outcome =
            storedDiffers ? VerificationOutcome.StoredRowsDiffer
            : work.SnapshotProblem is not null ? VerificationOutcome.SnapshotDamaged
            : fresh == set.ContentHash ? VerificationOutcome.Verified
            : set.NumericVersion < NumericVersion ? VerificationOutcome.OlderNumerics
            : VerificationOutcome.NotReproduced;
        FirstDifference? difference = outcome == VerificationOutcome.Verified ? null : work.First;
        if (difference is null && outcome != VerificationOutcome.Verified)
            difference = new FirstDifference(
                "manifest and record",
                Problem: "every path agrees with the manifest, the manifest does not agree with the record's hash"
            );
        return new VerificationReport(
            set.Id,
            set.Name,
            set.Version,
            set.Status,
            outcome,
            set.ContentHash!,
            fresh,
            stored,
            difference,
            set.NumericVersion,
            NumericVersion,
            EngineVersion.Product,
            time.GetUtcNow(),
            (long)set.NumPaths * set.HorizonDays * set.Drivers.Total,
            seconds
        );
    }

    private Task RecordAsync(VerificationReport report, string actor, CancellationToken ct) =>
        records.AppendAsync(
            new VerificationRecord(
                report.ScenarioSetId,
                report.VerifiedAt,
                actor,
                report.EngineVersion,
                report.NumericVersion,
                Spelling(report.Outcome),
                report.RecordedHash,
                report.FreshHash,
                report.StoredHash,
                report.FirstDifference is { } difference ? JsonSerializer.SerializeToElement(difference) : null,
                report.Seconds
            ),
            ct
        );

    private static string Spelling(VerificationOutcome outcome) =>
        JsonNamingPolicy.SnakeCaseUpper.ConvertName(outcome.ToString());

    private static string Hash(ScenarioSetDocument set, IReadOnlyList<Driver> drivers, byte[] digests)
    {
        using var hasher = new ContentHasher(set.NumPaths, set.HorizonDays, drivers);
        hasher.Append(digests);
        return hasher.Finish();
    }
}
