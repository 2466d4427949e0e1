using System.Globalization;
using System.IO.Compression;
using System.Text;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>The files that the examples of the commands name, as a user would have them.</summary>
internal static class ExampleFiles
{
    public static void WriteTo(string folder)
    {
        using (FileStream file = File.Create(Path.Combine(folder, "prices.csv.gz")))
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(Prices("AAPL", "MSFT")));
        Write("sector_etfs.csv", Prices("XLF", "XLK"));
        Write("ff5.csv", Returns("MKT_RF", "SMB", "HML", "RMW", "CMA"));
        Write("desk-shocks.csv", "path,id,step,value\ngap,EQUITY:UFIN01,1,-0.12\nslow,EQUITY:UFIN01,3,-0.03\n");
        Write("gate.yaml", "categories: [BOOTSTRAP]\nhistory_share: 0.1\nmin_paths: 100\n");
        Write(
            "stress.csv",
            "scenario_id,horizon_index,instrument_id,macro_id,return\n0,1,EQUITY:UFIN01,,-0.05\n0,1,,DGS10,0.5\n"
                + "0,2,EQUITY:UFIN01,,-0.02\n0,2,,DGS10,0.25\n"
        );
        File.Copy(
            Path.Combine(Repository.Root, "infra", "definitions", "crisis-gfc-2008.yaml"),
            Path.Combine(folder, "my-crisis.yaml")
        );

        void Write(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);
    }

    private static string Prices(params string[] names) => Table(names, (level, move) => level * (1 + move), 100);

    private static string Returns(params string[] names) => Table(names, (_, move) => move, 0);

    /// <summary>Weekdays of three years up to the day that the examples stand on.</summary>
    private static string Table(string[] names, Func<double, double, double> next, double start)
    {
        var random = new Random(29);
        double[] values = [.. names.Select(_ => start)];
        var csv = new StringBuilder("date," + string.Join(',', names) + "\n");
        for (DateOnly day = SimulatedMarket.AsOf.AddYears(-3); day <= SimulatedMarket.AsOf; day = day.AddDays(1))
        {
            if (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
                continue;
            csv.Append(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd}");
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = next(values[i], 0.02 * (random.NextDouble() - 0.5));
                csv.Append(CultureInfo.InvariantCulture, $",{values[i]:0.000000}");
            }

            csv.Append('\n');
        }

        return csv.ToString();
    }
}
