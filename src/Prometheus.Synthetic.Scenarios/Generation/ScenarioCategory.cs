namespace Prometheus.Synthetic.Scenarios.Generation;

/// <summary>The specification's categories, as they are written in tables and messages.</summary>
public static class ScenarioCategory
{
    public const string Historical = "HISTORICAL";
    public const string Bootstrap = "BOOTSTRAP";
    public const string FactorBootstrap = "FACTOR_BOOTSTRAP";
    public const string ShockOverlay = "SHOCK_OVERLAY";
    public const string FragilityAdversarial = "FRAGILITY_ADVERSARIAL";
    public const string Regulatory = "REGULATORY";
    public const string Custom = "CUSTOM";

    public static IReadOnlyList<string> All { get; } =
    [Historical, Bootstrap, FactorBootstrap, ShockOverlay, FragilityAdversarial, Regulatory, Custom];
}
