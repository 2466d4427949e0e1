using System.Globalization;
using System.IO.Compression;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Scenarios.Tests.Factors;

/// <summary>448 large US names and six published factors, 2005 to 2020: what history has, the generated set has.</summary>
public sealed class RealFactorMarketTests
{
    /// <summary>
    /// Five standard errors for each of thousands of figures. They are computed from the generated set's own fourth
    /// moments, which heavy tails make uncertain themselves; hence six where a covariance is concerned.
    /// </summary>
    private const double MeanBand = 5.0;
    private const double CovarianceBand = 6.0;
    private static readonly string[] Factors = ["CMA", "HML", "MKT_RF", "MOM", "RMW", "SMB"];
    private static readonly GenerationShape Shape = new(700, 30, 20_200_401);

    [Fact]
    public void Rows_keep_means_volatilities_and_correlations()
    {
        CalibrationSnapshot history = Load();
        (Sample past, Sample drawn, int width) = Draw(
            history,
            """{"factor_model":{"sampling":{"block_length":1}},"residuals":{"sampling":{"method":"rows","block_length":1}}}"""
        );
        for (int i = 0; i < width; i++)
        {
            double deviation = Math.Sqrt(drawn.Covariance[i * (width + 1)]);
            Assert.Equal(past.Means[i], drawn.Means[i], MeanBand * deviation / Math.Sqrt(drawn.Days));
            Near(past, drawn, width, i, i);
        }

        // Every eleventh instrument against every other of them: least squares leaves residuals uncorrelated with the
        // factors in sample, so covariance = B·Σ_f·Bᵀ + Σ_ε is history's.
        for (int i = 0; i < 448; i += 11)
        {
            for (int j = 0; j < i; j += 11)
                Near(past, drawn, width, i, j);
        }
    }

    /// <summary>What independent residuals do by design: variances stay, correlation is what the factors explain.</summary>
    [Fact]
    public void Independent_residuals_keep_variances_and_the_correlation_that_factors_explain()
    {
        CalibrationSnapshot history = Load();
        const string spec = """{"factor_model":{"sampling":{"block_length":1}}}""";
        (Sample past, Sample drawn, int width) = Draw(history, spec);
        var model = new ReportedModel(history.Generator(spec, Shape with { NumPaths = 1 }));
        double lost = 0.0;
        int pairs = 0;
        for (int i = 0; i < 448; i += 7)
        {
            Near(past, drawn, width, i, i);
            for (int j = 0; j < i; j += 7)
            {
                double explained = 0.0;
                for (int a = 0; a < 6; a++)
                {
                    for (int b = 0; b < 6; b++)
                        explained +=
                            model.Exposures[i][a]
                            * past.Covariance[(448 + a) * width + 448 + b]
                            * model.Exposures[j][b];
                }

                Assert.Equal(explained, drawn.Covariance[i * width + j], CovarianceBand * drawn.CovarianceError(i, j));
                lost += Math.Abs(past.Correlation(i, j) - drawn.Correlation(i, j));
                pairs++;
            }
        }

        // Six factors leave industries unexplained: a few hundredths of correlation, not tenths.
        Assert.InRange(lost / pairs, 0.005, 0.1);
    }

    /// <summary>Blocks of 20 days keep part of the clustering of volatility in the factors; days drawn alone keep none.</summary>
    [Fact]
    public void Factor_blocks_keep_volatility_clustering()
    {
        CalibrationSnapshot history = Load();
        double[] market = history.Panel.Column(448 + 2);
        double real = AbsoluteAutocorrelation([market], 1);
        double blocks = Clustering(history, 20);
        double single = Clustering(history, 1);
        Assert.True(real > 0.2);
        // A step continues its block with probability 19/20 and otherwise meets an unrelated day.
        double error = 5.0 / Math.Sqrt(Shape.NumPaths * Shape.HorizonDays / 20.0);
        Assert.Equal(0.95 * real, blocks, error);
        Assert.Equal(0.0, single, error);
    }

