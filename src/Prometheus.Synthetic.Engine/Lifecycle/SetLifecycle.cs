using Prometheus.Synthetic.Engine.Reading;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Audit;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine.Lifecycle;

/// <summary>What may be done to a set after its seal, each act recorded. The record itself never changes and never goes.</summary>
public sealed class SetLifecycle(
    SetReferences references,
    LifecycleStore lifecycle,
    SetHolds holds,
    SetTagStore tags,
    Recomputation recomputation
)
{
    /// <summary>
    /// Drops the paths and keeps the record; doing it again changes nothing. A set that could not be brought back is
    /// refused, unless that is forced with a reason.
    /// </summary>
    /// <returns>False when the paths were evicted already.</returns>
    /// <exception cref="ScenarioRefusedException">
    /// Unknown, unsealed or deleted set, it is being worked on, it cannot be recomputed, or it is forced without a reason.
    /// </exception>
    public async Task<bool> EvictAsync(Guid id, Act act, CancellationToken ct, bool force = false)
    {
        if (force)
            act.RequireReason();
        SetStates.RequireRecord(await references.RequireAsync(id, ct));
        await using IAsyncDisposable hold = await holds.RequireAloneAsync(id, ct);
        // Read again: it may have come back while another had it.
        ScenarioSetDocument set = await references.RequireAsync(id, ct);
        SetStates.RequireRecord(set);
        if (set.Status == ScenarioSetStatus.Evicted)
        {
            // What a rehydration that was killed has left is nobody's.
            await lifecycle.ClearAsync(id, ct);
            return false;
        }

        string? problem = await recomputation.ProblemAsync(set, ct);
        if (problem is not null && !force)
            throw SetStates.WrongState(
                set,
                $"its paths could not be brought back: {problem}; export it first, or force the eviction and say why"
            );
        AuditEntry entry = act.Entry(AuditActions.Evicted).With("content_hash", set.ContentHash);
        if (problem is not null)
            entry = entry.With("forced_although", problem);
        return await lifecycle.EvictAsync(id, entry, ct) == ScenarioSetStatus.Sealed;
    }

    /// <summary>Drops the paths for good and leaves the record as a tombstone; needs a reason.</summary>
    /// <returns>False when the set was deleted already.</returns>
    /// <exception cref="ScenarioRefusedException">No reason, unknown or unsealed set, or it is being worked on.</exception>
    public async Task<bool> DeleteAsync(Guid id, Act act, CancellationToken ct)
    {
        act.RequireReason();
        ScenarioSetDocument set = await references.RequireAsync(id, ct);
        if (set.Status == ScenarioSetStatus.Deleted)
            return false;
        SetStates.RequireRecord(set);
        await using IAsyncDisposable hold = await holds.RequireAloneAsync(id, ct);
        AuditEntry entry = act.Entry(AuditActions.Deleted).With("content_hash", set.ContentHash);
        return await lifecycle.DeleteAsync(id, entry, ct) is ScenarioSetStatus.Sealed or ScenarioSetStatus.Evicted;
    }

    /// <summary>Gives and takes tags after the seal.</summary>
    /// <exception cref="ScenarioRefusedException">A tag is no tag, or one to be taken was given with the request.</exception>
    public async Task TagAsync(
        Guid id,
        IReadOnlyList<string> give,
        IReadOnlyList<string> take,
        Act act,
        CancellationToken ct
    )
    {
        ScenarioSetDocument set = await references.RequireAsync(id, ct);
        SetStates.RequireRecord(set);
        var errors = new List<FieldError>();
        if (give.Count + take.Count == 0)
            errors.Add(new(ErrorCodes.Missing, "tags", "name at least one tag to add or to remove"));
        foreach (string tag in give.Where(t => string.IsNullOrWhiteSpace(t) || t.Length > 100))
            errors.Add(new(ErrorCodes.OutOfRange, "tags", $"'{tag}' is not a tag; 1 to 100 characters"));
        foreach (string tag in give.Intersect(take, StringComparer.Ordinal))
            errors.Add(new(ErrorCodes.Conflict, "tags", $"'{tag}' is both to be added and to be removed"));
        if (set.DefensiveTest)
            errors.AddRange(DefensiveMarking.Denials(give));
        if (set.DefensiveTest && take.Contains(RequestResolver.DefensiveTag, StringComparer.Ordinal))
            errors.Add(
                new(
                    ErrorCodes.DefensiveMarking,
                    "tags",
                    $"{RequestResolver.DefensiveTag} marks a set that holds adversarial paths and stays with it; leave it"
                )
            );
        foreach (
            string tag in take.Intersect(set.Tags, StringComparer.Ordinal)
                .Where(t => !set.DefensiveTest || t != RequestResolver.DefensiveTag)
        )
            errors.Add(
                new(ErrorCodes.Conflict, "tags", $"'{tag}' was given with the request and is part of the sealed record")
            );
        if (errors.Count > 0)
            throw new ScenarioRefusedException(errors);
        await tags.ChangeAsync(
            id,
            [.. give.Except(set.Tags, StringComparer.Ordinal).Distinct(StringComparer.Ordinal)],
            take,
            act.Entry(AuditActions.Tagged),
            ct
        );
    }
}
