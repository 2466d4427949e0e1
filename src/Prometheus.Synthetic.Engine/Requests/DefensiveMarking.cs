using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Engine.Requests;

/// <summary>
/// The marking that a set which attacks what is fragile carries wherever it appears: in its name, tags and metadata.
/// </summary>
internal static class DefensiveMarking
{
    private const string Suffix = "_DEFENSIVE_TEST";

    /// <summary>
    /// The request with a name that says what the set is; a request whose tags deny the marking is refused.
    /// </summary>
    public static ScenarioRequest Apply(ScenarioRequest request, List<FieldError> errors)
    {
        errors.AddRange(Denials(request.Tags ?? []));
        return request.Name is { Length: > 0 } name && !SaysSo(name) ? request with { Name = name + Suffix } : request;
    }

    /// <summary>One error for each tag that contradicts or imitates the marking.</summary>
    public static IEnumerable<FieldError> Denials(IEnumerable<string?> tags) =>
        tags.Where(tag =>
                tag is not null
                && tag != RequestResolver.DefensiveTag
                && (
                    tag.Contains("DEFENSIVE", StringComparison.OrdinalIgnoreCase)
                    || tag.Contains("OFFENSIVE", StringComparison.OrdinalIgnoreCase)
                )
            )
            .Select(tag => new FieldError(
                ErrorCodes.DefensiveMarking,
                "tags",
                $"'{tag}' contradicts or imitates the marking of an adversarial set; it is always tagged {RequestResolver.DefensiveTag}, leave the other out"
            ));

    private static bool SaysSo(string name) =>
        name.Contains("ADVERSARIAL", StringComparison.OrdinalIgnoreCase)
        || name.Contains("DEFENSIVE", StringComparison.OrdinalIgnoreCase);
}
