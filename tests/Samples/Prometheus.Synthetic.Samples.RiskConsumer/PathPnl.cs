namespace Prometheus.Synthetic.Samples.RiskConsumer;

/// <summary>One row of <c>scenario_paths</c> as the query returns it.</summary>
public readonly record struct PathCell(int ScenarioId, int HorizonIndex, string InstrumentId, double Return);

/// <summary>
/// P&amp;L of a portfolio held unchanged over each path: every position compounds its simple returns per step,
/// Π(1 + r) − 1, and the portfolio adds the positions up by their weights at the start.
/// </summary>
public static class PathPnl
{
    /// <param name="cells">Ordered by scenario_id; horizon_index 0 is the baseline and is passed over.</param>
    /// <returns>P&amp;L of each scenario in order, as a fraction of the portfolio's value.</returns>
    public static async Task<List<double>> OfAsync(
        IAsyncEnumerable<PathCell> cells,
        IReadOnlyDictionary<string, double> weights
    )
    {
        var result = new List<double>();
        var growth = new Dictionary<string, double>(StringComparer.Ordinal);
        int current = -1;
        await foreach (PathCell cell in cells)
        {
            if (cell.ScenarioId != current)
            {
                if (current >= 0)
                    result.Add(Value(growth, weights));
                growth.Clear();
                current = cell.ScenarioId;
            }

            if (cell.HorizonIndex > 0)
                growth[cell.InstrumentId] = growth.GetValueOrDefault(cell.InstrumentId, 1.0) * (1.0 + cell.Return);
        }

        if (current >= 0)
            result.Add(Value(growth, weights));
        return result;
    }

    private static double Value(Dictionary<string, double> growth, IReadOnlyDictionary<string, double> weights) =>
        growth.Sum(position => weights[position.Key] * (position.Value - 1.0));
}