    private static double Clustering(CalibrationSnapshot history, int block)
    {
        IPathGenerator generator = history.Generator(
            $$"""{"factor_model":{"sampling":{"scheme":"stationary","block_length":{{block}}} } }""",
            Shape
        );
        double[] set = generator.Set(Shape);
        int width = generator.Drivers.Count;
        double[][] paths =
        [
            .. Enumerable
                .Range(0, Shape.NumPaths)
                .Select(p =>
                    Enumerable
                        .Range(0, Shape.HorizonDays)
                        .Select(h => set[(p * Shape.HorizonDays + h) * width + 448 + 2])
                        .ToArray()
                ),
        ];
        return AbsoluteAutocorrelation(paths, 1);
    }

    /// <summary>Of |r|, about the mean over all series.</summary>
    private static double AbsoluteAutocorrelation(double[][] series, int lag)
    {
        double mean = series.Average(s => s.Average(Math.Abs));
        double product = 0.0;
        double square = 0.0;
        int products = 0;
        int squares = 0;
        foreach (double[] s in series)
        {
            for (int t = 0; t < s.Length; t++)
            {
                square += (Math.Abs(s[t]) - mean) * (Math.Abs(s[t]) - mean);
                squares++;
                if (t < lag)
                    continue;
                product += (Math.Abs(s[t]) - mean) * (Math.Abs(s[t - lag]) - mean);
                products++;
            }
        }

        return product / products / (square / squares);
    }

    private static (Sample Past, Sample Drawn, int Width) Draw(CalibrationSnapshot history, string spec)
    {
        IPathGenerator generator = history.Generator(spec, Shape);
        return (
            new Sample(history.Panel.Values.ToArray(), history.Panel.Width),
            new Sample(generator.Set(Shape), generator.Drivers.Count),
            history.Panel.Width
        );
    }

    private static void Near(Sample past, Sample drawn, int width, int i, int j)
    {
        double error = drawn.CovarianceError(i, j);
        double off = Math.Abs(past.Covariance[i * width + j] - drawn.Covariance[i * width + j]) / error;
        Assert.True(off <= CovarianceBand, $"covariance {i},{j} is {off:0.0} standard errors off");
    }

    private static CalibrationSnapshot Load()
    {
        var factors = Read("data/ff5_mom_daily_1963_2026.csv.gz");
        var stocks = Read("data/us_large_logret_2005_2020.csv.gz");
        DateOnly[] dates = [.. stocks.Rows.Keys.Where(factors.Rows.ContainsKey)];
        string[] names = [.. stocks.Names.Order(StringComparer.Ordinal)];
        int[] stockAt = [.. names.Select(n => Array.IndexOf(stocks.Names, n))];
        int[] factorAt = [.. Factors.Select(n => Array.IndexOf(factors.Names, n))];
        double[] values =
        [
            .. dates.SelectMany(d =>
                stockAt.Select(k => Math.Exp(stocks.Rows[d][k]) - 1.0).Concat(factorAt.Select(k => factors.Rows[d][k]))
            ),
        ];
        Driver[] drivers =
        [
            .. names.Select(n => new Driver(DriverKind.Instrument, $"EQUITY:{n}", Driver.SimpleReturn)),
            .. Factors.Select(f => new Driver(DriverKind.Factor, f, Driver.SimpleReturn)),
        ];
        return new CalibrationSnapshot(dates[^1], new ShockPanel(drivers, dates, values));
    }

    private static (string[] Names, SortedDictionary<DateOnly, double[]> Rows) Read(string file)
    {
        using var reader = new StreamReader(
            new GZipStream(File.OpenRead(SharedData.RequireFile(file)), CompressionMode.Decompress)
        );
        string[] names = reader.ReadLine()!.Split(',')[1..];
        var rows = new SortedDictionary<DateOnly, double[]>();
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split(',');
            rows.Add(
                DateOnly.ParseExact(cells[0], "yyyy-MM-dd"),
                [.. cells[1..].Select(c => c.Length == 0 ? double.NaN : double.Parse(c, CultureInfo.InvariantCulture))]
            );
        }

        return (names, rows);
    }
}
