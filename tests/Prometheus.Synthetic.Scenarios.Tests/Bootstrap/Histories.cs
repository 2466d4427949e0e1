using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Tests.Bootstrap;

/// <summary>Made histories whose properties are known.</summary>
internal static class Histories
{
    /// <summary>
    /// Normal returns of 1 % a day with a common factor (correlation ½ between any two drivers), each cell its own
    /// number, so that a value tells the day it came from.
    /// </summary>
    public static ShockPanel Panel(int days, int width, ulong seed = 1)
    {
        var stream = new PhiloxStream(seed);
        double[] values = new double[days * width];
        for (int t = 0; t < days; t++)
        {
            double common = stream.Normal(t, 0, DrawPurpose.SimulatedMarket);
            for (int k = 0; k < width; k++)
                values[t * width + k] =
                    0.01 * Math.Sqrt(0.5) * (common + stream.Normal(t, k + 1, DrawPurpose.SimulatedMarket));
        }

        return Of(days, width, values);
    }

    public static ShockPanel Of(int days, int width, double[] values) =>
        new(
            [
                .. Enumerable
                    .Range(0, width)
                    .Select(k => new Driver(DriverKind.Instrument, $"EQUITY:T{k:000}", Driver.SimpleReturn)),
            ],
            Weekdays(days),
            values
        );

    public static DateOnly[] Weekdays(int count)
    {
        var dates = new List<DateOnly>();
        for (var d = new DateOnly(2015, 1, 1); dates.Count < count; d = d.AddDays(1))
        {
            if (d.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
                dates.Add(d);
        }

        return [.. dates];
    }

    public static CalibrationSnapshot Snapshot(ShockPanel panel) => new(panel.Dates[^1], panel);

    /// <summary>Labels by day number.</summary>
    public static CalibrationSnapshot WithRegimes(ShockPanel panel, Func<int, string?> label) =>
        Snapshot(panel) with
        {
            Regimes = new RegimeHistory(
                "test_v1",
                [.. Enumerable.Range(0, panel.Days).Select(label)],
                [.. Enumerable.Repeat(1.0, panel.Days)]
            ),
        };

    public static IPathGenerator Calibrate(
        IScenarioFamily family,
        CalibrationSnapshot snapshot,
        string spec,
        int paths,
        int horizon,
        string[]? regimes = null,
        ulong seed = 170
    ) =>
        family.Calibrate(
            snapshot,
            family.ParseSpec(JsonSerializer.Deserialize<JsonElement>(spec)),
            new GenerationShape(paths, horizon, seed),
            regimes
        );

    public static double[] All(IPathGenerator generator, int paths, int horizon)
    {
        double[] cells = new double[paths * horizon * generator.Drivers.Count];
        generator.Generate(0, cells);
        return cells;
    }

    /// <summary>The panel day behind each step of each path.</summary>
    public static int[][] Days(IPathGenerator generator, ShockPanel panel, int paths)
    {
        Dictionary<DateOnly, int> day = panel.Dates.Select((d, t) => (d, t)).ToDictionary(x => x.d, x => x.t);
        return
        [
            .. Enumerable
                .Range(0, paths)
                .Select(p => generator.Describe(p)!.SourceDates!.Select(d => day[d]).ToArray()),
        ];
    }
}
