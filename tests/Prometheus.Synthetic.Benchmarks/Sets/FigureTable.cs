using System.Globalization;

namespace Prometheus.Synthetic.Benchmarks.Sets;

/// <summary>Figures side by side: the peer, ours, how many times better, and what is aimed at.</summary>
internal sealed class FigureTable(TextWriter output)
{
    public void Title(string title)
    {
        output.WriteLine();
        Row(title, "peer", "here", "ratio", "aim");
        output.WriteLine(new string('-', 98));
    }

    /// <param name="aim">What the ratio should reach, or null.</param>
    public void Seconds(string what, double peer, double here, double? aim = null) =>
        Row(what, Time(peer), Time(here), Ratio(peer / here), aim is { } a ? $">= {Number(a)}" : "");

    public void Bytes(string what, double peer, double here, double aim) =>
        Row(what, $"{Number(peer)} B", $"{Number(here)} B", Ratio(peer / here), $"<= {Number(aim)} B");

    /// <summary>Something that has no peer.</summary>
    public void Alone(string what, double seconds, double cells, string note = "") =>
        Row(what, "", Time(seconds), $"{Number(cells / seconds / 1e6)} M/s", note);

    public void Row(string what, string peer, string here, string ratio, string aim) =>
        output.WriteLine($"{what, -46}{peer, 14}{here, 14}{ratio, 12}{aim, 12}");

    private static string Time(double seconds) =>
        seconds < 1 ? $"{Number(1e3 * seconds)} ms" : string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s");

    private static string Ratio(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.0} x");

    private static string Number(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.#}");
}
