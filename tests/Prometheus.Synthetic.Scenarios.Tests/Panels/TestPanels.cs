using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Tests.Panels;

/// <summary>Panels whose numbers follow from a seed.</summary>
internal static class TestPanels
{
    public static readonly DateOnly FirstDay = new(2020, 1, 1);

    public static ShockPanel Normal(int days, int width, ulong seed = 1)
    {
        double[] values = new double[days * width];
        var stream = new PhiloxStream(seed);
        for (int t = 0; t < days; t++)
            stream.FillNormals(values.AsSpan(t * width, width), 0, t, DrawPurpose.SimulatedMarket);
        for (int i = 0; i < values.Length; i++)
            values[i] *= 0.01;
        return new ShockPanel(Instruments(width), Dates(days), values);
    }

    public static Driver[] Instruments(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(k => new Driver(DriverKind.Instrument, $"EQUITY:N{k:D4}", Driver.SimpleReturn, 100 + k)),
        ];

    public static DateOnly[] Dates(int days) => [.. Enumerable.Range(0, days).Select(FirstDay.AddDays)];
}
