using System.Globalization;
using System.Text;

namespace Prometheus.Synthetic.TestKit;

/// <summary>Six price series of three years, as a file that the importer reads: a market for tests about anything but numbers.</summary>
public static class TinyPanel
{
    public const int Instruments = 6;

    public static readonly DateOnly First = new(2020, 1, 1);

    public static readonly DateOnly Last = new(2022, 12, 30);

    /// <summary>Writes the CSV to a temporary file, hands it over, and removes it.</summary>
    public static async Task WithFileAsync(Func<string, Task> use)
    {
        string file = Path.Combine(Path.GetTempPath(), $"tiny-panel-{Guid.NewGuid():N}.csv");
        await File.WriteAllTextAsync(file, Csv());
        try
        {
            await use(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Csv()
    {
        var random = new Random(17);
        double[] prices = [.. Enumerable.Repeat(100.0, Instruments)];
        var csv = new StringBuilder("date");
        for (int i = 0; i < Instruments; i++)
            csv.Append(CultureInfo.InvariantCulture, $",S{i}");
        csv.AppendLine();
        for (DateOnly day = First; day <= Last; day = day.AddDays(1))
        {
            if (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
                continue;
            csv.Append(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd}");
            for (int i = 0; i < Instruments; i++)
            {
                prices[i] *= 1 + 0.02 * (random.NextDouble() - 0.5);
                csv.Append(CultureInfo.InvariantCulture, $",{prices[i]:F4}");
            }

            csv.AppendLine();
        }

        return csv.ToString();
    }
}
