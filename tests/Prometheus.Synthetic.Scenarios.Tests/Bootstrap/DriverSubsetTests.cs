using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Tests.Bootstrap;

/// <summary>
/// With a given block length a driver's path does not depend on which others are there, nor on their order: days are
/// drawn for all, and what is done to a value is done to each alone. Nineteen drivers go through whole vectors,
/// one of them of returns and level changes, and a rest; three of them through the rest only.
/// </summary>
public sealed class DriverSubsetTests
{
    private const int Paths = 25;
    private const int Horizon = 40;

    [Theory]
    [InlineData("""{"block_length":6}""")]
    [InlineData("""{"block_length":6,"seam_smoothing_days":3}""")]
    [InlineData("""{"block_length":6,"half_life_days":60,"marginals":"history"}""")]
    [InlineData("""{"filter":{"model":"ewma"}}""")]
    [InlineData("""{"filter":{"model":"garch","volatility_cap":1.2}}""")]
    public void A_driver_s_paths_are_its_own(string spec)
    {
        ShockPanel all = Mixed(Histories.Panel(600, 19));
        int[] some = [4, 9, 15];
        double[] values = new double[all.Days * some.Length];
        for (int t = 0; t < all.Days; t++)
        {
            for (int k = 0; k < some.Length; k++)
                values[t * some.Length + k] = all[t, some[k]];
        }

        var few = new ShockPanel([.. some.Select(k => all.Drivers[k])], all.Dates, values);
        double[] a = Draw(all, spec);
        double[] b = Draw(few, spec);
        for (int row = 0; row < Paths * Horizon; row++)
        {
            for (int k = 0; k < some.Length; k++)
                Assert.Equal(
                    BitConverter.DoubleToInt64Bits(a[row * all.Width + some[k]]),
                    BitConverter.DoubleToInt64Bits(b[row * some.Length + k])
                );
        }
    }

    /// <summary>The last five drivers are macro series: levels change by what they change by, without a logarithm.</summary>
    private static ShockPanel Mixed(ShockPanel panel) =>
        new(
            [
                .. panel.Drivers.Select(
                    (d, k) => k >= 14 ? new Driver(DriverKind.Macro, $"RATE{k:00}", "percent", 3.0) : d
                ),
            ],
            panel.Dates,
            panel.Values.ToArray()
        );

    private static double[] Draw(ShockPanel panel, string spec) =>
        Histories.All(
            Histories.Calibrate(new BlockBootstrapFamily(), Histories.Snapshot(panel), spec, Paths, Horizon),
            Paths,
            Horizon
        );
}
