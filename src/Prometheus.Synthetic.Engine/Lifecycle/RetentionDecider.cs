using System.Globalization;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine.Lifecycle;

/// <summary>A version of a lineage as retention sees it.</summary>
/// <param name="HasPaths">False when its paths are evicted already.</param>
/// <param name="Tags">Tags of the request and those given later.</param>
public sealed record RetentionCandidate(
    Guid ScenarioSetId,
    int Version,
    DateTimeOffset SealedAt,
    IReadOnlyList<string> Tags,
    bool HasPaths
);

/// <summary>What retention says of a version.</summary>
/// <param name="Why">The rule that keeps it, or that none does.</param>
public sealed record RetentionVerdict(Guid ScenarioSetId, string Lineage, int Version, bool Evict, string Why);

/// <summary>Retention as a pure function of (policy, versions, time).</summary>
public static class RetentionDecider
{
    /// <summary>The policy for a lineage: the longest that fits, a full name before a beginning; null when none does.</summary>
    public static RetentionPolicy? PolicyFor(string lineage, IEnumerable<RetentionPolicy> policies) =>
        policies
            .Where(p => p.Fits(lineage))
            .OrderByDescending(p => !p.Lineage.EndsWith('*'))
            .ThenByDescending(p => p.Lineage.Length)
            .FirstOrDefault();

    /// <summary>
    /// One verdict per version that still has paths. Whatever the policy says, the newest version stays: a lineage
    /// that is no longer refreshed must not lose what consumers read now.
    /// </summary>
    /// <param name="versions">The living versions (sealed or evicted) of one lineage, in any order.</param>
    public static IReadOnlyList<RetentionVerdict> Decide(
        string lineage,
        RetentionPolicy policy,
        IReadOnlyList<RetentionCandidate> versions,
        DateTimeOffset now
    )
    {
        var verdicts = new List<RetentionVerdict>();
        RetentionCandidate[] newestFirst = [.. versions.OrderByDescending(v => v.Version)];
        for (int i = 0; i < newestFirst.Length; i++)
        {
            RetentionCandidate v = newestFirst[i];
            if (!v.HasPaths)
                continue;
            string? kept = KeptBy(policy, v, i, now);
            verdicts.Add(
                new RetentionVerdict(v.ScenarioSetId, lineage, v.Version, kept is null, kept ?? "no rule keeps it")
            );
        }

        return verdicts;
    }

    private static string? KeptBy(RetentionPolicy policy, RetentionCandidate v, int rank, DateTimeOffset now)
    {
        if (rank == 0)
            return "newest version";
        if (rank < policy.KeepLast)
            return string.Create(CultureInfo.InvariantCulture, $"among the last {policy.KeepLast}");
        if (policy.KeepTags.FirstOrDefault(t => v.Tags.Contains(t, StringComparer.Ordinal)) is { } tag)
            return $"tagged {tag}";
        return policy.KeepDays is { } days && now - v.SealedAt <= TimeSpan.FromDays(days)
            ? string.Create(CultureInfo.InvariantCulture, $"sealed within {days} days")
            : null;
    }
}
