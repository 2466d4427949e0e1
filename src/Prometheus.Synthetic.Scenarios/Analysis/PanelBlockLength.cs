using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Analysis;

/// <summary>
/// Automatic block lengths of a panel: of the returns r, of |r| (volatility clustering lives there and not in r) and of
/// the first principal component of the standardised columns. For r and |r| the median over the drivers is taken.
/// </summary>
/// <param name="Returns">Median over the drivers; null when none can be estimated.</param>
/// <param name="Absolute">The same of |r|.</param>
/// <param name="Component">The first principal component.</param>
/// <param name="ConstantDrivers">Drivers whose values never change; they have no block length.</param>
public sealed record PanelBlockLength(
    BlockLengthEstimate? Returns,
    BlockLengthEstimate? Absolute,
    BlockLengthEstimate? Component,
    IReadOnlyList<string> ConstantDrivers
)
{
    public static PanelBlockLength Of(ShockPanel panel)
    {
        var returns = new BlockLengthEstimate?[panel.Width];
        var absolute = new BlockLengthEstimate?[panel.Width];
        Parallel.For(
            0,
            panel.Width,
            k =>
            {
                double[] column = panel.Column(k);
                returns[k] = AutomaticBlockLength.Estimate(column);
                for (int t = 0; t < column.Length; t++)
                    column[t] = Math.Abs(column[t]);
                absolute[k] = AutomaticBlockLength.Estimate(column);
            }
        );
        return new PanelBlockLength(
            Median(returns),
            Median(absolute),
            AutomaticBlockLength.Estimate(PrincipalComponent.First(panel.Values, panel.Width).Scores),
            [.. panel.Drivers.Where((_, k) => returns[k] is null).Select(d => d.Id)]
        );
    }

    /// <summary>The estimate that a basis names; <c>largest</c> takes the longest of the three.</summary>
    public (string Basis, BlockLengthEstimate Estimate)? Choose(string basis)
    {
        (string Basis, BlockLengthEstimate? Estimate)[] all =
        [
            ("returns", Returns),
            ("absolute", Absolute),
            ("component", Component),
        ];
        foreach (
            (string name, BlockLengthEstimate? estimate) in all.OrderByDescending(e =>
                e.Estimate?.StationaryInRange ?? -1.0
            )
        )
        {
            if (estimate is not null && (basis == "largest" || basis == name))
                return (name, estimate);
        }

        return null;
    }

    public JsonObject Describe() =>
        new()
        {
            ["returns"] = Describe(Returns),
            ["absolute"] = Describe(Absolute),
            ["component"] = Describe(Component),
        };

    private static JsonObject? Describe(BlockLengthEstimate? e) =>
        e is null
            ? null
            : new JsonObject
            {
                ["stationary"] = e.Stationary,
                ["circular"] = e.Circular,
                ["cap"] = e.Cap,
            };

    /// <summary>The lower median by stationary length.</summary>
    private static BlockLengthEstimate? Median(BlockLengthEstimate?[] estimates)
    {
        BlockLengthEstimate[] sorted = [.. estimates.OfType<BlockLengthEstimate>().OrderBy(e => e.Stationary)];
        return sorted.Length == 0 ? null : sorted[(sorted.Length - 1) / 2];
    }
}
