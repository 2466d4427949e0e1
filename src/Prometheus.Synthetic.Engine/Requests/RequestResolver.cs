using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Prometheus.Synthetic.Engine.Definitions;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Storage.Market;

namespace Prometheus.Synthetic.Engine.Requests;

/// <summary>Checks a request before any work and fills in what follows from it. Pure: no clock, no data.</summary>
public sealed partial class RequestResolver(
    ScenarioFamilies families,
    RequestLimits limits,
    SpecReferences? references = null
)
{
    private readonly SpecReferences _references = references ?? SpecReferences.Shipped;

    /// <summary>The tag that every adversarial set carries.</summary>
    public const string DefensiveTag = "DEFENSIVE_TEST";

    /// <exception cref="ScenarioRefusedException">Every field that is missing, absurd or unknown, at once.</exception>
    public ResolvedRequest Resolve(ScenarioRequest request)
    {
        var errors = new List<FieldError>();
        var dateErrors = new List<FieldError>();
        DateOnly? asOf = CheckDates(request, dateErrors);
        request = FillName(request, asOf, errors);
        CheckTexts(request, errors);
        CheckSizes(request, errors);
        errors.AddRange(dateErrors);
        request = request with { GeneratorSpec = _references.Embed(request.Category, request.GeneratorSpec, errors) };
        (IScenarioFamily? family, IGeneratorSpec? spec, CommonSpec? common) = ReadSpec(request, errors);
        bool defensive = spec?.Needs.DefensiveTest == true;
        if (defensive)
            request = DefensiveMarking.Apply(request, errors);
        UniverseFilter? universe = Collect(() => UniverseFilter.Parse(request.UniverseFilter), errors);
        if (errors.Count > 0)
            throw new ScenarioRefusedException(errors);

        string substance = RequestKey.Substance(request, asOf!.Value);
        ulong key = common!.Seed ?? RequestKey.DefaultSeed(substance);
        string[] tags =
        [
            .. (request.Tags ?? [])
                .Concat(defensive ? [DefensiveTag] : [])
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        return new ResolvedRequest(
            RequestKey.RequestId(substance, request.ForceNonce),
            request.Name!,
            request.Description ?? string.Empty,
            family!,
            new GenerationShape(request.NumPaths!.Value, request.HorizonDays!.Value, key),
            [.. request.Markets!.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            asOf.Value,
            request.BaseDateStart,
            request.BaseDateEnd,
            request.RegimeFilter,
            universe!,
            request.UniverseFilter,
            spec!,
            common.SeverityChecks,
            WithSeed(request.GeneratorSpec, key),
            tags,
            defensive,
            request.Policy
        );
    }

    private static ScenarioRequest FillName(ScenarioRequest request, DateOnly? asOf, List<FieldError> errors)
    {
        if (asOf is null || request.Name is not { } template || template.AsSpan().IndexOfAny('{', '}') < 0)
            return request;
        string? name = Collect(() => NameTemplate.Fill(template, request, asOf.Value), errors);
        // A template that cannot be filled has been refused; it need not be refused again for its braces.
        return request with { Name = name ?? "unnamed" };
    }

    private void CheckTexts(ScenarioRequest request, List<FieldError> errors)
    {
        if (string.IsNullOrEmpty(request.Name))
            errors.Add(
                new(
                    ErrorCodes.Missing,
                    "name",
                    "is missing; give the lineage's name, e.g. US_EQ_BASELINE_BOOTSTRAP_30D"
                )
            );
        else if (!NamePattern().IsMatch(request.Name))
            errors.Add(
                new(
                    ErrorCodes.OutOfRange,
                    "name",
                    $"'{Shorten(request.Name)}' is not a name; use 1 to 200 letters, digits, '_', '.', '-', starting with a letter or digit"
                )
            );
        if (request.Description is { Length: > 2000 })
            errors.Add(
                new(ErrorCodes.OutOfRange, "description", $"has {request.Description.Length} characters; at most 2000")
            );
        if (request.Markets is not { Count: > 0 })
            errors.Add(new(ErrorCodes.Missing, "markets", "is missing or empty; name at least one market, e.g. US_EQ"));
        else if (request.Markets.Count > limits.MaxMarkets)
            errors.Add(
                new(ErrorCodes.OverLimit, "markets", $"{request.Markets.Count} markets; at most {limits.MaxMarkets}")
            );
        else if (request.Markets.Any(string.IsNullOrWhiteSpace))
            errors.Add(new(ErrorCodes.OutOfRange, "markets", "holds an empty name; remove it"));
        if (request.RegimeFilter is { } regimes && (regimes.Count == 0 || regimes.Any(string.IsNullOrWhiteSpace)))
            errors.Add(
                new(
                    ErrorCodes.OutOfRange,
                    "regime_filter",
                    "is empty or holds an empty label; leave it out for no filter"
                )
            );
        if (
            request.Tags is { } tags
            && (tags.Count > limits.MaxTags || tags.Any(t => string.IsNullOrWhiteSpace(t) || t.Length > 100))
        )
            errors.Add(
                new(ErrorCodes.OutOfRange, "tags", $"at most {limits.MaxTags} tags of 1 to 100 characters each")
            );
    }

    private void CheckSizes(ScenarioRequest request, List<FieldError> errors)
    {
        Range("horizon_days", request.HorizonDays, 1, GenerationShape.MaxHorizonDays, "trading days", errors);
        Range("num_paths", request.NumPaths, 1, limits.MaxPaths, "paths", errors);
        if (
            request is { HorizonDays: > 0, NumPaths: > 0 }
            && (long)request.HorizonDays * request.NumPaths > limits.MaxCells
        )
        {
            errors.Add(
                new(
                    ErrorCodes.OverLimit,
                    "num_paths",
                    $"{request.NumPaths} paths × {request.HorizonDays} steps exceed the limit of {limits.MaxCells} cells before any driver is counted; ask for fewer"
                )
            );
        }
    }

    private static DateOnly? CheckDates(ScenarioRequest request, List<FieldError> errors)
    {
        if (request.BaseDateStart is { } start && request.BaseDateEnd is { } end && end < start)
            errors.Add(
                new(
                    ErrorCodes.InvalidDates,
                    "base_date_end",
                    $"{end:yyyy-MM-dd} is before base_date_start {start:yyyy-MM-dd}; swap or widen them"
                )
            );
        DateOnly? asOf = request.AsOfDate ?? request.BaseDateEnd;
        if (asOf is null)
            errors.Add(
                new(
                    ErrorCodes.Missing,
                    "as_of_date",
                    "is missing; give the date whose knowledge may be used, or base_date_end"
                )
            );
        else if (request.BaseDateEnd > asOf)
            errors.Add(
                new(
                    ErrorCodes.InvalidDates,
                    "base_date_end",
                    $"{request.BaseDateEnd:yyyy-MM-dd} is after as_of_date {asOf:yyyy-MM-dd}; only data up to the as-of date may be used"
                )
            );
        else if (request.BaseDateStart > asOf)
            errors.Add(
                new(
                    ErrorCodes.InvalidDates,
                    "base_date_start",
                    $"{request.BaseDateStart:yyyy-MM-dd} is after as_of_date {asOf:yyyy-MM-dd}"
                )
            );
        return asOf;
    }

    private (IScenarioFamily?, IGeneratorSpec?, CommonSpec?) ReadSpec(ScenarioRequest request, List<FieldError> errors)
    {
        if (string.IsNullOrEmpty(request.Category))
        {
            errors.Add(
                new(ErrorCodes.Missing, "category", $"is missing; one of {string.Join(", ", families.Categories)}")
            );
            return default;
        }

        IScenarioFamily? family = Collect(() => families.For(request.Category), errors);
        if (
            request.GeneratorSpec is
            { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null or JsonValueKind.Undefined) } other
        )
        {
            errors.Add(
                new(
                    ErrorCodes.WrongType,
                    "generator_spec",
                    $"expected an object, found {other.ValueKind.ToString().ToLowerInvariant()}"
                )
            );
            return default;
        }

        CommonSpec common = CommonSpec.Read(request.GeneratorSpec, errors);
        IGeneratorSpec? spec = family is null
            ? null
            : Collect(() => family.ParseSpec(CommonSpec.Without(request.GeneratorSpec)), errors);
        return (family, spec, common);
    }

    private static T? Collect<T>(Func<T> read, List<FieldError> errors)
        where T : class
    {
        try
        {
            return read();
        }
        catch (ScenarioRefusedException refused)
        {
            errors.AddRange(refused.Errors);
            return null;
        }
    }

    private static void Range(string field, int? value, int min, int max, string unit, List<FieldError> errors)
    {
        if (value is null)
            errors.Add(new(ErrorCodes.Missing, field, $"is missing; give {min} to {max} {unit}"));
        else if (value < min || value > max)
            errors.Add(new(ErrorCodes.OutOfRange, field, $"{value} is outside {min}..{max} {unit}"));
    }

    private static JsonElement WithSeed(JsonElement? spec, ulong seed)
    {
        JsonObject copy = spec is { ValueKind: JsonValueKind.Object } given ? JsonObject.Create(given)! : [];
        copy["seed"] = seed;
        return JsonSerializer.SerializeToElement(copy);
    }

    /// <summary>Whether a text can be a lineage's name.</summary>
    public static bool IsName(string text) => NamePattern().IsMatch(text);

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "...";

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.-]{0,199}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
