using System.Reflection;

namespace Prometheus.Synthetic.Engine;

/// <summary>What made a set.</summary>
public static class EngineVersion
{
    /// <summary>
    /// Raised by one whenever the same spec, snapshot and seed would give other bytes. A set of an older numeric version
    /// is old, not corrupt.
    /// </summary>
    public const int Numeric = 1;

    /// <summary>Product version with the source revision where the build knows it.</summary>
    public static string Product { get; } =
        typeof(EngineVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "unknown";
}
