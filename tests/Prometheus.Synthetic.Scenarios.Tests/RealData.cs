using System.Globalization;
using System.IO.Compression;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Scenarios.Tests;

/// <summary>Real series that stand beside the repository; tests that want them skip where they are not.</summary>
internal sealed class RealData
{
    private RealData(string[] names, DateOnly[] dates, double[][] columns) =>
        (Names, Dates, Columns) = (names, dates, columns);

    public string[] Names { get; }

    public DateOnly[] Dates { get; }

    /// <summary>One array per name, NaN where empty.</summary>
    public double[][] Columns { get; }

    public double[] this[string name] => Columns[Array.IndexOf(Names, name)];

    /// <summary>Daily closes of 20 large US names, 1990 to 2022.</summary>
    public static RealData Us20Prices() => Read("data/us20_prices_1990_2022.csv.gz");

    /// <summary>ln(P_t / P_{t−1}).</summary>
    public static double[] LogReturns(double[] prices)
    {
        double[] returns = new double[prices.Length - 1];
        for (int t = 1; t < prices.Length; t++)
            returns[t - 1] = Math.Log(prices[t] / prices[t - 1]);
        return returns;
    }

    /// <summary>P_t / P_{t−1} − 1.</summary>
    public static double[] SimpleReturns(double[] prices)
    {
        double[] returns = new double[prices.Length - 1];
        for (int t = 1; t < prices.Length; t++)
            returns[t - 1] = prices[t] / prices[t - 1] - 1.0;
        return returns;
    }

    private static RealData Read(string relative)
    {
        using var reader = new StreamReader(
            new GZipStream(File.OpenRead(SharedData.RequireFile(relative)), CompressionMode.Decompress)
        );
        string[] header = reader.ReadLine()!.Split(',');
        var dates = new List<DateOnly>();
        List<double>[] columns = [.. header.Skip(1).Select(_ => new List<double>())];
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split(',');
            dates.Add(DateOnly.ParseExact(cells[0], "yyyy-MM-dd", CultureInfo.InvariantCulture));
            for (int k = 0; k < columns.Length; k++)
                columns[k]
                    .Add(
                        cells[k + 1].Length == 0 ? double.NaN : double.Parse(cells[k + 1], CultureInfo.InvariantCulture)
                    );
        }

        return new RealData([.. header.Skip(1)], [.. dates], [.. columns.Select(c => c.ToArray())]);
    }
}
