using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Tests.Diagnostics;

/// <summary>A set whose shocks are a formula of path, step (1..H) and driver.</summary>
internal sealed class GivenSet(
    IReadOnlyList<Driver> drivers,
    int steps,
    Func<int, int, int, double> shock,
    Func<int, PathAnnotation?>? describe = null
) : IPathGenerator
{
    public IReadOnlyList<Driver> Drivers => drivers;

    public JsonObject Report { get; } = [];

    public void Generate(int firstPath, Span<double> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            int k = i % drivers.Count;
            int row = i / drivers.Count;
            destination[i] = shock(firstPath + row / steps, row % steps + 1, k);
        }
    }

    public PathAnnotation? Describe(int path) => describe?.Invoke(path);

    public static Driver[] Instruments(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(k => new Driver(DriverKind.Instrument, $"EQUITY:M{k:00}", Driver.SimpleReturn, 100)),
        ];

    /// <summary>A history of <paramref name="days"/> consecutive dates.</summary>
    public static CalibrationSnapshot History(IReadOnlyList<Driver> drivers, int days, Func<int, int, double> shock)
    {
        double[] values = new double[days * drivers.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = shock(i / drivers.Count, i % drivers.Count);
        DateOnly[] dates = [.. Enumerable.Range(0, days).Select(t => new DateOnly(2010, 1, 1).AddDays(t))];
        return new CalibrationSnapshot(dates[^1], new ShockPanel(drivers, dates, values));
    }
}
