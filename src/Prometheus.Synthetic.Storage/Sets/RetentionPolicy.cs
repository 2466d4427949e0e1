namespace Prometheus.Synthetic.Storage.Sets;

/// <summary>
/// What is kept of a lineage. A set whose paths any rule keeps is kept; the paths of the others are evicted, their records
/// never are.
/// </summary>
/// <param name="Lineage">A lineage's name, or a beginning followed by <c>*</c>. The longest that fits decides.</param>
/// <param name="KeepLast">Keep the newest so many versions.</param>
/// <param name="KeepTags">Keep what carries one of these tags.</param>
/// <param name="KeepDays">Keep what was sealed within so many days.</param>
public sealed record RetentionPolicy(
    string Lineage,
    int? KeepLast,
    IReadOnlyList<string> KeepTags,
    int? KeepDays,
    string SetBy,
    string Reason,
    DateTimeOffset SetAt
)
{
    /// <summary>Whether the policy is about lineages of this name.</summary>
    public bool Fits(string name) =>
        Lineage.EndsWith('*')
            ? name.StartsWith(Lineage[..^1], StringComparison.Ordinal)
            : string.Equals(name, Lineage, StringComparison.Ordinal);
}
