namespace Prometheus.Synthetic.Scenarios.Volatility;

/// <summary>Exponentially weighted variance (RiskMetrics 1996): s²(t) = λ·s²(t−1) + (1 − λ)·r²(t). Bit-stable.</summary>
public static class EwmaVariance
{
    /// <param name="returns">In time order; no mean is removed.</param>
    /// <param name="lambda">Decay in (0, 1).</param>
    /// <returns>s²(t), which includes r(t) and is the forecast for t + 1; s²(0) = r²(0).</returns>
    public static double[] Of(ReadOnlySpan<double> returns, double lambda)
    {
        double[] variance = new double[returns.Length];
        for (int t = 0; t < variance.Length; t++)
        {
            double square = returns[t] * returns[t];
            variance[t] = t == 0 ? square : lambda * variance[t - 1] + (1.0 - lambda) * square;
        }

        return variance;
    }

    /// <summary>
    /// What is taken to have stood before a history: the mean square of its first 75 values, weighted 0.94ⁱ; the whole
    /// mean square where those are all zero.
    /// </summary>
    public static double Backcast(ReadOnlySpan<double> centred)
    {
        double weight = 1.0;
        double weights = 0.0;
        double sum = 0.0;
        for (int t = 0; t < Math.Min(75, centred.Length); t++)
        {
            sum += weight * (centred[t] * centred[t]);
            weights += weight;
            weight *= 0.94;
        }

        if (sum > 0.0)
            return sum / weights;
        foreach (double x in centred)
            sum += x * x;
        return sum / centred.Length;
    }
}
