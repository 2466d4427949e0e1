using System.Globalization;
using System.IO.Compression;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Benchmarks.Figures;

/// <summary>Daily returns of the nine US sector funds that have traded since 1998, from their adjusted closes.</summary>
internal static class SectorMarket
{
    public const string File = "sector_etfs_adjclose_1998_2026.csv.gz";

    /// <param name="folder">The folder that holds <see cref="File"/>.</param>
    public static CalibrationSnapshot Load(string folder)
    {
        using var text = new StreamReader(
            new GZipStream(System.IO.File.OpenRead(Path.Combine(folder, File)), CompressionMode.Decompress)
        );
        string[] header = text.ReadLine()!.Split(',');
        var rows = new List<string[]>();
        while (text.ReadLine() is { } line)
            rows.Add(line.Split(','));
        int[] columns = [.. Enumerable.Range(1, header.Length - 1).Where(c => rows.TrueForAll(r => r[c].Length > 0))];
        Driver[] drivers =
        [
            .. columns.Select(c => new Driver(DriverKind.Instrument, $"ETF:{header[c]}", Driver.SimpleReturn, 100)),
        ];
        double Price(int row, int column) => double.Parse(rows[row][column], CultureInfo.InvariantCulture);
        double[] values =
        [
            .. Enumerable
                .Range(1, rows.Count - 1)
                .SelectMany(t => columns.Select(c => Price(t, c) / Price(t - 1, c) - 1)),
        ];
        DateOnly[] dates =
        [
            .. rows.Skip(1).Select(r => DateOnly.ParseExact(r[0], "yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ];
        return new CalibrationSnapshot(dates[^1], new ShockPanel(drivers, dates, values));
    }

    /// <summary>Returns of the equally weighted portfolio.</summary>
    public static double[] Portfolio(ShockPanel panel)
    {
        double[] returns = new double[panel.Days];
        for (int t = 0; t < returns.Length; t++)
        {
            double sum = 0;
            foreach (double r in panel.Day(t))
                sum += r;
            returns[t] = sum / panel.Width;
        }

        return returns;
    }
}
