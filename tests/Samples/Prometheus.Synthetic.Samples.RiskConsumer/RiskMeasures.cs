namespace Prometheus.Synthetic.Samples.RiskConsumer;

/// <summary>What a risk report says of a P&amp;L distribution. All figures are fractions of the portfolio's value.</summary>
/// <param name="Scenarios">Number of equally likely scenarios.</param>
/// <param name="Mean">Mean P&amp;L.</param>
/// <param name="StandardDeviation">With n − 1.</param>
/// <param name="Worst">Smallest P&amp;L.</param>
/// <param name="Median">The ⌈n/2⌉-th smallest P&amp;L.</param>
/// <param name="Best">Largest P&amp;L.</param>
/// <param name="Var95">Value at risk, a loss counted positive.</param>
/// <param name="Es95">Expected shortfall, a loss counted positive; never below the value at risk.</param>
public sealed record RiskMeasures(
    int Scenarios,
    double Mean,
    double StandardDeviation,
    double Worst,
    double Median,
    double Best,
    double Var95,
    double Es95
)
{
    /// <summary>1 − 0.95, as the exact fraction 1/20 so that a tail of whole scenarios stays whole.</summary>
    private const int TailDenominator = 20;

    /// <param name="pnl">P&amp;L of each scenario, at least one.</param>
    public static RiskMeasures Of(IReadOnlyList<double> pnl)
    {
        if (pnl.Count == 0)
            throw new ArgumentException("There is no scenario.", nameof(pnl));
        double[] sorted = [.. pnl.Order()];
        int n = sorted.Length;
        double mean = sorted.Average();
        double sumOfSquares = sorted.Sum(x => (x - mean) * (x - mean));
        return new(
            n,
            mean,
            n > 1 ? Math.Sqrt(sumOfSquares / (n - 1)) : 0,
            sorted[0],
            sorted[(n - 1) / 2],
            sorted[^1],
            ValueAtRisk(sorted),
            ExpectedShortfall(sorted)
        );
    }

    /// <summary>The loss that 5 % of the scenarios reach or exceed: minus the ⌈n/20⌉-th smallest P&amp;L.</summary>
    private static double ValueAtRisk(double[] sorted) =>
        -sorted[(sorted.Length + TailDenominator - 1) / TailDenominator - 1];

    /// <summary>
    /// Mean loss of the worst n/20 scenarios, the last of them by the fraction that is left (Acerbi and Tasche 2002):
    /// coherent for any n.
    /// </summary>
    private static double ExpectedShortfall(double[] sorted)
    {
        double tail = (double)sorted.Length / TailDenominator;
        int whole = sorted.Length / TailDenominator;
        double sum = 0;
        for (int i = 0; i < whole; i++)
            sum += sorted[i];
        if (whole * TailDenominator < sorted.Length)
            sum += (tail - whole) * sorted[whole];
        return -sum / tail;
    }
}
