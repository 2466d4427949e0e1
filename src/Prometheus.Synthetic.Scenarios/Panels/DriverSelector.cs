using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Scenarios.Panels;

/// <summary>
/// Which drivers something applies to: every criterion given must hold. Ids match a driver's id; attributes match the
/// facts of <see cref="Driver.Attributes"/>.
/// </summary>
public sealed record DriverSelector
{
    private static readonly string[] s_attributes =
    [
        "market_id",
        "issuer_id",
        "asset_class",
        "sector",
        "industry",
        "country",
        "currency",
    ];

    public DriverKind? Kind { get; init; }

    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>Attribute name → allowed values.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Attributes { get; init; } =
        new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>Reads <c>kind</c>, <c>ids</c> and the attribute keys; the caller finishes the reader.</summary>
    public static DriverSelector Read(SpecReader reader)
    {
        DriverKind? kind = reader.Choice("kind", string.Empty, "INSTRUMENT", "FACTOR", "MACRO") switch
        {
            "INSTRUMENT" => DriverKind.Instrument,
            "FACTOR" => DriverKind.Factor,
            "MACRO" => DriverKind.Macro,
            _ => null,
        };
        IReadOnlyList<string>? ids = reader.OptionalTexts("ids");
        if (ids is { Count: 0 })
            reader.Refuse(ErrorCodes.OutOfRange, "ids", "is empty; name drivers or leave it out");
        var attributes = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (string attribute in s_attributes)
        {
            if (reader.OptionalTexts(attribute) is { Count: > 0 } values)
                attributes[attribute] = values;
        }

        return new DriverSelector
        {
            Kind = kind,
            Ids = ids,
            Attributes = attributes,
        };
    }

    public bool Matches(Driver driver) =>
        (Kind is null || driver.Kind == Kind)
        && (Ids is null || Ids.Contains(driver.Id, StringComparer.Ordinal))
        && Attributes.All(a =>
            driver.Attributes.TryGetValue(a.Key, out string? value) && a.Value.Contains(value, StringComparer.Ordinal)
        );

    /// <summary>Indices of the matching drivers, ascending.</summary>
    public int[] Among(IReadOnlyList<Driver> drivers) =>
        [.. Enumerable.Range(0, drivers.Count).Where(k => Matches(drivers[k]))];

    /// <summary>What was asked for, in words for a refusal.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        if (Kind is { } kind)
            parts.Add($"kind {kind.ToString().ToUpperInvariant()}");
        if (Ids is { } ids)
            parts.Add($"ids {string.Join(", ", ids.Take(5))}");
        parts.AddRange(Attributes.Select(a => $"{a.Key} {string.Join(", ", a.Value.Take(5))}"));
        return parts.Count == 0 ? "every driver" : string.Join(" and ", parts);
    }
}
