namespace Prometheus.Synthetic.Contracts;

/// <summary>Values of <c>return_convention</c>: how a cell of <c>scenario_paths</c> is read.</summary>
public static class ReturnConventions
{
    /// <summary>
    /// Instruments and factors: simple return of one step, decimal, above −1, compounded as Π(1+r)−1.
    /// Macro series: change of level of one step in the series' own unit.
    /// </summary>
    public const string SimplePerStep = "SIMPLE_PER_STEP";

    public static IReadOnlyList<string> All { get; } = [SimplePerStep];
}
