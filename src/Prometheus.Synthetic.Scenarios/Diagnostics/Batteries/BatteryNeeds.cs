using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Spectra;

namespace Prometheus.Synthetic.Scenarios.Diagnostics.Batteries;

/// <summary>What a gate wants of a battery of sets.</summary>
/// <param name="Categories"><c>categories</c>: each must have a set.</param>
/// <param name="Traits">
/// <c>traits</c>: names by dimension (tail, dependence, spectrum, radius), and <c>regimes</c> under the dimension
/// <c>regime</c>; each must be that of some sampled path.
/// </param>
/// <param name="AllTraitsOfHistory">Every trait that a window of history has is wanted; so when no traits are named.</param>
/// <param name="HistoryShare"><c>history_share</c>, 0 to 1: least share of history's windows whose region is reached.</param>
/// <param name="MinPaths"><c>min_paths</c>: least number of paths over all sets.</param>
public sealed record BatteryNeeds(
    string Name,
    IReadOnlyList<string> Categories,
    IReadOnlyList<(string Dimension, string Trait)> Traits,
    bool AllTraitsOfHistory,
    double HistoryShare,
    int MinPaths
)
{
    public const double DefaultHistoryShare = 0.9;

    /// <summary>Every trait that history has, and nine tenths of its windows.</summary>
    public static BatteryNeeds Default { get; } = new("default", [], [], true, DefaultHistoryShare, 1);

    /// <param name="needs">The needs file's content.</param>
    /// <exception cref="ScenarioRefusedException">Unknown keys, traits or categories, wrong types: all at once.</exception>
    public static BatteryNeeds Parse(JsonElement needs)
    {
        var reader = new SpecReader(string.Empty, needs);
        string name = reader.OptionalText("name") ?? "needs";
        IReadOnlyList<string> categories = reader.OptionalTexts("categories", ScenarioCategory.All.Count) ?? [];
        foreach (string unknown in categories.Except(ScenarioCategory.All, StringComparer.Ordinal))
            reader.Refuse(
                ErrorCodes.UnknownValue,
                "categories",
                $"'{unknown}' is not a scenario category; known: {string.Join(", ", ScenarioCategory.All)}{Spelling.Suggest(unknown, ScenarioCategory.All)}"
            );
        var traits = new List<(string, string)>();
        if (reader.OptionalObject("traits") is { } own)
        {
            Read<TailTrait>(own, "tail", traits);
            Read<DependenceTrait>(own, "dependence", traits);
            Read<WindowClass>(own, "spectrum", traits);
            Read<RadiusTrait>(own, "radius", traits);
            own.Finish();
        }

        traits.AddRange((reader.OptionalTexts("regimes", 100) ?? []).Select(r => ("regime", r)));
        bool all = !reader.Has("traits") && !reader.Has("regimes");
        double share = reader.Number("history_share", DefaultHistoryShare, 0, 1);
        int paths = reader.Integer("min_paths", 1, 1, int.MaxValue);
        reader.Finish();
        reader.ThrowIfRefused();
        return new BatteryNeeds(name, categories, traits, all, share, paths);
    }

    private static void Read<T>(SpecReader reader, string dimension, List<(string, string)> traits)
        where T : struct, Enum
    {
        string[] known = [.. Enum.GetNames<T>().Select(SnakeCase.Upper)];
        foreach (string trait in reader.OptionalTexts(dimension, known.Length) ?? [])
        {
            if (known.Contains(trait, StringComparer.Ordinal))
                traits.Add((dimension, trait));
            else
                reader.Refuse(
                    ErrorCodes.UnknownValue,
                    dimension,
                    $"'{trait}' is not one of {string.Join(", ", known)}{Spelling.Suggest(trait, known)}"
                );
        }
    }
}
