namespace Prometheus.Synthetic.Contracts;

/// <summary>Values of <c>category</c>: the scenario families of the specification, as they stand in tables and messages.</summary>
public static class ScenarioCategories
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
