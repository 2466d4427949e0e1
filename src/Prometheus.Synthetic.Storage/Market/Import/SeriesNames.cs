using System.Text.RegularExpressions;

namespace Prometheus.Synthetic.Storage.Market.Import;

/// <summary>Names by which common data sets call their series, for detection only: options override everything.</summary>
internal static partial class SeriesNames
{
    private static readonly HashSet<string> s_factors = new(StringComparer.OrdinalIgnoreCase)
    {
        // Fama–French, Carhart, AQR and the usual style factors.
        "MKT",
        "MKT_RF",
        "MKT-RF",
        "MKTRF",
        "SMB",
        "HML",
        "RMW",
        "CMA",
        "RF",
        "MOM",
        "UMD",
        "WML",
        "STREV",
        "LTREV",
        "QMJ",
        "BAB",
        "HMLDEVIL",
        "HML_DEVIL",
        "LOWVOL",
        "LOW_VOL",
        "VAL",
        "VALUE",
        "SIZE",
        "QUALITY",
        "MOMENTUM",
        "RATES",
        "CREDIT",
        "TERM",
        "DEF",
        "CARRY",
        "TREND",
        "LIQ",
        "PSL",
        "ROE",
        "IA",
        "ME",
        "EG",
    };

    private static readonly HashSet<string> s_dates = new(StringComparer.OrdinalIgnoreCase)
    {
        "date",
        "trade_date",
        "tradedate",
        "day",
        "datetime",
        "timestamp",
        "time",
        "as_of_date",
        "observation_date",
        "period",
        "index",
        "unnamed: 0",
    };

    private static readonly HashSet<string> s_ids = new(StringComparer.OrdinalIgnoreCase)
    {
        "id",
        "instrument_id",
        "instrument",
        "symbol",
        "ticker",
        "series_id",
        "series",
        "factor_id",
        "factor",
        "macro_id",
        "asset",
        "permno",
        "isin",
        "variable",
    };

    private static readonly Dictionary<string, TidyColumn> s_tidy = new(StringComparer.OrdinalIgnoreCase)
    {
        ["value"] = TidyColumn.Value,
        ["price"] = TidyColumn.Close,
        ["px"] = TidyColumn.Close,
        ["close"] = TidyColumn.Close,
        ["px_last"] = TidyColumn.Close,
        ["adj_close"] = TidyColumn.AdjustedClose,
        ["adj close"] = TidyColumn.AdjustedClose,
        ["adjclose"] = TidyColumn.AdjustedClose,
        ["adjusted_close"] = TidyColumn.AdjustedClose,
        ["open"] = TidyColumn.Open,
        ["high"] = TidyColumn.High,
        ["low"] = TidyColumn.Low,
        ["volume"] = TidyColumn.Volume,
        ["vol"] = TidyColumn.Volume,
        ["ret"] = TidyColumn.Return,
        ["ret_1d"] = TidyColumn.Return,
        ["return"] = TidyColumn.Return,
        ["returns"] = TidyColumn.Return,
        ["simple_return"] = TidyColumn.Return,
        ["log_return"] = TidyColumn.LogReturn,
        ["logret"] = TidyColumn.LogReturn,
        ["log_ret"] = TidyColumn.LogReturn,
        ["level"] = TidyColumn.Level,
    };

    public static bool IsDate(string header) => s_dates.Contains(header.Trim());

    public static bool IsId(string header) => s_ids.Contains(header.Trim());

    public static bool IsFactor(string name) => s_factors.Contains(name.Trim());

    public static bool IsMacro(string name) => Macro().IsMatch(name.Trim());

    public static TidyColumn? Tidy(string header) =>
        s_tidy.TryGetValue(header.Trim(), out TidyColumn column) ? column : null;

    /// <summary>Unit of a well-known series, by the publisher's definition; null when not known.</summary>
    public static string? UnitOf(string name)
    {
        string n = name.Trim().ToUpperInvariant();
        if (Percent().IsMatch(n))
            return "percent";
        if (n.StartsWith("VIX", StringComparison.Ordinal) || n.StartsWith("DTWEX", StringComparison.Ordinal))
            return "index";
        return n.StartsWith("DCOIL", StringComparison.Ordinal) ? "USD" : null;
    }

    [GeneratedRegex(
        "^(VIX.*|VXV.*|DGS\\d+(MO)?|T\\d+Y.*|DTB\\d+.*|DAAA|DBAA|AAA\\d*Y?|BAA\\d*Y?|BAA_AAA_SPREAD|BAML.*|DCOIL.*|DTWEX.*|DEX.*|DFF|DFII\\d+|FEDFUNDS|SOFR|TEDRATE|UNRATE|CPI.*|PCE.*|GDP.*|INDPRO|PAYEMS|HOUST|UMCSENT|M2.*|NFCI.*|STLFSI.*|.*_SPREAD|.*_YIELD|.*_RATE)$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Macro();

    [GeneratedRegex(
        "^(DGS.*|T\\d+Y.*|DTB.*|D?AAA.*|D?BAA.*|BAML.*|DFF|DFII.*|FEDFUNDS|SOFR|TEDRATE|UNRATE|.*_SPREAD|.*_YIELD|.*_RATE)$",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Percent();
}

/// <summary>Meaning of a value column in a tidy file.</summary>
internal enum TidyColumn
{
    Value,
    Close,
    AdjustedClose,
    Open,
    High,
    Low,
    Volume,
    Return,
    LogReturn,
    Level,
}
