using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Generation;

/// <summary>Series and factors that selectors name by id must be in the snapshot.</summary>
internal static class DriverNeeds
{
    public static DataNeeds With(DataNeeds needs, IEnumerable<DriverSelector> selectors)
    {
        DriverSelector[] all = [.. selectors];
        string[] macros = [.. Ids(all, DriverKind.Macro).Concat(needs.MacroIds).Distinct(StringComparer.Ordinal)];
        string[] factors =
        [
            .. Ids(all, DriverKind.Factor).Concat(needs.FactorIds ?? []).Distinct(StringComparer.Ordinal),
        ];
        return needs with
        {
            MacroIds = macros,
            // Every factor is asked for already when the needs say so without naming any.
            FactorIds =
                needs.Factors && needs.FactorIds is null ? null
                : factors.Length > 0 ? factors
                : needs.FactorIds,
        };
    }

    private static IEnumerable<string> Ids(DriverSelector[] selectors, DriverKind kind) =>
        selectors.Where(s => s.Kind == kind).SelectMany(s => s.Ids ?? []);
}
