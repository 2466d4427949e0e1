using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Storage.Sets;

/// <summary>
/// The number a driver has in the path tables: its position in the set's canonical order, macro series moved up, so that
/// the database can tell which bound holds for a row without a lookup.
/// </summary>
public static class DriverNumbers
{
    public const int FirstMacro = 1_000_000;

    public static int Of(DriverKind kind, int position) => kind == DriverKind.Macro ? FirstMacro + position : position;

    /// <summary>The numbers of all drivers of a set.</summary>
    public static int[] Of(IReadOnlyList<Driver> drivers) => [.. drivers.Select((d, i) => Of(d.Kind, i))];
}
