using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Custom;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Factors;
using Prometheus.Synthetic.Scenarios.Historical;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Scenarios.Generation;

/// <summary>The families this engine version has, by category.</summary>
public sealed class ScenarioFamilies
{
    private readonly SortedDictionary<string, IScenarioFamily> _families = new(StringComparer.Ordinal);

    public ScenarioFamilies(params IEnumerable<IScenarioFamily> families)
    {
        foreach (IScenarioFamily family in families)
            _families.Add(family.Category, family);
    }

    /// <summary>Every family of this version.</summary>
    public static ScenarioFamilies All { get; } =
        new(new HistoricalFamily(), new BlockBootstrapFamily(), new FactorBootstrapFamily(), new GivenPathsFamily());

    public IReadOnlyCollection<string> Categories => _families.Keys;

    public bool Has(string category) => _families.ContainsKey(category);

    /// <exception cref="ScenarioRefusedException">The category is unknown, or known but not built into this version.</exception>
    public IScenarioFamily For(string category)
    {
        if (_families.TryGetValue(category, out IScenarioFamily? family))
            return family;
        string available = string.Join(", ", _families.Keys);
        throw ScenarioCategory.All.Contains(category, StringComparer.Ordinal)
            ? new ScenarioRefusedException(
                ErrorCodes.UnknownFamily,
                "category",
                $"'{category}' is not built into this engine version; available: {available}"
            )
            : new ScenarioRefusedException(
                ErrorCodes.UnknownValue,
                "category",
                $"'{category}' is not a scenario category; known: {string.Join(", ", ScenarioCategory.All)}{Spelling.Suggest(category, ScenarioCategory.All)}"
            );
    }
}
