using System.Globalization;
using System.Text.RegularExpressions;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Engine.Requests;

/// <summary>
/// Names by template, as the specification's examples have them: <c>{market}_{kind}_{horizon}D_{as_of}</c> gives
/// <c>US_EQ_BOOTSTRAP_30D_2025-12-31</c>. A name without braces is taken as it is.
/// </summary>
public static partial class NameTemplate
{
    private static readonly string[] s_places =
    [
        "market",
        "kind",
        "horizon",
        "paths",
        "as_of",
        "year",
        "quarter",
        "month",
        "since",
    ];

    /// <summary>
    /// Fills in: market (several as GLOBAL), kind (the category), horizon, paths, as_of (2025-03-31),
    /// year (2025), quarter (2025Q1), month (2025-03), since (first base year and ON, e.g. 2020ON).
    /// </summary>
    /// <exception cref="ScenarioRefusedException">An unknown place, or one whose value the request does not give.</exception>
    public static string Fill(string template, ScenarioRequest request, DateOnly asOf)
    {
        var errors = new List<FieldError>();
        string name = Place().Replace(template, match => Value(match.Groups["place"].Value, request, asOf, errors));
        if (errors.Count == 0 && name.AsSpan().IndexOfAny('{', '}') >= 0)
            errors.Add(new(ErrorCodes.OutOfRange, "name", $"'{template}' has a brace without its partner"));
        return errors.Count == 0 ? name : throw new ScenarioRefusedException(errors);
    }

    private static string Value(string place, ScenarioRequest request, DateOnly asOf, List<FieldError> errors)
    {
        string? value = place switch
        {
            "market" => request.Markets switch
            {
                { Count: 1 } one => one[0],
                { Count: > 1 } => "GLOBAL",
                _ => null,
            },
            "kind" => request.Category,
            "horizon" => request.HorizonDays?.ToString(CultureInfo.InvariantCulture),
            "paths" => request.NumPaths?.ToString(CultureInfo.InvariantCulture),
            "as_of" => asOf.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            "year" => asOf.ToString("yyyy", CultureInfo.InvariantCulture),
            "quarter" => string.Create(CultureInfo.InvariantCulture, $"{asOf.Year:0000}Q{(asOf.Month + 2) / 3}"),
            "month" => asOf.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            "since" => request.BaseDateStart is { } start
                ? string.Create(CultureInfo.InvariantCulture, $"{start.Year:0000}ON")
                : null,
            _ => string.Empty,
        };
        if (value is { Length: 0 })
            errors.Add(
                new(
                    ErrorCodes.UnknownKey,
                    "name",
                    $"'{{{place}}}' is not known; there are {string.Join(", ", s_places.Select(p => $"{{{p}}}"))}{Spelling.Suggest(place, s_places)}"
                )
            );
        else if (value is null)
            errors.Add(
                new(ErrorCodes.Missing, "name", $"'{{{place}}}' cannot be filled: the request does not give it")
            );
        return value ?? string.Empty;
    }

    [GeneratedRegex(@"\{(?<place>[^{}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
