namespace Prometheus.Synthetic.Storage.Market.Import;

/// <summary>What the numbers of a file are.</summary>
public enum ImportValues
{
    /// <summary>Prices, above zero; returns are computed from them.</summary>
    Prices,

    /// <summary>Simple returns, decimals above −1.</summary>
    Returns,

    /// <summary>Log returns; stored as simple returns eˡ − 1.</summary>
    LogReturns,

    /// <summary>Levels of a macro series, any sign.</summary>
    Levels,
}

/// <summary>What the series of a file are.</summary>
public enum ImportTarget
{
    Instruments,
    Factors,
    Macro,
}

/// <summary>How the cells lie.</summary>
public enum ImportLayout
{
    /// <summary>A date column and one column per series.</summary>
    Wide,

    /// <summary>A row per date and series: date, id, value (or open, high, low, close, adjusted_close, volume).</summary>
    Tidy,
}

/// <summary>What the caller says about a file; null is detected from header, file name and numbers.</summary>
public sealed record ImportOptions
{
    public ImportValues? Values { get; init; }

    public ImportTarget? As { get; init; }

    public string MarketId { get; init; } = "US_EQ";

    /// <summary>Prefix of the instrument ids, e.g. EQUITY or ETF; an id that has a prefix already keeps it.</summary>
    public string? AssetClass { get; init; }

    public string Currency { get; init; } = "USD";

    /// <summary>Returns and factor values are in percent and are divided by 100.</summary>
    public bool Percent { get; init; }

    /// <summary>Unit of the macro series; null: by known series names, else none.</summary>
    public string? Unit { get; init; }

    /// <summary>Where the data come from; kept in the metadata of the rows that describe instruments and series.</summary>
    public string? Source { get; init; }

    /// <summary>Refuse the whole file if any cell or row is rejected.</summary>
    public bool Strict { get; init; }
}
