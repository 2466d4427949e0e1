using Prometheus.Synthetic.Scenarios.Generation;

namespace Prometheus.Synthetic.Storage.Market;

/// <summary>What a calibration snapshot is asked to hold.</summary>
/// <param name="Markets">One market id or more, e.g. <c>US_EQ</c>.</param>
/// <param name="AsOf">End of the day whose knowledge may be used: no row of a later date is read.</param>
public sealed record CalibrationQuery(IReadOnlyList<string> Markets, DateOnly AsOf)
{
    /// <summary>First day of the window; null starts where the data start.</summary>
    public DateOnly? BaseDateStart { get; init; }

    /// <summary>Last day of the window; null, or a day after <see cref="AsOf"/>, ends at the as-of date.</summary>
    public DateOnly? BaseDateEnd { get; init; }

    public UniverseFilter Universe { get; init; } = UniverseFilter.Everything;

    /// <summary>Regime labels the request filters by; each must occur in the window. Null for no filter.</summary>
    public IReadOnlyList<string>? RegimeFilter { get; init; }

    /// <summary>What the family wants besides the instruments' returns.</summary>
    public DataNeeds Needs { get; init; } = new();

    public CalibrationLimits Limits { get; init; } = new();
}

/// <summary>Configured limits of a calibration; a refusal names the one that was met.</summary>
public sealed class CalibrationLimits
{
    public const string Section = "CalibrationLimits";

    /// <summary>Fewest days a window must hold.</summary>
    public int MinDays { get; set; } = 30;

    /// <summary>Most instruments a universe may hold before ragged history is resolved.</summary>
    public int MaxInstruments { get; set; } = 5_000;

    /// <summary>Most observations (instrument × day) that may be loaded.</summary>
    public long MaxObservations { get; set; } = 60_000_000;
}
