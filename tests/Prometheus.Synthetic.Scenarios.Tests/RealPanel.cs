using System.Globalization;
using System.IO.Compression;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Scenarios.Tests;

/// <summary>Real history beside the repository, read for tests; absent, the test skips (or fails with CI=true).</summary>
internal sealed class RealPanel
{
    private RealPanel(string[] ids, DateOnly[] dates, double[] values)
    {
        Ids = ids;
        Dates = dates;
        Values = values;
    }

    public string[] Ids { get; }

    public DateOnly[] Dates { get; }

    /// <summary>Time-major returns.</summary>
    public double[] Values { get; }

    public int Days => Dates.Length;

    public int Width => Ids.Length;

    /// <summary>Twenty large US names, 1990 to 2022.</summary>
    public static RealPanel Us20(bool logarithmic = false)
    {
        (string[] ids, DateOnly[] dates, double[] prices) = Read("data/us20_prices_1990_2022.csv.gz");
        double[] returns = new double[(dates.Length - 1) * ids.Length];
        for (int i = 0; i < returns.Length; i++)
        {
            double gross = prices[i + ids.Length] / prices[i];
            returns[i] = logarithmic ? Math.Log(gross) : gross - 1.0;
        }

        return new RealPanel(ids, dates[1..], returns);
    }

    /// <summary>448 large US names, 2005 to 2020.</summary>
    public static RealPanel UsLarge()
    {
        (string[] ids, DateOnly[] dates, double[] logs) = Read("data/us_large_logret_2005_2020.csv.gz");
        return new RealPanel(ids, dates, [.. logs.Select(r => Math.Exp(r) - 1.0)]);
    }

    /// <param name="attributes">Facts per ticker; asset_class EQUITY is always there.</param>
    public ShockPanel ToPanel(Func<string, IEnumerable<(string Key, string Value)>>? attributes = null)
    {
        int[] order = [.. Enumerable.Range(0, Width).OrderBy(k => "EQUITY:" + Ids[k], StringComparer.Ordinal)];
        Driver[] drivers =
        [
            .. order.Select(k => new Driver(DriverKind.Instrument, "EQUITY:" + Ids[k], Driver.SimpleReturn, 100.0)
            {
                Attributes = new SortedDictionary<string, string>(
                    (attributes?.Invoke(Ids[k]) ?? [])
                        .Append(("asset_class", "EQUITY"))
                        .ToDictionary(a => a.Item1, a => a.Item2),
                    StringComparer.Ordinal
                ),
            }),
        ];
        double[] values = new double[Values.Length];
        for (int t = 0; t < Days; t++)
        {
            for (int i = 0; i < Width; i++)
                values[t * Width + i] = Values[t * Width + order[i]];
        }

        return new ShockPanel(drivers, Dates, values);
    }

    /// <summary>The table of a shared file; empty cells are NaN.</summary>
    public static (string[] Ids, DateOnly[] Dates, double[] Values) Read(string file)
    {
        using var stream = new GZipStream(File.OpenRead(SharedData.RequireFile(file)), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        string[] ids = reader.ReadLine()!.Split(',')[1..];
        var dates = new List<DateOnly>();
        var values = new List<double>();
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split(',');
            dates.Add(DateOnly.Parse(cells[0], CultureInfo.InvariantCulture));
            for (int k = 1; k < cells.Length; k++)
                values.Add(cells[k].Length == 0 ? double.NaN : double.Parse(cells[k], CultureInfo.InvariantCulture));
        }

        return (ids, [.. dates], [.. values]);
    }
}
