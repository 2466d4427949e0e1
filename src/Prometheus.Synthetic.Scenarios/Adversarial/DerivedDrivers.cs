using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>
/// Drivers whose return follows from others', so that no scenario contradicts itself: an index with named constituents
/// is their weighted sum, and an exchange rate that does not hold the pivot currency closes its triangle through it.
/// </summary>
public sealed class DerivedDrivers
{
    /// <summary>The driver attribute that may name an index' constituents as a JSON object of weights.</summary>
    public const string ConstituentsAttribute = "constituents";

    private const string Pivot = "USD";

    private readonly List<(int Driver, int[] Constituents, double[] Weights)> _indices = [];
    private readonly List<(int Driver, Leg Long, Leg Short)> _crosses = [];

    /// <summary>A currency against the pivot: 1 + r of its pair, or its inverse.</summary>
    private readonly record struct Leg(int Driver, bool Inverse);

    public DerivedDrivers(
        IReadOnlyList<Driver> drivers,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> indices
    )
    {
        Dictionary<string, int> instruments = Enumerable
            .Range(0, drivers.Count)
            .Where(k => drivers[k].Kind == DriverKind.Instrument)
            .ToDictionary(k => drivers[k].Id, k => k, StringComparer.Ordinal);
        FindIndices(drivers, instruments, indices);
        FindCrosses(drivers, instruments);
    }

    /// <summary>Indices of the drivers that are derived.</summary>
    public IEnumerable<int> Drivers => _indices.Select(i => i.Driver).Concat(_crosses.Select(c => c.Driver)).Order();

    /// <summary>The derived drivers' first-order dependence on the others: driver → weights by driver.</summary>
    public IEnumerable<(int Driver, int[] On, double[] Weights)> Linear()
    {
        foreach ((int driver, Leg @long, Leg @short) in _crosses)
            yield return (
                driver,
                [@long.Driver, @short.Driver],
                [@long.Inverse ? -1.0 : 1.0, @short.Inverse ? 1.0 : -1.0]
            );
        foreach ((int driver, int[] constituents, double[] weights) in _indices)
            yield return (driver, constituents, weights);
    }

    /// <summary>Overwrites the derived drivers of one day by what follows from the others, exactly.</summary>
    public void Close(Span<double> day)
    {
        foreach ((int driver, Leg @long, Leg @short) in _crosses)
            day[driver] = Gross(day, @long) / Gross(day, @short) - 1.0;
        foreach ((int driver, int[] constituents, double[] weights) in _indices)
        {
            double sum = 0.0;
            for (int i = 0; i < constituents.Length; i++)
                sum += weights[i] * day[constituents[i]];
            day[driver] = Math.Max(sum, ThreatModel.HardLowerReturn);
        }
    }

    private static double Gross(ReadOnlySpan<double> day, Leg leg) =>
        leg.Inverse ? 1.0 / (1.0 + day[leg.Driver]) : 1.0 + day[leg.Driver];

    private void FindIndices(
        IReadOnlyList<Driver> drivers,
        Dictionary<string, int> instruments,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> named
    )
    {
        foreach ((string id, int k) in instruments.OrderBy(p => p.Value))
        {
            IReadOnlyDictionary<string, double>? weights = named.TryGetValue(
                id,
                out IReadOnlyDictionary<string, double>? given
            )
                ? given
                : FromAttribute(drivers[k]);
            // An index of which a constituent is missing says nothing about the others.
            if (
                weights is null
                || weights.Count == 0
                || !weights.Keys.All(instruments.ContainsKey)
                || weights.ContainsKey(id)
            )
                continue;
            string[] order = [.. weights.Keys.Order(StringComparer.Ordinal)];
            _indices.Add((k, [.. order.Select(c => instruments[c])], [.. order.Select(c => weights[c])]));
        }
    }

    private static Dictionary<string, double>? FromAttribute(Driver driver)
    {
        if (!driver.Attributes.TryGetValue(ConstituentsAttribute, out string? json))
            return null;
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, double>>(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void FindCrosses(IReadOnlyList<Driver> drivers, Dictionary<string, int> instruments)
    {
        var pairs = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach ((string id, int k) in instruments)
        {
            string symbol = id[(id.IndexOf(':', StringComparison.Ordinal) + 1)..]
                .Replace("/", "", StringComparison.Ordinal);
            bool isFx = drivers[k].Attributes.TryGetValue("asset_class", out string? asset)
                ? asset == "FX"
                : id.StartsWith("FX:", StringComparison.Ordinal);
            if (isFx && symbol.Length == 6 && symbol.All(char.IsAsciiLetterUpper))
                pairs.TryAdd(symbol, k);
        }

        foreach ((string symbol, int k) in pairs)
        {
            if (symbol[..3] == Pivot || symbol[3..] == Pivot)
                continue;
            if (LegOf(pairs, symbol[..3]) is { } @long && LegOf(pairs, symbol[3..]) is { } @short)
                _crosses.Add((k, @long, @short));
        }
    }

    private static Leg? LegOf(SortedDictionary<string, int> pairs, string currency) =>
        pairs.TryGetValue(currency + Pivot, out int direct) ? new Leg(direct, false)
        : pairs.TryGetValue(Pivot + currency, out int inverse) ? new Leg(inverse, true)
        : null;
}
