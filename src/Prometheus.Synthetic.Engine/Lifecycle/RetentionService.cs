using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Audit;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine.Lifecycle;

/// <summary>Keeps policies of retention and carries them out.</summary>
public sealed class RetentionService(
    RetentionStore policies,
    ScenarioSetStore sets,
    SetTagStore tags,
    SetLifecycle lifecycle,
    TimeProvider time
)
{
    public Task<IReadOnlyList<RetentionPolicy>> PoliciesAsync(CancellationToken ct) => policies.ReadAsync(ct);

    /// <exception cref="ScenarioRefusedException">No reason, no rule, or a number out of range.</exception>
    public Task SetAsync(
        string lineage,
        int? keepLast,
        IReadOnlyList<string> keepTags,
        int? keepDays,
        Act act,
        CancellationToken ct
    )
    {
        var errors = new List<FieldError>();
        if (act.ReasonProblem() is { } problem)
            errors.Add(problem);
        int star = lineage.IndexOf('*', StringComparison.Ordinal);
        if (lineage.Length is 0 or > 200 || (star >= 0 && star != lineage.Length - 1))
            errors.Add(
                new(
                    ErrorCodes.OutOfRange,
                    "lineage",
                    $"'{lineage}' is no lineage; a name, or a beginning followed by one '*'"
                )
            );
        if (keepLast is null && keepDays is null && keepTags.Count == 0)
            errors.Add(
                new(ErrorCodes.Missing, "keep_last", "give at least one rule: keep_last, keep_tags or keep_days")
            );
        if (keepLast is < 1 or > 10_000)
            errors.Add(new(ErrorCodes.OutOfRange, "keep_last", $"{keepLast} is outside 1..10000 versions"));
        if (keepDays is < 0 or > 36_500)
            errors.Add(new(ErrorCodes.OutOfRange, "keep_days", $"{keepDays} is outside 0..36500 days"));
        if (keepTags.Any(string.IsNullOrWhiteSpace))
            errors.Add(new(ErrorCodes.OutOfRange, "keep_tags", "holds an empty tag"));
        if (errors.Count > 0)
            throw new ScenarioRefusedException(errors);
        var policy = new RetentionPolicy(
            lineage,
            keepLast,
            keepTags,
            keepDays,
            act.Actor,
            act.Reason!,
            time.GetUtcNow()
        );
        return policies.SetAsync(policy, act.Entry(AuditActions.RetentionSet), ct);
    }

    /// <exception cref="ScenarioRefusedException">No reason, or there is no such policy.</exception>
    public async Task RemoveAsync(string lineage, Act act, CancellationToken ct)
    {
        act.RequireReason();
        if (!await policies.RemoveAsync(lineage, act.Entry(AuditActions.RetentionRemoved), ct))
            throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                "lineage",
                $"there is no policy for '{lineage}'; 'sets retention show' lists them"
            );
    }

    /// <summary>What the policies would do now; nothing is changed.</summary>
    public async Task<IReadOnlyList<RetentionVerdict>> PlanAsync(CancellationToken ct)
    {
        IReadOnlyList<RetentionPolicy> all = await policies.ReadAsync(ct);
        var verdicts = new List<RetentionVerdict>();
        foreach (string lineage in await sets.LineagesAsync(ct))
        {
            if (RetentionDecider.PolicyFor(lineage, all) is not { } policy)
                continue;
            ScenarioSetDocument[] living =
            [
                .. (await sets.VersionsAsync(lineage, ct)).Where(s =>
                    s.Status is ScenarioSetStatus.Sealed or ScenarioSetStatus.Evicted
                ),
            ];
            IReadOnlyDictionary<Guid, IReadOnlyList<string>> later = await tags.ReadAllAsync(
                [.. living.Select(s => s.Id)],
                ct
            );
            RetentionCandidate[] candidates =
            [
                .. living.Select(s => new RetentionCandidate(
                    s.Id,
                    s.Version,
                    s.SealedAt!.Value,
                    later.TryGetValue(s.Id, out IReadOnlyList<string>? more) ? [.. s.Tags, .. more] : s.Tags,
                    s.Status == ScenarioSetStatus.Sealed
                )),
            ];
            verdicts.AddRange(RetentionDecider.Decide(lineage, policy, candidates, time.GetUtcNow()));
        }

        return verdicts;
    }

    /// <summary>
    /// Evicts what the policies no longer keep; returns every verdict. A set that could not be brought back stays, and
    /// its verdict says why.
    /// </summary>
    public async Task<IReadOnlyList<RetentionVerdict>> ApplyAsync(Act act, CancellationToken ct)
    {
        var done = new List<RetentionVerdict>();
        foreach (RetentionVerdict verdict in await PlanAsync(ct))
            done.Add(verdict.Evict ? await EvictAsync(verdict, act, ct) : verdict);
        return done;
    }

    private async Task<RetentionVerdict> EvictAsync(RetentionVerdict verdict, Act act, CancellationToken ct)
    {
        try
        {
            Act why = act with { Reason = act.Reason ?? "retention: no rule keeps it" };
            await lifecycle.EvictAsync(verdict.ScenarioSetId, why, ct);
            return verdict;
        }
        catch (ScenarioRefusedException refused)
        {
            return verdict with { Evict = false, Why = refused.Errors[0].Message };
        }
    }
}
