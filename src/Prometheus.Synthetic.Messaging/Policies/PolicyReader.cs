using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Messaging.Policies;

/// <summary>Reads a policy from its JSON form; every unknown key, wrong type and bad value is refused at once.</summary>
public static partial class PolicyReader
{
    private const int MaxParts = 100;

    /// <exception cref="ScenarioRefusedException">The content is no policy.</exception>
    public static RefreshPolicy Read(JsonElement content)
    {
        var reader = new SpecReader(string.Empty, content);
        string name = Text(reader, "policy", "the policy's name, e.g. us-eq");
        if (name.Length > 0 && !PolicyName().IsMatch(name))
            reader.Refuse(
                ErrorCodes.OutOfRange,
                "policy",
                $"'{name}' is not a name; use lower-case letters, digits, '-'"
            );
        int version = reader.OptionalInteger("version", 1, int.MaxValue) ?? Missing(reader, "version", "1 or more");
        string market = Text(reader, "market", "the market family, e.g. US_EQ");
        string description = reader.OptionalText("description", 2000) ?? string.Empty;
        PolicyPart[] monthly = [.. reader.Objects("monthly", MaxParts).SelectMany(p => Part(p, market, false))];
        PolicyPart[] fragility = [.. reader.Objects("fragility", MaxParts).SelectMany(p => Part(p, market, true))];
        reader.Finish();
        var errors = new List<FieldError>(reader.Errors);
        foreach (
            var twice in monthly
                .Concat(fragility)
                .GroupBy(p => p.Part, StringComparer.Ordinal)
                .Where(g => g.Count() > 1)
        )
            errors.Add(
                new(
                    ErrorCodes.Conflict,
                    "part",
                    $"'{twice.Key}' is the name of {twice.Count()} parts; give each its own"
                )
            );
        if (monthly.Length + fragility.Length == 0 && errors.Count == 0)
            errors.Add(
                new(ErrorCodes.Missing, "monthly", "neither monthly nor fragility has a part; name at least one set")
            );
        if (errors.Count > 0)
            throw new ScenarioRefusedException(errors);
        string hash = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Bytes(content)));
        return new RefreshPolicy(name, version, market, description, hash, monthly, fragility);
    }

    /// <summary>One part of the file: one set, or one for each severity of a fragility part.</summary>
    private static IEnumerable<PolicyPart> Part(SpecReader reader, string market, bool fragility)
    {
        string part = Text(reader, "part", "the part's name, e.g. bootstrap-30d");
        if (part.Length > 0 && !PolicyName().IsMatch(part))
            reader.Refuse(
                ErrorCodes.OutOfRange,
                "part",
                $"'{part}' is not a name; use lower-case letters, digits, '-'"
            );
        string name = Template(reader, "name");
        string description = reader.Has("description") ? Template(reader, "description") : string.Empty;
        string category = fragility
            ? "FRAGILITY_ADVERSARIAL"
            : Text(reader, "category", "a scenario category, e.g. BOOTSTRAP");
        int horizon =
            reader.OptionalInteger("horizon_days", 1, 60) ?? Missing(reader, "horizon_days", "1 to 60 trading days");
        int paths =
            reader.OptionalInteger("num_paths", 1, 1_000_000) ?? Missing(reader, "num_paths", "1 or more paths");
        IReadOnlyList<string> markets = reader.OptionalTexts("markets", 20) ?? [market];
        int? years = reader.OptionalInteger("history_years", 1, 100);
        IReadOnlyList<string>? regimes = reader.OptionalTexts("regime_filter", 100);
        JsonElement? universe = reader.OptionalElement("universe_filter");
        JsonElement? spec = reader.OptionalElement("generator_spec");
        IReadOnlyList<string> tags = reader.OptionalTexts("tags", 50) ?? [];
        RefreshRule rule =
            !fragility
            && reader.Choice("refresh", "always", "always", "when-definition-changed") == "when-definition-changed"
                ? RefreshRule.WhenDefinitionChanged
                : RefreshRule.Always;
        TargetRule?[] targets = fragility ? Targets(reader) : [null];
        reader.Finish();
        bool several = targets.Length > 1;
        foreach (TargetRule? target in targets)
        {
            string suffix = several
                ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"-r{target!.Severity:0.##}")
                    .Replace('.', '-')
                : string.Empty;
            yield return new PolicyPart(
                part + suffix,
                name,
                description,
                category,
                horizon,
                paths,
                markets,
                years,
                regimes,
                universe,
                spec,
                tags,
                rule,
                target
            );
        }
    }

    private static TargetRule?[] Targets(SpecReader reader)
    {
        SpecReader? targets = reader.OptionalObject("targets");
        int? top = targets?.OptionalInteger("top_k", 1, 100);
        double? score = targets?.OptionalNumber("min_score", 0, 1);
        targets?.Finish();
        IReadOnlyList<string> templates = reader.OptionalTexts("templates", 50) ?? [];
        IReadOnlyList<double> severity = reader.OptionalNumbers("severity", 0.1, 20, 10) ?? [];
        if (severity.Count == 0)
            reader.Refuse(
                ErrorCodes.Missing,
                "severity",
                "is missing; give one or more radii in standard deviations, e.g. [2, 3]"
            );
        return [.. severity.Select(s => new TargetRule(top, score, s, templates))];
    }

    private static string Template(SpecReader reader, string key)
    {
        string template = reader.OptionalText(key, 2000) ?? string.Empty;
        if (template.Length == 0)
            reader.Refuse(ErrorCodes.Missing, key, "is missing; e.g. {market}_BASELINE_BOOTSTRAP_{horizon}D");
        foreach (string unknown in PolicyTemplate.Unknown(template))
            reader.Refuse(
                ErrorCodes.UnknownValue,
                key,
                $"{{{unknown}}} is no placeholder; there are {string.Join(", ", PolicyTemplate.Placeholders.Select(p => $"{{{p}}}"))}"
            );
        return template;
    }

    private static string Text(SpecReader reader, string key, string what)
    {
        string? text = reader.OptionalText(key);
        if (string.IsNullOrWhiteSpace(text))
            reader.Refuse(ErrorCodes.Missing, key, $"is missing; give {what}");
        return text ?? string.Empty;
    }

    private static int Missing(SpecReader reader, string key, string what)
    {
        if (!reader.Has(key))
            reader.Refuse(ErrorCodes.Missing, key, $"is missing; give {what}");
        return 1;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,99}$", RegexOptions.CultureInvariant)]
    private static partial Regex PolicyName();
}
