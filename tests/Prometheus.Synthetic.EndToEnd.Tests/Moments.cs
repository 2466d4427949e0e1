namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>Plain sample moments, written for the tests alone.</summary>
internal sealed record Moments(double Mean, double Sd, double Kurtosis)
{
    public static Moments Of(double[] x)
    {
        double mean = x.Average();
        double variance = x.Average(v => (v - mean) * (v - mean));
        double fourth = x.Average(v => Math.Pow(v - mean, 4));
        return new Moments(mean, Math.Sqrt(variance), fourth / (variance * variance));
    }

    /// <summary>Correlation, and the standard deviation of its influence function: error = sd / √n for independent days.</summary>
    public static (double Rho, double Influence) Correlation(double[] x, double[] y)
    {
        Moments mx = Of(x);
        Moments my = Of(y);
        double[] zx = [.. x.Select(v => (v - mx.Mean) / mx.Sd)];
        double[] zy = [.. y.Select(v => (v - my.Mean) / my.Sd)];
        double rho = zx.Zip(zy, (a, b) => a * b).Average();
        double influence = Math.Sqrt(zx.Zip(zy, (a, b) => Math.Pow(a * b - rho * (a * a + b * b) / 2, 2)).Average());
        return (rho, influence);
    }
}
