using Marten;
using Marten.Services;
using Npgsql;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Audit;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Storage.Sets;

/// <summary>
/// The life of set records. Every change of state is one transaction under an exclusive lock on the record; handling
/// the same step again finds it done and returns the record.
/// </summary>
public sealed class ScenarioSetStore(
    NpgsqlDataSource dataSource,
    IDocumentStore store,
    AuditTrail audit,
    DiagnosticsStore diagnosticsStore,
    TimeProvider time
)
{
    /// <summary>
    /// Opens a GENERATING record with its drivers. If the record exists already (a redelivery, or a second planner),
    /// the stored one is returned and nothing changes.
    /// </summary>
    public async Task<ScenarioSetDocument> OpenAsync(
        ScenarioSetDocument set,
        IReadOnlyList<Driver> drivers,
        CancellationToken ct
    )
    {
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        // Two planners of one set: the second waits here, then finds the record.
        await ExecuteAsync(connection, "SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0))", set.Id, ct);
        await using IDocumentSession session = store.LightweightSession(SessionOptions.ForTransaction(transaction));
        if (await session.LoadAsync<ScenarioSetDocument>(set.Id, ct) is { } existing)
            return existing;
        session.Store(set);
        await session.SaveChangesAsync(ct);
        await DriverRows.InsertAsync(connection, set.Id, drivers, ct);
        await transaction.CommitAsync(ct);
        return set;
    }

    /// <summary>
    /// Seals a set: manifest complete, digests combined into the content hash, next version of its lineage, current
    /// pointer moved. A sealed set is returned as it is, an evicted one too.
    /// </summary>
    /// <param name="diagnostics">Written with the seal when given.</param>
    /// <exception cref="ScenarioRefusedException">The set is unknown, or failed, cancelled or deleted while it was generated.</exception>
    /// <exception cref="InvalidOperationException">The manifest is not complete.</exception>
    public async Task<ScenarioSetDocument> SealAsync(
        Guid scenarioSetId,
        CancellationToken ct,
        DiagnosticsRecord? diagnostics = null
    )
    {
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        await using IDocumentSession session = store.LightweightSession(SessionOptions.ForTransaction(transaction));
        ScenarioSetDocument set =
            await LockAsync(connection, session, scenarioSetId, ct)
            ?? throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                "scenario_set_id",
                $"{scenarioSetId} is not a known scenario set; 'sets list' shows them"
            );
        if (set.Status is ScenarioSetStatus.Sealed or ScenarioSetStatus.Evicted)
            return set;
        if (set.Status != ScenarioSetStatus.Generating)
            throw new ScenarioRefusedException(
                ErrorCodes.WrongState,
                "scenario_set_id",
                $"{set.Id} ({set.Name}): it is {set.Status} and only a set that is being generated is sealed; ask for it again"
            );

        (string hash, double generation, double storing) = await ManifestRows.CombineAsync(
            connection,
            set,
            await DriversAsync(set.Id, ct),
            ct
        );
        (int version, Guid? supersedes) = await LineageRows.AdvanceAsync(connection, set, ct);
        ScenarioSetDocument @sealed = set with
        {
            Status = ScenarioSetStatus.Sealed,
            ContentHash = hash,
            Version = version,
            Supersedes = supersedes,
            SealedAt = time.GetUtcNow(),
            GenerationSeconds = generation,
            StoreSeconds = storing,
        };
        session.Store(@sealed);
        await session.SaveChangesAsync(ct);
        if (diagnostics is not null)
            await diagnosticsStore.AddAsync(connection, scenarioSetId, diagnostics, ct);
        await audit.AppendAsync(connection, RecordEntries.OfSeal(@sealed), ct);
        await transaction.CommitAsync(ct);
        return @sealed;
    }

    /// <summary>Ends a set that will not be sealed and removes its rows. Returns null when the set was never opened.</summary>
    public async Task<ScenarioSetDocument?> AbandonAsync(
        Guid scenarioSetId,
        ScenarioSetStatus status,
        IReadOnlyList<Scenarios.Errors.FieldError> errors,
        CancellationToken ct
    )
    {
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        await using IDocumentSession session = store.LightweightSession(SessionOptions.ForTransaction(transaction));
        ScenarioSetDocument? set = await LockAsync(connection, session, scenarioSetId, ct);
        if (set is null || set.Status != ScenarioSetStatus.Generating)
            return set;
        ScenarioSetDocument ended = set with { Status = status, Errors = errors };
        session.Store(ended);
        await session.SaveChangesAsync(ct);
        await ExecuteAsync(connection, "SELECT synthetic.remove_paths($1, true)", scenarioSetId, ct);
        await audit.AppendAsync(connection, RecordEntries.OfEnd(ended), ct);
        await transaction.CommitAsync(ct);
        return ended;
    }

    public async Task<ScenarioSetDocument?> FindAsync(Guid scenarioSetId, CancellationToken ct)
    {
        await using IQuerySession session = store.QuerySession();
        return await session.LoadAsync<ScenarioSetDocument>(scenarioSetId, ct);
    }

    /// <summary>The newest attempt of a request, or null.</summary>
    public async Task<ScenarioSetDocument?> FindByRequestAsync(Guid requestId, CancellationToken ct)
    {
        await using IQuerySession session = store.QuerySession();
        return await session
            .Query<ScenarioSetDocument>()
            .Where(s => s.RequestId == requestId)
            .OrderByDescending(s => s.Attempt)
            .FirstOrDefaultAsync(ct);
    }

    /// <summary>All versions of a lineage that were ever sealed, newest first; tombstones too.</summary>
    public async Task<IReadOnlyList<ScenarioSetDocument>> VersionsAsync(string name, CancellationToken ct)
    {
        await using IQuerySession session = store.QuerySession();
        IReadOnlyList<ScenarioSetDocument> versions = await session
            .Query<ScenarioSetDocument>()
            .Where(s => s.Name == name && s.Version > 0)
            .ToListAsync(ct);
        return [.. versions.OrderByDescending(s => s.Version)];
    }

    /// <summary>Names of all lineages, ordinal.</summary>
    public Task<IReadOnlyList<string>> LineagesAsync(CancellationToken ct) => LineageRows.NamesAsync(dataSource, ct);

    /// <summary>The set that a lineage points to now, or null.</summary>
    public Task<Guid?> CurrentOfLineageAsync(string name, CancellationToken ct) =>
        LineageRows.CurrentAsync(dataSource, name, ct);

    /// <summary>The drivers of a set in their stored order.</summary>
    public Task<IReadOnlyList<Driver>> DriversAsync(Guid scenarioSetId, CancellationToken ct) =>
        DriverRows.ReadAsync(dataSource, scenarioSetId, ct);

    private static async Task<ScenarioSetDocument?> LockAsync(
        NpgsqlConnection connection,
        IDocumentSession session,
        Guid id,
        CancellationToken ct
    )
    {
        await RecordTurn.TakeAsync(connection, id, ct);
        return await session.LoadAsync<ScenarioSetDocument>(id, ct);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, object value, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection)
        {
            Parameters = { new() { Value = value } },
            CommandTimeout = 300,
        };
        await command.ExecuteNonQueryAsync(ct);
    }
}
