using System.Diagnostics;
using System.Text.Json;
using Prometheus.Synthetic.Engine.Generation;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Engine.Reading;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Storage.Audit;
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
    SetHolds holds,
    RequestLimits limits,
    TimeProvider time
)
{
    private readonly RangeVerifier _ranges = new(shards, rows, annotations);

    /// <summary>Numeric version of this engine; tests set another.</summary>
    internal int NumericVersion { get; init; } = EngineVersion.Numeric;

    /// <summary>As the other, for a caller without a reason.</summary>
    public Task<VerificationReport> VerifyAsync(
        Guid scenarioSetId,
        string actor,
        IProgress<VerificationProgress>? progress = null,
        CancellationToken ct = default
    ) => VerifyAsync(scenarioSetId, new Act(actor), progress, ct);

    /// <summary>
    /// Compares, and records the answer. While it compares nobody evicts, rehydrates or deletes the set; it waits for who
    /// is doing so.
    /// </summary>
    /// <exception cref="ScenarioRefusedException">Unknown id, or a set that was never sealed or is deleted.</exception>
    public async Task<VerificationReport> VerifyAsync(
        Guid scenarioSetId,
        Act act,
        IProgress<VerificationProgress>? progress = null,
        CancellationToken ct = default
    )
    {
        SetStates.RequireRecord(await references.RequireAsync(scenarioSetId, ct));
        await using IAsyncDisposable hold = await holds.ShareAsync(scenarioSetId, ct);
        long started = Stopwatch.GetTimestamp();
        ScenarioSetDocument set = await references.RequireAsync(scenarioSetId, ct);
        SetStates.RequireRecord(set);
        var work = new VerificationWork(set, await sets.DriversAsync(set.Id, ct));
        await CalibrateAsync(work, ct);
        await CompareAsync(work, progress, ct);
        await CheckWholeAsync(work, ct);
        VerificationReport report = Report(work, Stopwatch.GetElapsedTime(started).TotalSeconds);
        await RecordAsync(report, act, ct);
        return report;
    }

    private async Task CalibrateAsync(VerificationWork work, CancellationToken ct)
    {
        try
        {
            work.Generator = await generators.CalibrateAsync(work.Set, ct);
            string? problem = DriverComparison.Problem(work.Generator.Drivers, work.Drivers);
            work.Comparable = problem is null;
            if (problem is not null)
                work.Note(new FirstDifference("recomputed and stored drivers", Problem: problem));
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
            (_, first, count, token) => _ranges.CompareAsync(work, first, count, token),
            done => progress?.Report(new VerificationProgress(work.Set.Id, work.Set.Name, done, plan.Count)),
            ct
        );
    }

    /// <summary>Rows beyond the set's paths and drivers would be in no digest.</summary>
    private async Task CheckWholeAsync(VerificationWork work, CancellationToken ct)
    {
        if (!work.HasRows)
            return;
        long strangers = await rows.CountAsync(work.Set.Id, work.Set.NumPaths, ct) - work.Rows;
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
        ContentHashes hashes = work.Hashes();
        VerificationOutcome outcome = VerificationVerdict.Of(
            hashes,
            work.HasStrangers,
            work.SnapshotProblem is not null,
            set.NumericVersion,
            NumericVersion
        );
        return new VerificationReport(
            set.Id,
            set.Name,
            set.Version,
            set.Status,
            outcome,
            hashes.Record,
            hashes.Fresh,
            hashes.Stored,
            work.Difference(outcome, hashes),
            set.NumericVersion,
            NumericVersion,
            EngineVersion.Product,
            time.GetUtcNow(),
            (long)set.NumPaths * set.HorizonDays * set.Drivers.Total,
            seconds
        );
    }

    private Task RecordAsync(VerificationReport report, Act act, CancellationToken ct) =>
        records.AppendAsync(
            new VerificationRecord(
                report.ScenarioSetId,
                report.VerifiedAt,
                act.Actor,
                report.EngineVersion,
                report.NumericVersion,
                Spelling(report.Outcome),
                report.RecordedHash,
                report.FreshHash,
                report.StoredHash,
                report.FirstDifference is { } difference ? JsonSerializer.SerializeToElement(difference) : null,
                report.Seconds
            ),
            act.Entry(AuditActions.Verified, report.ScenarioSetId)
                .With("outcome", Spelling(report.Outcome))
                .With("numeric_version", report.NumericVersion),
            ct
        );

    private static string Spelling(VerificationOutcome outcome) =>
        JsonNamingPolicy.SnakeCaseUpper.ConvertName(outcome.ToString());
}
