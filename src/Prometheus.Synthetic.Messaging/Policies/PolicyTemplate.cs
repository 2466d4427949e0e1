using System.Globalization;
using System.Text.RegularExpressions;

namespace Prometheus.Synthetic.Messaging.Policies;

/// <summary>
/// Fills <c>{market}</c>, <c>{month}</c>, <c>{as_of}</c>, <c>{model}</c>, <c>{horizon}</c>, <c>{severity}</c> into names
/// and descriptions. What a name may hold is the request's business; characters of a model id that no name may hold
/// become <c>_</c>.
/// </summary>
public static partial class PolicyTemplate
{
    public static IReadOnlyList<string> Placeholders { get; } =
    ["market", "month", "as_of", "model", "horizon", "severity"];

    /// <summary>The placeholders of a template that do not exist.</summary>
    public static IEnumerable<string> Unknown(string template) =>
        Braces().Matches(template).Select(m => m.Groups["key"].Value).Except(Placeholders, StringComparer.Ordinal);

    public static string Fill(string template, RefreshOccasion occasion, PolicyPart part) =>
        Braces()
            .Replace(
                template,
                m =>
                    m.Groups["key"].Value switch
                    {
                        "market" => occasion.MarketId,
                        "month" => occasion.Month ?? Iso(occasion.AsOfDate)[..7],
                        "as_of" => Iso(occasion.AsOfDate),
                        "model" => NoName().Replace(occasion.ModelId ?? string.Empty, "_"),
                        "horizon" => part.HorizonDays.ToString(CultureInfo.InvariantCulture),
                        "severity" => part.Targets?.Severity.ToString("0.##", CultureInfo.InvariantCulture)
                            ?? string.Empty,
                        _ => m.Value,
                    }
            );

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{(?<key>[^{}]*)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Braces();

    [GeneratedRegex("[^A-Za-z0-9_.-]", RegexOptions.CultureInvariant)]
    private static partial Regex NoName();
}
