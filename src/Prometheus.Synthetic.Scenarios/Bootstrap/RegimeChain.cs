using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Bootstrap;

/// <summary>
/// First-order Markov chain of the regimes of a history: P(a → b) = share of b among the labelled successors of a's
/// labelled days (maximum likelihood), successors over a gap not counted.
/// </summary>
internal sealed class RegimeChain
{
    private readonly double[][] _cumulative;

    private RegimeChain(string[] labels, int[] regimeOf, int[][] daysOf, double[][] matrix)
    {
        (Labels, RegimeOf, DaysOf, Matrix) = (labels, regimeOf, daysOf, matrix);
        _cumulative = [.. matrix.Select(Accumulate)];
    }

    /// <summary>Regime labels, ordinal order.</summary>
    public string[] Labels { get; }

    /// <summary>Regime number of each day; −1 for a day that may not be drawn.</summary>
    public int[] RegimeOf { get; }

    /// <summary>Days of each regime on which a block may start, ascending.</summary>
    public int[][] DaysOf { get; }

    /// <summary>Row-stochastic transition matrix.</summary>
    public double[][] Matrix { get; }

    /// <summary>The regime after <paramref name="regime"/>, by inverse CDF of a uniform.</summary>
    public int Next(int regime, double uniform)
    {
        double[] row = _cumulative[regime];
        for (int j = 0; j < row.Length - 1; j++)
        {
            if (uniform < row[j])
                return j;
        }

        return row.Length - 1;
    }

    /// <param name="admitted">Days that may be drawn (other conditions than the regime).</param>
    /// <param name="starts">Those of them on which a block may start.</param>
    /// <param name="start">Regimes the paths start in; from them the reachable ones are checked.</param>
    /// <exception cref="ScenarioRefusedException">A reachable regime has fewer than <paramref name="fewest"/> days.</exception>
    public static RegimeChain Estimate(
        CalibrationSnapshot snapshot,
        RegimeHistory regimes,
        bool[] admitted,
        bool[] starts,
        IReadOnlyList<string>? start,
        int fewest
    )
    {
        string[] labels =
        [
            .. regimes.Labels.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
        int days = snapshot.Panel.Days;
        int[] label =
        [
            .. regimes.Labels.Select(l => l is null ? -1 : Array.BinarySearch(labels, l, StringComparer.Ordinal)),
        ];
        HashSet<int> gaps = [.. snapshot.GapsBefore];
        double[][] matrix = [.. labels.Select(_ => new double[labels.Length])];
        for (int d = 1; d < days; d++)
        {
            if (label[d - 1] >= 0 && label[d] >= 0 && !gaps.Contains(d))
                matrix[label[d - 1]][label[d]]++;
        }

        for (int a = 0; a < labels.Length; a++)
        {
            double sum = matrix[a].Sum();
            // A regime that no labelled day follows (the last day's) is taken to last.
            if (sum == 0.0)
                matrix[a][a] = sum = 1.0;
            for (int b = 0; b < labels.Length; b++)
                matrix[a][b] /= sum;
        }

        int[][] daysOf =
        [
            .. labels.Select((_, a) => Enumerable.Range(0, days).Where(d => label[d] == a && starts[d]).ToArray()),
        ];
        RefuseSmall(labels, daysOf, matrix, start, fewest, days);
        return new RegimeChain(labels, [.. label.Select((l, d) => admitted[d] ? l : -1)], daysOf, matrix);
    }

    public JsonObject Describe() =>
        new()
        {
            ["labels"] = new JsonArray([.. Labels.Select(l => (JsonNode)l)]),
            ["days"] = new JsonArray([.. DaysOf.Select(d => (JsonNode)d.Length)]),
            ["transition_matrix"] = new JsonArray([
                .. Matrix.Select(r => (JsonNode)new JsonArray([.. r.Select(p => (JsonNode)p)])),
            ]),
        };

    private static void RefuseSmall(
        string[] labels,
        int[][] daysOf,
        double[][] matrix,
        IReadOnlyList<string>? start,
        int fewest,
        int days
    )
    {
        var reached = new HashSet<int>();
        var open = new Queue<int>(
            Enumerable.Range(0, labels.Length).Where(a => start?.Contains(labels[a], StringComparer.Ordinal) != false)
        );
        while (open.TryDequeue(out int a))
        {
            if (!reached.Add(a))
                continue;
            for (int b = 0; b < labels.Length; b++)
            {
                if (matrix[a][b] > 0.0)
                    open.Enqueue(b);
            }
        }

        FieldError[] errors =
        [
            .. reached
                .Order()
                .Where(a => daysOf[a].Length < fewest)
                .Select(a => new FieldError(
                    ErrorCodes.PoolTooSmall,
                    "regime_filter",
                    $"regime {labels[a]}, which the transition matrix reaches, has {daysOf[a].Length} of {days} days to start a block on; generator_spec.min_pool_days asks for {fewest}; widen the dates or the conditions, lower it, or use regime_mode exit"
                )),
        ];
        if (errors.Length > 0)
            throw new ScenarioRefusedException(errors);
    }

    private static double[] Accumulate(double[] row)
    {
        double[] cumulative = new double[row.Length];
        double sum = 0.0;
        for (int j = 0; j < row.Length; j++)
            cumulative[j] = sum += row[j];
        return cumulative;
    }
}
