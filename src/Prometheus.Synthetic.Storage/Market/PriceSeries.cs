namespace Prometheus.Synthetic.Storage.Market;

/// <summary>Prices of one instrument, columns aligned with the days; a null column has no values.</summary>
internal sealed record PriceSeries(string Id, string Currency, int[] Days, double[] Close, double[] Adjusted)
{
    public double[]? Open { get; init; }

    public double[]? High { get; init; }

    public double[]? Low { get; init; }

    public double[]? Volume { get; init; }
}
