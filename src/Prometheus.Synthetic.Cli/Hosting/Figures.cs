using System.Globalization;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>Figures as tables show them.</summary>
internal static class Figures
{
    /// <summary>Four significant digits; a dash for what is not defined.</summary>
    public static string Of(double? value) =>
        value is { } v && double.IsFinite(v) ? v.ToString("G4", CultureInfo.InvariantCulture) : "-";

    /// <summary>A distance in standard errors, one decimal.</summary>
    public static string Distance(double? errors) =>
        errors is not { } e ? "-"
        : e >= 1000 ? ">1000"
        : e.ToString("0.0", CultureInfo.InvariantCulture);

    public static string Percent(double? share) =>
        share is { } s && double.IsFinite(s) ? (100 * s).ToString("0.0", CultureInfo.InvariantCulture) + " %" : "-";
}
