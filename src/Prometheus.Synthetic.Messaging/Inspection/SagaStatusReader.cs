using System.Globalization;
using Marten;
using Prometheus.Synthetic.Messaging.FragilityRefresh;
using Prometheus.Synthetic.Messaging.Generation;
using Prometheus.Synthetic.Messaging.MonthlyRefresh;
using Prometheus.Synthetic.Messaging.Refresh;

namespace Prometheus.Synthetic.Messaging.Inspection;

/// <summary>Reads sagas without touching them.</summary>
public sealed class SagaStatusReader(IDocumentStore store)
{
    /// <summary>Sagas of every kind, those that got further last first.</summary>
    /// <param name="open">Only those that have not ended.</param>
    public async Task<IReadOnlyList<SagaStatus>> ListAsync(bool open, int limit, CancellationToken ct)
    {
        await using IQuerySession session = store.QuerySession();
        IQueryable<ScenarioSetGenerationSaga> generations = session.Query<ScenarioSetGenerationSaga>();
        IQueryable<MonthlyRefreshSaga> monthly = session.Query<MonthlyRefreshSaga>();
        IQueryable<FragilityRefreshSaga> fragility = session.Query<FragilityRefreshSaga>();
        if (open)
        {
            generations = generations.Where(s =>
                s.CurrentState == "Planning" || s.CurrentState == "Generating" || s.CurrentState == "Sealing"
            );
            monthly = monthly.Where(s => s.CurrentState == "Running");
            fragility = fragility.Where(s => s.CurrentState == "Running");
        }

        // One after the other: a session is one connection.
        IEnumerable<SagaStatus> all =
        [
            .. (await generations.ToListAsync(ct)).Where(s => s.Progress is not null).Select(Of),
            .. (await monthly.ToListAsync(ct)).Where(s => s.Progress is not null).Select(Of),
            .. (await fragility.ToListAsync(ct)).Where(s => s.Progress is not null).Select(Of),
        ];
        return [.. all.OrderByDescending(s => s.ProgressedAt).ThenBy(s => s.Id).Take(limit)];
    }

    /// <summary>The saga of an id, whatever its kind; null when there is none.</summary>
    public async Task<SagaStatus?> FindAsync(Guid id, CancellationToken ct) =>
        await GenerationAsync(id, ct) is { Progress: not null } generation ? Of(generation)
        : await MonthlyAsync(id, ct) is { Progress: not null } monthly ? Of(monthly)
        : await FragilityAsync(id, ct) is { Progress: not null } fragility ? Of(fragility)
        : null;

    public async Task<ScenarioSetGenerationSaga?> GenerationAsync(Guid id, CancellationToken ct)
    {
        await using IQuerySession session = store.QuerySession();
        return await session.LoadAsync<ScenarioSetGenerationSaga>(id, ct);
    }

    public async Task<MonthlyRefreshSaga?> MonthlyAsync(Guid id, CancellationToken ct)
    {
        await using IQuerySession session = store.QuerySession();
        return await session.LoadAsync<MonthlyRefreshSaga>(id, ct);
    }

    public async Task<FragilityRefreshSaga?> FragilityAsync(Guid id, CancellationToken ct)
    {
        await using IQuerySession session = store.QuerySession();
        return await session.LoadAsync<FragilityRefreshSaga>(id, ct);
    }

    public static SagaStatus Of(ScenarioSetGenerationSaga saga)
    {
        GenerationProgress p = saga.Progress!;
        return new SagaStatus(
            "generation",
            saga.CorrelationId,
            p.Stage.ToString(),
            p.Start.Request.Name ?? string.Empty
        )
        {
            Attempt = p.Attempt,
            Done = p.ShardsDone.Count,
            Total = p.ShardsTotal,
            StartedAt = p.StartedAt,
            ProgressedAt = p.ProgressedAt,
            RepeatedAt = p.RepeatedAt,
            Open = p.Stage is GenerationStage.Planning or GenerationStage.Generating or GenerationStage.Sealing,
            ScenarioSetId = p.ScenarioSetId,
            Errors = [.. p.Errors.Select(e => $"{e.Field}: {e.Message} [{e.Code}]")],
        };
    }

    public static SagaStatus Of(MonthlyRefreshSaga saga) =>
        Of("monthly-refresh", saga, $"{saga.Progress!.Start.MarketId} {saga.Month}");

    public static SagaStatus Of(FragilityRefreshSaga saga) =>
        Of(
            "fragility-refresh",
            saga,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{saga.Progress!.Start.MarketId} {saga.Progress.Start.AsOfDate:yyyy-MM-dd} {saga.ModelId}"
            )
        );

    private static SagaStatus Of(string kind, RefreshSaga saga, string about)
    {
        RefreshProgress p = saga.Progress!;
        return new SagaStatus(kind, saga.CorrelationId, p.Stage.ToString(), about)
        {
            Attempt = p.Round,
            Done = p.Parts.Count(x => !x.Pending),
            Total = p.Parts.Count,
            StartedAt = p.StartedAt,
            ProgressedAt = p.ProgressedAt,
            RepeatedAt = p.RepeatedAt,
            Open = p.Stage == RefreshStage.Running,
            Parts =
            [
                .. p.Parts.Select(x => new PartStatus(
                    x.Part.Part,
                    x.Part.RequestId,
                    x.Set is not null ? "SET" : x.Shortfall?.State ?? "PENDING",
                    x.Set?.ScenarioSetId
                )),
            ],
            Errors =
            [
                .. p.Degraded().SelectMany(d => d.Errors.Select(e => $"{d.Part}: {e.Field}: {e.Message} [{e.Code}]")),
            ],
        };
    }
}

/// <summary>A saga as operators see it.</summary>
/// <param name="Kind">generation, monthly-refresh or fragility-refresh.</param>
/// <param name="Id">Request id or refresh id.</param>
/// <param name="About">Name of the lineage, or market and month or date.</param>
public sealed record SagaStatus(string Kind, Guid Id, string State, string About)
{
    /// <summary>Attempt of a generation, round of a refresh.</summary>
    public int Attempt { get; init; }

    /// <summary>Shards of a generation, parts of a refresh.</summary>
    public int Done { get; init; }

    public int Total { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset ProgressedAt { get; init; }

    /// <summary>When the message that began it last came again; null when it never did.</summary>
    public DateTimeOffset? RepeatedAt { get; init; }

    public bool Open { get; init; }

    /// <summary>
    /// When the reconciler drives it again if it gets no further until then, and no message waits; null for one that has
    /// ended.
    /// </summary>
    /// <param name="stalledAfter">The workers' SYNTHETIC_STALLEDSECONDS.</param>
    public DateTimeOffset? DrivenAgainAt(TimeSpan stalledAfter) =>
        Open ? (RepeatedAt > ProgressedAt ? RepeatedAt.Value : ProgressedAt) + stalledAfter : null;

    public Guid? ScenarioSetId { get; init; }

    public IReadOnlyList<PartStatus> Parts { get; init; } = [];

    public IReadOnlyList<string> Errors { get; init; } = [];
}

/// <summary>A part of a refresh as operators see it.</summary>
public sealed record PartStatus(string Part, Guid RequestId, string State, Guid? ScenarioSetId);
