using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>What a driver may do, from the threat model and the hard limits.</summary>
internal static class DriverLimits
{
    /// <summary>Least and largest shock of one day.</summary>
    public static (double Lower, double Upper) PerDay(ThreatModel model, Driver driver)
    {
        double hard = driver.Kind == DriverKind.Macro ? double.NegativeInfinity : ThreatModel.HardLowerReturn;
        return model.BoundFor(driver) is { } bound
            ? (Math.Max(bound.Lower, hard), bound.Upper)
            : (hard, double.PositiveInfinity);
    }

    /// <summary>Least and largest sum of shocks, from the levels a macro series cannot leave; a level outside may only return.</summary>
    public static (double Lower, double Upper) Total(ThreatModel model, Driver driver) =>
        driver.BaseLevel is { } level && model.LevelFor(driver) is { } domain
            ? (Math.Min(0.0, domain.Min - level), Math.Max(0.0, domain.Max - level))
            : (double.NegativeInfinity, double.PositiveInfinity);
}
