using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Tests.Diagnostics;

/// <summary>
/// A market of one common factor with volatility clustering: σ²_t = 10⁻⁶ + 0.12 f²_{t−1} + 0.86 σ²_{t−1}, and members that
/// load on it with weights 0.5 … 1.5 plus own noise.
/// </summary>
internal static class ClusteredMarket
{
    public static CalibrationSnapshot Snapshot(int days = 1500, int members = 6, ulong seed = 3)
    {
        var stream = new PhiloxStream(seed);
        double[] values = new double[days * members];
        double variance = 1e-4;
        double factor = 0;
        for (int t = 0; t < days; t++)
        {
            variance = 2e-6 + 0.12 * factor * factor + 0.86 * variance;
            factor = Math.Sqrt(variance) * stream.Normal(0, t, DrawPurpose.FactorInnovation);
            for (int k = 0; k < members; k++)
                values[t * members + k] =
                    3e-4
                    + (0.5 + k / (double)members) * factor
                    + 0.006 * stream.Normal(0, t, DrawPurpose.Residual, (uint)k);
        }

        Driver[] drivers =
        [
            .. Enumerable
                .Range(0, members)
                .Select(k => new Driver(DriverKind.Instrument, $"EQUITY:M{k:00}", Driver.SimpleReturn, 100)),
        ];
        DateOnly[] dates = [.. Enumerable.Range(0, days).Select(t => new DateOnly(2010, 1, 1).AddDays(t))];
        string[] labels = [.. dates.Select((_, t) => t < days / 2 ? "CARRY" : "CRISIS")];
        return new CalibrationSnapshot(dates[^1], new ShockPanel(drivers, dates, values))
        {
            Regimes = new RegimeHistory("halves", labels, [.. labels.Select(_ => 1.0)]),
        };
    }
}
