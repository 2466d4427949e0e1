namespace Prometheus.Synthetic.Scenarios.Volatility;

/// <summary>
/// GARCH(1,1) with a constant mean (Bollerslev 1986): r = μ + e, e = σz, σ²(t) = ω + α·e²(t−1) + β·σ²(t−1). Units are
/// those of the series it was fitted to.
/// </summary>
/// <param name="Mean">μ.</param>
/// <param name="Omega">ω &gt; 0.</param>
/// <param name="Alpha">α ≥ 0.</param>
/// <param name="Beta">β ≥ 0, α + β &lt; 1.</param>
/// <param name="DegreesOfFreedom">ν of standardised Student-t innovations, above 2; null for normal ones.</param>
/// <param name="LogLikelihood">Of the fit, natural logarithm.</param>
/// <param name="Converged">False when the search ran out of evaluations.</param>
public sealed record Garch(
    double Mean,
    double Omega,
    double Alpha,
    double Beta,
    double? DegreesOfFreedom,
    double LogLikelihood,
    bool Converged
)
{
    public double Persistence => Alpha + Beta;

    /// <summary>σ²(0..T) of a series of T values: the last is the forecast for the day after it.</summary>
    /// <param name="backcast">Stands for e²(−1) and σ²(−1).</param>
    public double[] Variances(ReadOnlySpan<double> series, double backcast)
    {
        double[] variance = new double[series.Length + 1];
        variance[0] = Omega + (Alpha + Beta) * backcast;
        for (int t = 0; t < series.Length; t++)
        {
            double e = series[t] - Mean;
            variance[t + 1] = Omega + Alpha * (e * e) + Beta * variance[t];
        }

        return variance;
    }
}
