using Prometheus.Synthetic.Scenarios.Analysis;
using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Tests.Bootstrap;

/// <summary>What a bootstrap of a real market keeps: mean, volatility, cross-correlation, and clustering within blocks.</summary>
public sealed class RealPanelTests
{
    private const int Paths = 2_000;
    private const int Horizon = 60;

    [Fact]
    public void Blocks_keep_moments_correlation_and_clustering()
    {
        ShockPanel panel = Us20();
        IPathGenerator generator = Histories.Calibrate(
            new BlockBootstrapFamily(),
            Histories.Snapshot(panel),
            """{"block_length":30}""",
            Paths,
            Horizon
        );
        double[] cells = Histories.All(generator, Paths, Horizon);
        int width = panel.Width;
        int rows = Paths * Horizon;
        for (int k = 0; k < width; k++)
        {
            double[] history = panel.Column(k);
            double[] drawn = [.. Enumerable.Range(0, rows).Select(i => cells[i * width + k])];
            double deviation = Deviation(history);
            // Blocks of mean 30: at least 120,000/59 independent blocks' worth; five standard errors of the mean.
            double error = 5 * deviation / Math.Sqrt(rows / 59.0);
            Assert.InRange(drawn.Average(), history.Average() - error, history.Average() + error);
            // Variances of clustered heavy-tailed returns: the squares' own block variance gives the error.
            double[] squares = [.. history.Select(r => r * r)];
            double squaresError = 5 * Deviation(squares) * Math.Sqrt(Inflation(squares, 60) / rows) / (2 * deviation);
            Assert.InRange(Deviation(drawn), deviation - squaresError, deviation + squaresError);
        }

        double[] a = [.. Enumerable.Range(0, rows).Select(i => cells[i * width])];
        double[] b = [.. Enumerable.Range(0, rows).Select(i => cells[i * width + 1])];
        Assert.InRange(
            Correlation(a, b),
            Correlation(panel.Column(0), panel.Column(1)) - 0.05,
            Correlation(panel.Column(0), panel.Column(1)) + 0.05
        );
        // Of neighbours in a path (29/30) are neighbours in history: |r| keeps that share of its autocorrelation.
        double clustering = LagOne(a, Horizon);
        double expected = SeriesStatistics.Autocorrelations([.. panel.Column(0).Select(Math.Abs)], 1)[0] * 29 / 30;
        Assert.InRange(clustering, expected - 0.06, expected + 0.06);
    }

    [Fact]
    public void Single_days_lose_clustering()
    {
        ShockPanel panel = Us20();
        IPathGenerator generator = Histories.Calibrate(
            new BlockBootstrapFamily(),
            Histories.Snapshot(panel),
            """{"block_length":1}""",
            Paths,
            Horizon
        );
        double[] cells = Histories.All(generator, Paths, Horizon);
        double[] a = [.. Enumerable.Range(0, Paths * Horizon).Select(i => cells[i * panel.Width])];
        // Five standard errors of a correlation of 118,000 independent pairs.
        Assert.InRange(LagOne(a, Horizon), -0.0146, 0.0146);
    }

    private static ShockPanel Us20()
    {
        RealData prices = RealData.Us20Prices();
        double[][] returns = [.. prices.Columns.Select(RealData.SimpleReturns)];
        int days = returns[0].Length;
        double[] values = new double[days * returns.Length];
        for (int t = 0; t < days; t++)
        {
            for (int k = 0; k < returns.Length; k++)
                values[t * returns.Length + k] = returns[k][t];
        }

        return new ShockPanel(
            [.. prices.Names.Select(n => new Driver(DriverKind.Instrument, $"EQUITY:{n}", Driver.SimpleReturn))],
            prices.Dates[1..],
            values
        );
    }

    /// <summary>1 + 2 Σ (1 − k/lags)·ρ(k): how much dependence inflates the variance of a mean.</summary>
    private static double Inflation(double[] x, int lags)
    {
        double[] r = SeriesStatistics.Autocorrelations(x, lags);
        return 1 + 2 * r.Select((rho, k) => (1 - (k + 1.0) / lags) * rho).Sum();
    }

    /// <summary>Autocorrelation of |r| at lag 1 within paths.</summary>
    private static double LagOne(double[] cells, int horizon)
    {
        double[] x = [.. cells.Select(Math.Abs)];
        double mean = x.Average();
        double variance = x.Average(v => (v - mean) * (v - mean));
        double sum = 0;
        int pairs = 0;
        for (int i = 1; i < x.Length; i++)
        {
            if (i % horizon == 0)
                continue;
            sum += (x[i] - mean) * (x[i - 1] - mean);
            pairs++;
        }

        return sum / pairs / variance;
    }

    private static double Deviation(double[] x)
    {
        double mean = x.Average();
        return Math.Sqrt(x.Average(v => (v - mean) * (v - mean)));
    }

    private static double Correlation(double[] x, double[] y)
    {
        double mx = x.Average();
        double my = y.Average();
        return x.Zip(y, (a, b) => (a - mx) * (b - my)).Average() / (Deviation(x) * Deviation(y));
    }
}
