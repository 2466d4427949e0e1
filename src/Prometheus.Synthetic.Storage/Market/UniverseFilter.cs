using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Storage.Market;

/// <summary>What to do with instruments whose history has holes inside the window.</summary>
public enum HistoryPolicy
{
    /// <summary>
    /// <c>intersect</c>: instruments below the minimum coverage, or without data at the window's end, are dropped; of
    /// the trading days those remain on which every kept instrument has a return, at the price of a few days.
    /// </summary>
    Intersect,

    /// <summary><c>listed_whole_window</c>: only instruments with a return on every trading day are kept; no day is lost.</summary>
    ListedWholeWindow,
}

/// <summary>Which days are trading days of the window.</summary>
public enum TradingCalendar
{
    /// <summary><c>majority</c>: days on which at least half of the instruments then listed have a return.</summary>
    Majority,

    /// <summary><c>union</c>: days on which any instrument has a return.</summary>
    Union,
}

/// <summary>
/// The <c>universe_filter</c> of a request: which instruments of the markets enter, and how ragged history is resolved.
/// Lists are allowed values (null = all). Everything is judged on data up to the as-of date alone; the present status
/// of an instrument (delisted or not) is not looked at, because it is later knowledge.
/// </summary>
public sealed record UniverseFilter
{
    public const double DefaultMinCoverage = 0.95;
    public const double DefaultMaxDaysLost = 0.05;
    public const int DefaultTradedValueDays = 63;

    /// <summary>Where the filter stands in a request; the prefix of its errors' fields.</summary>
    public const string Path = "universe_filter";

    public IReadOnlyList<string>? AssetClasses { get; init; }

    public IReadOnlyList<string>? Sectors { get; init; }

    public IReadOnlyList<string>? Countries { get; init; }

    public IReadOnlyList<string>? Currencies { get; init; }

    public IReadOnlyList<string>? Issuers { get; init; }

    /// <summary>Explicit instruments; each must exist in the markets.</summary>
    public IReadOnlyList<string>? Instruments { get; init; }

    public IReadOnlyList<string>? ExcludeInstruments { get; init; }

    public IReadOnlyList<string>? ExcludeAssetClasses { get; init; }

    public IReadOnlyList<string>? ExcludeSectors { get; init; }

    public IReadOnlyList<string>? ExcludeCountries { get; init; }

    public IReadOnlyList<string>? ExcludeIssuers { get; init; }

    /// <summary>Factors that enter the panel beside the instruments, by id; <c>["*"]</c> takes all of enough coverage.</summary>
    public IReadOnlyList<string>? Factors { get; init; }

    /// <summary>Macro series that enter the panel beside the instruments, by id, as changes of their level.</summary>
    public IReadOnlyList<string>? Macros { get; init; }

    /// <summary>Least median of close × volume over <see cref="TradedValueDays"/> days, in the instrument's currency.</summary>
    public double? MinTradedValue { get; init; }

    /// <summary>Number of an instrument's latest days (at or before the as-of date) the median is taken over.</summary>
    public int TradedValueDays { get; init; } = DefaultTradedValueDays;

    /// <summary>Least share of the window's trading days on which a driver has a value, 0..1.</summary>
    public double MinCoverage { get; init; } = DefaultMinCoverage;

    public HistoryPolicy HistoryPolicy { get; init; }

    /// <summary>Largest share of trading days that intersecting may cost before the request is refused, 0..1.</summary>
    public double MaxDaysLost { get; init; } = DefaultMaxDaysLost;

    public TradingCalendar Calendar { get; init; }

    /// <summary>Keeps at most so many instruments: those of the highest median traded value, ties by id.</summary>
    public int? MaxInstruments { get; init; }

    /// <summary>
    /// Oldest age, in calendar days, at which a macro level still stands for a day. Null: per series twice its median
    /// spacing, at least 5 (so 5 for a daily series, about 62 for a monthly one).
    /// </summary>
    public int? MacroCarryDays { get; init; }

    /// <summary>Stability and fragility buckets; an instrument must be in every one.</summary>
    public IReadOnlyList<BucketFilter> Buckets { get; init; } = [];

    /// <summary>The regime model; null takes the one that labelled last.</summary>
    public string? RegimeModelId { get; init; }

    /// <summary>The region of the regimes; null takes the markets' own (GLOBAL where they differ).</summary>
    public string? RegimeRegion { get; init; }

    /// <summary>A day whose label is less sure than this counts as unlabelled, 0..1.</summary>
    public double RegimeMinConfidence { get; init; }

    /// <summary>Oldest age, in calendar days, at which a label still stands for a day; 0: labels of the day itself only.</summary>
    public int RegimeCarryDays { get; init; }

    /// <summary>Everything in the markets, default policies.</summary>
    public static UniverseFilter Everything { get; } = new();

    /// <exception cref="ScenarioRefusedException">Every unknown key, wrong type and value out of range, at once.</exception>
    public static UniverseFilter Parse(JsonElement? universeFilter)
    {
        var reader = new SpecReader(Path, universeFilter);
        var filter = new UniverseFilter
        {
            AssetClasses = List(reader, "asset_classes"),
            Sectors = List(reader, "sectors"),
            Countries = List(reader, "countries"),
            Currencies = List(reader, "currencies"),
            Issuers = List(reader, "issuers"),
            Instruments = List(reader, "instruments"),
            ExcludeInstruments = reader.OptionalTexts("exclude_instruments"),
            ExcludeAssetClasses = reader.OptionalTexts("exclude_asset_classes"),
            ExcludeSectors = reader.OptionalTexts("exclude_sectors"),
            ExcludeCountries = reader.OptionalTexts("exclude_countries"),
            ExcludeIssuers = reader.OptionalTexts("exclude_issuers"),
            Factors = List(reader, "factors"),
            Macros = List(reader, "macros"),
            MinTradedValue = reader.OptionalNumber("min_traded_value", 0, 1e18),
            TradedValueDays = reader.Integer("traded_value_days", DefaultTradedValueDays, 1, 2_520),
            MinCoverage = reader.Number("min_coverage", DefaultMinCoverage, 0, 1),
            HistoryPolicy = reader.Choice("history_policy", "intersect", "intersect", "listed_whole_window")
                is "listed_whole_window"
                ? HistoryPolicy.ListedWholeWindow
                : HistoryPolicy.Intersect,
            MaxDaysLost = reader.Number("max_days_lost", DefaultMaxDaysLost, 0, 1),
            Calendar = reader.Choice("calendar", "majority", "majority", "union") is "union"
                ? TradingCalendar.Union
                : TradingCalendar.Majority,
            MaxInstruments = reader.OptionalInteger("max_instruments", 1, 100_000),
            MacroCarryDays = reader.OptionalInteger("macro_carry_days", 0, 400),
            Buckets = [.. reader.Objects("buckets", 20).Select(BucketFilter.Read)],
            RegimeModelId = reader.OptionalText("regime_model_id"),
            RegimeRegion = reader.OptionalText("regime_region"),
            RegimeMinConfidence = reader.Number("regime_min_confidence", 0, 0, 1),
            RegimeCarryDays = reader.Integer("regime_carry_days", 0, 0, 400),
        };
        reader.Finish();
        reader.ThrowIfRefused();
        return filter;
    }

    private static IReadOnlyList<string>? List(SpecReader reader, string key)
    {
        IReadOnlyList<string>? list = reader.OptionalTexts(key);
        if (list is { Count: 0 })
            reader.Refuse(ErrorCodes.OutOfRange, key, "is an empty list, which nothing can match; leave the key out");
        return list;
    }
}
