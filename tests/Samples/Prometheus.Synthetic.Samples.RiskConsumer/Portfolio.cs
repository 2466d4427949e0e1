using System.Globalization;

namespace Prometheus.Synthetic.Samples.RiskConsumer;

/// <summary>Instruments and their weights at the start of every path.</summary>
public sealed record Portfolio(string Name, IReadOnlyDictionary<string, double> Weights)
{
    public static Portfolio EqualWeight(IReadOnlyCollection<string> instruments) =>
        new("equal weight", instruments.ToDictionary(i => i, _ => 1.0 / instruments.Count));

    /// <summary>A CSV with the columns instrument_id and weight, with or without a header.</summary>
    /// <exception cref="FormatException">A line is not of that form; the message names it.</exception>
    public static Portfolio Read(string file)
    {
        var weights = new Dictionary<string, double>(StringComparer.Ordinal);
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            string[] parts = line.Split(',', StringSplitOptions.TrimEntries);
            if (line.Length == 0 || (number == 1 && parts[0] == "instrument_id"))
                continue;
            if (
                parts.Length != 2
                || !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double weight)
                || !double.IsFinite(weight)
            )
                throw new FormatException($"{file} line {number}: '{line}' is not instrument_id,weight");
            if (!weights.TryAdd(parts[0], weight))
                throw new FormatException($"{file} line {number}: {parts[0]} comes twice");
        }

        return weights.Count > 0
            ? new(Path.GetFileNameWithoutExtension(file), weights)
            : throw new FormatException($"{file} holds no position");
    }
}
