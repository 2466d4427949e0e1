using System.Security.Cryptography;

namespace Prometheus.Synthetic.Services;

internal static class Secrets
{
    /// <summary>A password of 128 random bits in letters and digits, safe in URIs and connection strings.</summary>
    public static string NewPassword() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
