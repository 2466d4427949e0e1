using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Scenarios.Tests.Tails;

/// <summary>Daily log returns of twenty large US shares, and the results of reference implementations on them.</summary>
internal sealed class RealSeries
{
    private static readonly Lazy<RealSeries> Once = new(() => new RealSeries());
    private readonly Dictionary<string, double[]> _returns = new(StringComparer.Ordinal);

    private RealSeries()
    {
        string file = SharedData.RequireFile("data/us20_prices_1990_2022.csv.gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        Names = reader.ReadLine()!.Split(',')[1..];
        List<double>[] prices = [.. Names.Select(_ => new List<double>())];
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split(',');
            for (int i = 0; i < Names.Count; i++)
                prices[i].Add(double.Parse(cells[i + 1], CultureInfo.InvariantCulture));
        }

        for (int i = 0; i < Names.Count; i++)
            _returns[Names[i]] = [.. prices[i].Zip(prices[i].Skip(1), (a, b) => Math.Log(b) - Math.Log(a))];
    }

    /// <summary>Skips the test (fails it with CI=true) where the data are absent.</summary>
    public static RealSeries Get()
    {
        SharedData.RequireFile("data/us20_prices_1990_2022.csv.gz");
        return Once.Value;
    }

    public IReadOnlyList<string> Names { get; }

    public double[] this[string name] => _returns[name];

    public double[] Losses(string name) => [.. _returns[name].Select(r => -r)];

    /// <summary>Rows of some columns, the last <paramref name="days"/> days (all when 0).</summary>
    public double[] Rows(IReadOnlyList<string> names, int days = 0)
    {
        int all = _returns[names[0]].Length;
        int from = days == 0 ? 0 : all - days;
        return [.. Enumerable.Range(from, all - from).SelectMany(t => names.Select(n => _returns[n][t]))];
    }

    public static JsonElement Reference(params string[] path)
    {
        string text = File.ReadAllText(SharedData.RequireFile("oracles/reference.json"));
        JsonElement e = JsonDocument.Parse(text).RootElement;
        foreach (string key in path)
            e = e.GetProperty(key);
        return e;
    }
}
