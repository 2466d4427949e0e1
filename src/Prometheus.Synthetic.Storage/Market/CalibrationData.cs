using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Storage.Market;

/// <summary>A calibration snapshot and how it came about.</summary>
public sealed record CalibrationData(CalibrationSnapshot Snapshot, CalibrationReport Report);

/// <summary>Where an instrument's returns came from.</summary>
public static class ReturnSource
{
    /// <summary>Simple returns as stored in <c>returns_daily</c>.</summary>
    public const string Returns = "returns_daily";

    /// <summary>Computed from <c>prices_daily.adjusted_close</c> (close where that is null).</summary>
    public const string Prices = "prices_daily";

    /// <summary>Stored returns, with days that only the prices have filled in from them.</summary>
    public const string Both = "returns_daily+prices_daily";
}

/// <summary>
/// What selection and alignment did, for the set's metadata and for people. Everything in it is a function of the
/// request and the data up to the as-of date.
/// </summary>
public sealed record CalibrationReport
{
    public required DateOnly AsOf { get; init; }

    /// <summary>First and last day of the panel.</summary>
    public required DateOnly FirstDay { get; init; }

    public required DateOnly LastDay { get; init; }

    /// <summary>Last day, at or before the as-of date, on which any instrument of the markets has data.</summary>
    public required DateOnly LatestDataDate { get; init; }

    /// <summary>Trading days of the window before the drivers' days were intersected.</summary>
    public required int CalendarDays { get; init; }

    /// <summary>Days of the panel.</summary>
    public required int Days { get; init; }

    /// <summary>Trading days that are not in the panel because a kept driver has no value on them.</summary>
    public required IReadOnlyList<DateOnly> DaysDropped { get; init; }

    /// <summary>How many instruments each filter took away, in the order applied.</summary>
    public required IReadOnlyList<FilterStep> Filters { get; init; }

    public required IReadOnlyList<KeptDriver> Kept { get; init; }

    public required IReadOnlyList<DroppedDriver> Dropped { get; init; }

    public RegimeUse? Regimes { get; init; }

    /// <summary>Sentences for people: clipped dates, stale exposures, fallbacks taken.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <param name="Name">The key of <c>universe_filter</c> that was applied.</param>
/// <param name="Removed">Instruments it removed.</param>
/// <param name="Remaining">Instruments left after it.</param>
public sealed record FilterStep(string Name, int Removed, int Remaining);

/// <param name="Coverage">Share of the window's trading days on which the driver has a value.</param>
/// <param name="Source">Table the values came from.</param>
/// <param name="CarryDays">Macro series: the oldest age in calendar days at which a level was carried forward.</param>
public sealed record KeptDriver(DriverKind Kind, string Id, double Coverage, string Source, int? CarryDays = null);

/// <param name="Reason">Why, in words, with the figure that decided.</param>
public sealed record DroppedDriver(DriverKind Kind, string Id, string Reason, double Coverage);

/// <param name="Days">Panel days per label; days without a usable label are not counted.</param>
/// <param name="Unlabelled">Panel days without a label, or with one below the confidence floor.</param>
public sealed record RegimeUse(
    string ModelId,
    string Region,
    double MinConfidence,
    IReadOnlyDictionary<string, int> Days,
    int Unlabelled
);
