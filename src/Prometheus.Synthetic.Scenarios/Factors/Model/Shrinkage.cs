namespace Prometheus.Synthetic.Scenarios.Factors.Model;

/// <summary>Whether the correlation of the sampled columns is shrunk (Ledoit and Wolf 2004).</summary>
public enum Shrinkage
{
    /// <summary>Shrunk where the sample is short: fewer than 20 days per column.</summary>
    Auto,
    LedoitWolf,
    None,
}
