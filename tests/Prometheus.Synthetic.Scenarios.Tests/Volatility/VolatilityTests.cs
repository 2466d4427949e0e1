using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Tests.Bootstrap;
using Prometheus.Synthetic.Scenarios.Volatility;

namespace Prometheus.Synthetic.Scenarios.Tests.Volatility;

public sealed class VolatilityTests
{
    // Closed recursion: reference figures to 1e-8 relative.
    [Fact]
    public void Ewma_of_real_returns()
    {
        RealData prices = RealData.Us20Prices();
        double[] variance = EwmaVariance.Of(RealData.LogReturns(prices["AAPL"]), 0.94);
        Assert.Equal(0.02258604186513006, Math.Sqrt(variance[^1]), 1e-10);
        int day = Array.IndexOf(prices.Dates, new DateOnly(2008, 10, 15)) - 1;
        Assert.Equal(0.004284388895098544, variance[day], 1e-11);
    }

    // Another implementation's maximum: parameters 1e-3 relative, likelihood not lower by more than 1e-3.
    [Theory]
    [InlineData(
        false,
        0.17164910086971177,
        0.058066047776053994,
        0.08060335645192496,
        0.9189669337053101,
        0.0,
        -19161.45804672695
    )]
    [InlineData(
        true,
        0.11850375256396715,
        0.028668603162626906,
        0.05299202424695495,
        0.9461621263986839,
        4.601145862907095,
        -18606.335873036023
    )]
    public void Garch_of_real_returns_agrees_with_arch(
        bool studentT,
        double mu,
        double omega,
        double alpha,
        double beta,
        double nu,
        double logLikelihood
    )
    {
        double[] percent = [.. RealData.LogReturns(RealData.Us20Prices()["AAPL"]).Select(r => 100 * r)];
        Garch fit = GarchFit.Fit(percent, studentT);
        Assert.True(fit.Converged);
        Assert.True(fit.LogLikelihood >= logLikelihood - 1e-3, $"{fit.LogLikelihood} is below {logLikelihood}");
        Assert.Equal(mu, fit.Mean, 1e-3 * mu);
        Assert.Equal(alpha, fit.Alpha, 1e-3 * alpha);
        Assert.Equal(beta, fit.Beta, 1e-3 * beta);
        Assert.Equal(omega, fit.Omega, 2e-3 * omega);
        if (studentT)
            Assert.Equal(nu, fit.DegreesOfFreedom!.Value, 1e-3 * nu);
    }

    [Fact]
    public void Garch_is_recovered_from_its_own_simulation()
    {
        double[] x = Simulate(6_000, 0.0005, 2e-6, 0.08, 0.90, 11);
        Garch fit = GarchFit.Fit(x, studentT: false);
        // Asymptotic standard errors at n = 6,000 for these values are near 0.009 (α) and 0.012 (β); four of them.
        Assert.InRange(fit.Alpha, 0.08 - 0.036, 0.08 + 0.036);
        Assert.InRange(fit.Beta, 0.90 - 0.048, 0.90 + 0.048);
        Assert.InRange(Math.Sqrt(fit.Omega / (1 - fit.Persistence)), 0.008, 0.0125);
    }

    [Fact]
    public void Filtered_paths_start_at_todays_volatility_and_stay_above_minus_one()
    {
        // A calm history that ends in a storm: today's volatility is several times the average.
        double[] x = Simulate(1_000, 0, 1e-6, 0.05, 0.90, 3);
        for (int t = 960; t < 1_000; t++)
            x[t] *= 6;
        ShockPanel panel = Histories.Of(1_000, 1, x);
        IPathGenerator generator = Histories.Calibrate(
            new BlockBootstrapFamily(),
            Histories.Snapshot(panel),
            """{"filter":{"model":"ewma"}}""",
            20_000,
            5
        );
        double[] cells = Histories.All(generator, 20_000, 5);
        double today = generator.Report["filter"]!["drivers"]![0]!["volatility_today"]!.GetValue<double>();
        double[] first = [.. cells.Where((_, i) => i % 5 == 0)];
        double mean = first.Average();
        double deviation = Math.Sqrt(first.Average(r => (r - mean) * (r - mean)));
        Assert.True(today > 3 * Math.Sqrt(x[..900].Average(r => r * r)));
        // Residuals have variance 1 over the history, and each day is drawn equally often: the first step's deviation is
        // today's volatility but for sampling error √((κ−1)/4n) with κ below 8 and the curvature of exp (σ²/2 relative).
        Assert.InRange(deviation / today, 0.955, 1.045);
        Assert.All(cells, r => Assert.True(r > -1.0));
    }

    [Fact]
    public void Constant_series_and_short_histories_are_refused()
    {
        double[] values = Histories.Panel(300, 2).Values.ToArray();
        for (int t = 0; t < 300; t++)
            values[t * 2 + 1] = 0.0;
        Assert.Equal(ErrorCodes.ConstantSeries, Code(Histories.Of(300, 2, values), "ewma"));
        Assert.Equal(ErrorCodes.TooLittleHistory, Code(Histories.Panel(100, 2), "garch"));

        static string Code(ShockPanel panel, string model) =>
            Assert
                .Throws<ScenarioRefusedException>(() =>
                    Histories.Calibrate(
                        new BlockBootstrapFamily(),
                        Histories.Snapshot(panel),
                        "{\"filter\":{\"model\":\"" + model + "\"}}",
                        1,
                        5
                    )
                )
                .Errors[0]
                .Code;
    }

    private static double[] Simulate(int n, double mean, double omega, double alpha, double beta, ulong seed)
    {
        var stream = new PhiloxStream(seed);
        double variance = omega / (1 - alpha - beta);
        double[] x = new double[n];
        for (int t = 0; t < n; t++)
        {
            double e = Math.Sqrt(variance) * stream.Normal(0, t, DrawPurpose.SimulatedMarket);
            x[t] = mean + e;
            variance = omega + alpha * e * e + beta * variance;
        }

        return x;
    }
}
