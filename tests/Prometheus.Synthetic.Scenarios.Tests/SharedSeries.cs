using System.Globalization;
using System.IO.Compression;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Scenarios.Tests;

/// <summary>Series of the shared panels (gzip CSV, a date column first, one column per series).</summary>
internal static class SharedSeries
{
    /// <summary>One column's numbers in date order; empty cells are left out.</summary>
    public static double[] Column(string file, string name)
    {
        using var reader = new StreamReader(
            new GZipStream(File.OpenRead(SharedData.RequireFile(file)), CompressionMode.Decompress)
        );
        int column = Array.IndexOf(reader.ReadLine()!.Split(','), name);
        Assert.True(column > 0, $"{file} has no column {name}.");
        var values = new List<double>();
        while (reader.ReadLine() is { } line)
        {
            string cell = line.Split(',')[column];
            if (cell.Length > 0)
                values.Add(double.Parse(cell, CultureInfo.InvariantCulture));
        }

        return [.. values];
    }

    /// <summary>Simple returns of a price column.</summary>
    public static double[] Returns(string file, string name)
    {
        double[] prices = Column(file, name);
        return [.. prices.Skip(1).Select((p, i) => p / prices[i] - 1)];
    }
}
