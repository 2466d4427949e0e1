namespace Prometheus.Synthetic.Scenarios.Panels;

/// <summary>What a column of a panel is. Exactly one of the three ids of <c>scenario_paths</c> is set by it.</summary>
public enum DriverKind
{
    Instrument = 0,
    Factor = 1,
    Macro = 2,
}

/// <summary>One column of a panel: an instrument, a factor or a macro series.</summary>
/// <param name="Kind">Instrument and factor shocks are simple returns per step; macro shocks are level changes.</param>
/// <param name="Id">Platform id, e.g. <c>EQUITY:AAPL</c>, <c>MKT</c>, <c>DGS10</c>.</param>
/// <param name="Unit">Unit of a shock: <c>simple_return</c>, or the macro series' own unit, e.g. <c>percent</c>.</param>
/// <param name="BaseLevel">Price or level at the as-of date where known; turns shocks into prices or levels.</param>
public sealed record Driver(DriverKind Kind, string Id, string Unit, double? BaseLevel = null)
{
    public const string SimpleReturn = "simple_return";

    /// <summary>Facts a generator may select by: market_id, issuer_id, asset_class, sector, country, currency. Sorted by key.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } =
        new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Canonical order of the columns of every panel and every set: by kind, then by id (ordinal).</summary>
    public static int CompareCanonical(Driver a, Driver b)
    {
        int byKind = a.Kind.CompareTo(b.Kind);
        return byKind != 0 ? byKind : string.CompareOrdinal(a.Id, b.Id);
    }
}
