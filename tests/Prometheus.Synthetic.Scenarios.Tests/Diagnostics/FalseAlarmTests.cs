using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Diagnostics;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Tests.Diagnostics;

/// <summary>
/// Days drawn one by one from the sample they are held against: whatever a check of single days finds is chance. A day of
/// twenty deviations that a small set happens to lack makes its volatility too low and its own spread far too small to
/// say so; a share that is low by chance has a low error by the same chance.
/// </summary>
public sealed class FalseAlarmTests
{
    private const int Sets = 40;
    private const int Days = 1_500;
    private const int Width = 24;

    [Theory]
    [InlineData(3.0)]
    [InlineData(30.0)]
    public void Checks_of_single_days_hardly_ever_warn_of_days_from_the_sample(double degreesOfFreedom)
    {
        CalibrationSnapshot market = Market(degreesOfFreedom);
        var family = new BlockBootstrapFamily();
        IGeneratorSpec spec = family.ParseSpec(
            JsonSerializer.Deserialize<JsonElement>("""{"scheme":"circular","block_length":1}""")
        );
        int warnings = 0;
        int checks = 0;
        for (ulong seed = 1; seed <= Sets; seed++)
        {
            var shape = new GenerationShape(400, 5, seed);
            FidelityCheck[] single =
            [
                .. SetDiagnostics
                    .Of(market, family.Calibrate(market, spec, shape, null), shape)
                    .Fidelity.Where(c => c.Name != "autocorrelation" && c.Verdict != Verdict.NotApplicable),
            ];
            checks += single.Length;
            warnings += single.Count(c => c.Verdict == Verdict.Warn);
        }

        // One in a thousand of 320 checks: more than two with a probability below 0.005.
        Assert.Equal(8 * Sets, checks);
        Assert.InRange(warnings, 0, 2);
    }

    /// <summary>Half of each driver's variance is the market's; Student-t days of 1 %.</summary>
    private static CalibrationSnapshot Market(double degreesOfFreedom)
    {
        var t = new StudentT(degreesOfFreedom);
        var stream = new PhiloxStream(1908);
        double[] values = new double[Days * Width];
        for (int d = 0; d < Days; d++)
        {
            double market = t.Quantile(stream.Uniform(d, 0, DrawPurpose.SimulatedMarket));
            for (int k = 0; k < Width; k++)
            {
                double own = t.Quantile(stream.Uniform(d, k + 1, DrawPurpose.SimulatedMarket));
                values[d * Width + k] = Math.Max(-0.9, 0.01 * Math.Sqrt(0.5) * (market + own));
            }
        }

        Driver[] drivers =
        [
            .. Enumerable
                .Range(0, Width)
                .Select(k => new Driver(DriverKind.Instrument, $"EQUITY:T{k:00}", Driver.SimpleReturn)),
        ];
        DateOnly[] dates = [.. Enumerable.Range(0, Days).Select(d => new DateOnly(2010, 1, 1).AddDays(d))];
        return new CalibrationSnapshot(dates[^1], new ShockPanel(drivers, dates, values));
    }
}
