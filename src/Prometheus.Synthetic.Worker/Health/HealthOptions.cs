using System.Net;
using Prometheus.Synthetic.Engine.Configuration;
using Prometheus.Synthetic.Scenarios.Errors;

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

    /// <summary>The endpoints as configured.</summary>
    public static HealthOptions Read(SettingsReader settings)
    {
        const string anyFree = "the first free from 8085";
        string address = settings.Text("HEALTH__ADDRESS", "127.0.0.1", "an IP address") ?? "127.0.0.1";
        if (!IPAddress.TryParse(address, out _))
            settings.Add(
                ErrorCodes.WrongType,
                "HEALTH__ADDRESS",
                $"'{address}' is not an IP address; give one of this machine, e.g. 127.0.0.1, or 0.0.0.0 for all"
            );
        int port = settings.Whole("HEALTH__PORT", FirstPort, 0, 65_535, anyFree);
        return new HealthOptions { Address = address, Port = settings.Given("HEALTH__PORT") ? port : null };
    }
}
