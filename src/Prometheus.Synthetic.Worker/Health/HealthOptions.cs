namespace Prometheus.Synthetic.Worker.Health;

/// <summary>Where the health endpoints listen.</summary>
public sealed record HealthOptions
{
    /// <summary>First port tried when none is configured.</summary>
    public const int FirstPort = 8085;

    /// <summary>Ports tried when none is configured: several workers run on one machine.</summary>
    public const int Tries = 20;

    /// <summary>Address to bind; the loopback interface unless configured otherwise.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Port; null to take the first free one, 0 to have no endpoints.</summary>
    public int? Port { get; init; }
}
