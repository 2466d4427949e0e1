namespace Prometheus.Synthetic.Engine.Configuration;

/// <summary>What is known of a setting.</summary>
/// <param name="Name">The environment variable.</param>
/// <param name="Standard">What holds when it is not given.</param>
/// <param name="Range">What may be given.</param>
public sealed record Setting(string Name, string Standard, string Range);
