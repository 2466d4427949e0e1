namespace Prometheus.Synthetic.Contracts;

/// <summary>Tags with a meaning of their own.</summary>
public static class ContractTags
{
    /// <summary>
    /// Marks a defensive test. Every set of category <see cref="ScenarioCategories.FragilityAdversarial"/> carries it,
    /// together with <c>defensive_test</c> = true.
    /// </summary>
    public const string DefensiveTest = "DEFENSIVE_TEST";
}
