using System.Text.Json;
using Prometheus.Synthetic.Engine.Generation;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Scenarios.Diagnostics.Severity;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Sets;
using Prometheus.Synthetic.Storage.Snapshots;

namespace Prometheus.Synthetic.Engine.Planning;

/// <summary>
/// Turns a resolved request into an open set: loads the history up to the as-of date, freezes it, calibrates once to
/// learn the drivers and any refusal, cuts the shards, and writes the record. Planning again finds the record.
/// </summary>
public sealed class ScenarioSetPlanner(
    CalibrationDataLoader history,
    SnapshotStore snapshots,
    ScenarioSetStore sets,
    CalibratedGenerators generators,
    BaseSetLoader bases,
    RequestLimits limits,
    TimeProvider time
)
{
    /// <exception cref="ScenarioRefusedException">The data cannot carry the request. Nothing is left behind.</exception>
    public async Task<ScenarioSetDocument> PlanAsync(
        ResolvedRequest request,
        int attempt,
        PlanContext context,
        CancellationToken ct
    )
    {
        Guid id = RequestKey.ScenarioSetId(request.RequestId, attempt);
        if (await sets.FindAsync(id, ct) is { } planned)
            return planned;

        (IReadOnlyList<BaseSet> baseSets, bool defensive) = await bases.FindAsync(request.Spec.Needs.BaseSetIds, ct);
        if (defensive && !request.DefensiveTest)
        {
            if (DefensiveMarking.Denials(request.Tags).ToArray() is { Length: > 0 } denials)
                throw new ScenarioRefusedException(denials);
            request = request with
            {
                DefensiveTest = true,
                Tags =
                [
                    .. request
                        .Tags.Append(RequestResolver.DefensiveTag)
                        .Distinct(StringComparer.Ordinal)
                        .Order(StringComparer.Ordinal),
                ],
            };
        }

        CalibrationData data = await history.LoadAsync(
            new CalibrationQuery(request.Markets, request.AsOfDate)
            {
                BaseDateStart = request.BaseDateStart,
                BaseDateEnd = request.BaseDateEnd,
                Universe = request.Universe,
                RegimeFilter = request.RegimeFilter,
                Needs = request.Spec.Needs,
            },
            ct
        );
        data = data with { Snapshot = data.Snapshot with { BaseSets = baseSets } };
        IPathGenerator generator = request.Family.Calibrate(
            data.Snapshot,
            request.Spec,
            request.Shape,
            request.RegimeFilter
        );
        SeverityCheck.RequireDrivers(request.SeverityChecks, generator.Drivers);
        CheckCells(request.Shape, generator.Drivers.Count);
        string snapshotHash = await snapshots.SaveAsync(data.Snapshot, ct);
        ScenarioSetDocument set = Describe(id, request, attempt, context, data, generator, snapshotHash);
        set = await sets.OpenAsync(set, generator.Drivers, ct);
        generators.Remember(set, generator);
        return set;
    }

    private void CheckCells(GenerationShape shape, int width)
    {
        long cells = (long)shape.NumPaths * shape.HorizonDays * width;
        if (cells > limits.MaxCells)
        {
            throw new ScenarioRefusedException(
                ErrorCodes.OverLimit,
                "num_paths",
                $"{shape.NumPaths} paths × {shape.HorizonDays} steps × {width} drivers = {cells} cells; the limit is {limits.MaxCells}; ask for fewer paths or narrow universe_filter"
            );
        }
    }

    private ScenarioSetDocument Describe(
        Guid id,
        ResolvedRequest request,
        int attempt,
        PlanContext context,
        CalibrationData data,
        IPathGenerator generator,
        string snapshotHash
    )
    {
        int Count(DriverKind kind) => generator.Drivers.Count(d => d.Kind == kind);
        ShardPlan plan = context.Shards is { } shards
            ? ShardPlan.ByCount(request.Shape.NumPaths, shards)
            : ShardPlan.ByCells(
                request.Shape.NumPaths,
                request.Shape.HorizonDays,
                generator.Drivers.Count,
                limits.ShardCells
            );
        return new ScenarioSetDocument
        {
            Id = id,
            RequestId = request.RequestId,
            Attempt = attempt,
            Status = ScenarioSetStatus.Generating,
            Name = request.Name,
            Description = request.Description,
            Category = request.Family.Category,
            HorizonDays = request.Shape.HorizonDays,
            NumPaths = request.Shape.NumPaths,
            Markets = request.Markets,
            AsOfDate = request.AsOfDate,
            BaseDateStart = data.Snapshot.Panel.Dates[0],
            BaseDateEnd = data.Snapshot.Panel.Dates[^1],
            RegimeFilter = request.RegimeFilter,
            UniverseFilter = request.UniverseFilterJson,
            GeneratorSpec = request.GeneratorSpec,
            Seed = request.Shape.Seed,
            Tags = request.Tags,
            DefensiveTest = request.DefensiveTest,
            CreatedAt = time.GetUtcNow(),
            CreatedBy = context.RequestedBy,
            Drivers = new DriverCounts(Count(DriverKind.Instrument), Count(DriverKind.Factor), Count(DriverKind.Macro)),
            DriversDropped = data.Report.Dropped,
            CalibrationReport = JsonSerializer.SerializeToElement(data.Report),
            GeneratorReport = JsonSerializer.SerializeToElement(generator.Report),
            SnapshotHash = snapshotHash,
            NumericVersion = EngineVersion.Numeric,
            EngineVersion = EngineVersion.Product,
            Policy = request.Policy,
            CorrelationId = context.CorrelationId,
            CausationId = context.CausationId,
            ShardCount = plan.Count,
        };
    }
}
