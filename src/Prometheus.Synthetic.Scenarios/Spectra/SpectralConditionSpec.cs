using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Selection;

namespace Prometheus.Synthetic.Scenarios.Spectra;

/// <summary>
/// The key <c>spectral_condition</c>: days whose surroundings have a certain rhythm.
/// </summary>
/// <param name="WindowDays"><c>window_days</c>: days looked at, 16 to 252, default 63.</param>
/// <param name="Classes">
/// <c>classes</c>: allowed classes of the window that starts on the day (what such days led to); empty for any.
/// </param>
/// <param name="NearestShare">
/// <c>nearest_share</c>: the share of days, 0.01 to 1, whose preceding window is most like the one before the as-of date
/// (days on which the market had moved as it moves now); null for all.
/// </param>
/// <param name="Driver"><c>driver</c>: id of the series looked at; null for the mean of all instruments.</param>
public sealed record SpectralConditionSpec(
    int WindowDays,
    IReadOnlyList<WindowClass> Classes,
    double? NearestShare,
    string? Driver
)
{
    private const string Key = "spectral_condition";
    private const string Field = "generator_spec." + Key;
    private const int MaxDays = 252;

    /// <summary>Null when the key is absent.</summary>
    internal static SpectralConditionSpec? Read(SpecReader reader)
    {
        if (reader.OptionalObject(Key) is not { } own)
            return null;
        var spec = new SpectralConditionSpec(
            own.Integer("window_days", 63, WindowClassifier.MinDays, MaxDays),
            ReadClasses(own),
            own.OptionalNumber("nearest_share", 0.01, 1),
            own.OptionalText("driver")
        );
        if (spec.Classes.Count == 0 && spec.NearestShare is null && !own.Has("classes") && !own.Has("nearest_share"))
            own.Refuse(ErrorCodes.Missing, "classes", "is missing, and so is nearest_share; give at least one of them");
        own.Finish();
        return spec;
    }

    /// <summary>The conditions on the days of a snapshot.</summary>
    /// <exception cref="ScenarioRefusedException">Unknown driver, history too short, or a series that does not move.</exception>
    public IEnumerable<IDayCondition> Conditions(CalibrationSnapshot snapshot)
    {
        double[] series = SeriesOf(snapshot.Panel);
        if (series.Length < 2 * WindowDays)
            throw new ScenarioRefusedException(
                ErrorCodes.TooLittleHistory,
                Field + ".window_days",
                $"windows of {WindowDays} days need a history of at least {2 * WindowDays} days; there are {series.Length}; shorten window_days or widen the dates"
            );
        if (Classes.Count > 0)
            yield return new SpectralClassCondition(series, WindowDays, Classes);
        if (NearestShare is { } share)
            yield return new SpectralDistanceCondition(series, WindowDays, share);
    }

    private double[] SeriesOf(ShockPanel panel)
    {
        int[] columns =
        [
            .. Enumerable
                .Range(0, panel.Width)
                .Where(k =>
                    Driver is null ? panel.Drivers[k].Kind == DriverKind.Instrument : panel.Drivers[k].Id == Driver
                ),
        ];
        if (columns.Length == 0)
            throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                Field + ".driver",
                Driver is null
                    ? "the panel has no instruments; name a driver"
                    : $"'{Driver}' is not in the panel{Spelling.Suggest(Driver, panel.Drivers.Select(d => d.Id))}"
            );
        double[] series = new double[panel.Days];
        for (int t = 0; t < series.Length; t++)
        {
            double sum = 0;
            foreach (int k in columns)
                sum += panel[t, k];
            series[t] = sum / columns.Length;
        }

        if (series.All(r => r == series[0]))
            throw new ScenarioRefusedException(
                ErrorCodes.ConstantSeries,
                Field + ".driver",
                "the series does not move and has no spectrum; name another driver"
            );
        return series;
    }

    private static WindowClass[] ReadClasses(SpecReader reader)
    {
        string[] known = [.. Enum.GetNames<WindowClass>().Select(SnakeCase.Upper)];
        IReadOnlyList<string>? names = reader.OptionalTexts("classes", known.Length);
        if (names is { Count: 0 })
            reader.Refuse(ErrorCodes.OutOfRange, "classes", "is an empty list; leave the key out");
        var classes = new SortedSet<WindowClass>();
        foreach (string name in names ?? [])
        {
            int at = Array.IndexOf(known, name);
            if (at >= 0)
                classes.Add((WindowClass)at);
            else
                reader.Refuse(
                    ErrorCodes.UnknownValue,
                    "classes",
                    $"'{name}' is not one of {string.Join(", ", known)}{Spelling.Suggest(name, known)}"
                );
        }

        return [.. classes];
    }
}
