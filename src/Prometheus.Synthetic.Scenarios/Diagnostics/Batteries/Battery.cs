using Prometheus.Synthetic.Scenarios.Spectra;

namespace Prometheus.Synthetic.Scenarios.Diagnostics.Batteries;

/// <summary>
/// Joins the coverage of several sets: a region or trait is reached when one path of one set is there. Each set's traits
/// are relative to its own history; sets of one market and horizon share it.
/// </summary>
public static class Battery
{
    private static readonly (string Name, Func<CoverageCell, string> Trait)[] s_dimensions =
    [
        ("tail", static c => c.Tail),
        ("dependence", static c => c.Dependence),
        ("spectrum", static c => c.Spectrum),
        ("radius", static c => c.Radius),
        ("regime", static c => c.Regime),
    ];

    private static readonly Dictionary<string, string[]> s_known = new()
    {
        ["tail"] = Names<TailTrait>(),
        ["dependence"] = Names<DependenceTrait>(),
        ["spectrum"] = Names<WindowClass>(),
        ["radius"] = Names<RadiusTrait>(),
    };

    public static BatteryReport Assess(IReadOnlyList<BatteryMember> members, BatteryNeeds needs)
    {
        var notes = new List<string>();
        foreach (BatteryMember m in members.Where(m => m.Coverage is null))
            notes.Add($"{m.Name} version {m.Version} has no coverage report; it counts for its category alone");
        BatteryMember[] known = [.. members.Where(m => m.Coverage is not null)];
        CoverageCell[] history = History(known);
        var occupied = known.SelectMany(m => m.Coverage!.Cells).Select(Coverage.Region).ToHashSet();
        BatteryGap[] gaps =
        [
            .. history
                .Where(c => !occupied.Contains(Coverage.Region(c)))
                .OrderByDescending(c => c.Probability)
                .ThenBy(c => Coverage.Region(c).ToString(), StringComparer.Ordinal)
                .Select(c => new BatteryGap(c, CoverageAdvice.ForRegion(c))),
        ];
        double? reached = history.Length > 0 ? Math.Clamp(1 - gaps.Sum(g => g.Region.Probability), 0, 1) : null;
        BatteryTrait[] traits = [.. Traits(known, history, needs)];
        BatteryLack[] lacks =
        [
            .. Categories(members, needs),
            .. traits
                .Where(t => t.Needed && !t.Reached)
                .Select(t => new BatteryLack(
                    $"{t.Dimension} {t.Trait}",
                    "no sampled path",
                    Advice(t.Dimension, t.Trait)
                )),
            .. Amounts(members, needs, reached, gaps),
        ];
        return new BatteryReport(
            lacks.Length == 0,
            needs.Name,
            members.Sum(m => m.Paths),
            reached,
            needs.HistoryShare,
            lacks,
            traits,
            gaps,
            notes
        );
    }

    private static IEnumerable<BatteryLack> Categories(IReadOnlyList<BatteryMember> members, BatteryNeeds needs) =>
        needs
            .Categories.Where(c => members.All(m => m.Category != c))
            .Select(c => new BatteryLack($"category {c}", "no set", $"a request of category {c}"));

    private static IEnumerable<BatteryLack> Amounts(
        IReadOnlyList<BatteryMember> members,
        BatteryNeeds needs,
        double? reached,
        BatteryGap[] gaps
    )
    {
        int paths = members.Sum(m => m.Paths);
        if (paths < needs.MinPaths)
            yield return new BatteryLack($"{needs.MinPaths} paths", $"{paths}", null);
        // Shares are sums of fractions; a need met to the last digit is met.
        if (reached is { } share && share < needs.HistoryShare - 1e-9)
            yield return new BatteryLack(
                FormattableString.Invariant($"{needs.HistoryShare:P0} of history's windows reached"),
                FormattableString.Invariant($"{share:P1}"),
                gaps[0].FilledBy
            );
        else if (reached is null && needs.HistoryShare > 0)
            yield return new BatteryLack("coverage of history", "no set was diagnosed against a history", null);
    }

    /// <summary>
    /// History's regions and their shares, averaged over the sets' histories. A set without source days knows no regimes;
    /// where others know them, its history is the same windows told with less, and stands back.
    /// </summary>
    private static CoverageCell[] History(BatteryMember[] members)
    {
        CoverageReport[] reports = [.. members.Select(m => m.Coverage!).Where(c => c.History is { Count: > 0 })];
        CoverageReport[] labelled = [.. reports.Where(c => c.History.Any(h => h.Regime != Coverage.Unknown))];
        if (labelled.Length > 0)
            reports = labelled;
        return
        [
            .. reports
                .SelectMany(r => r.History)
                .GroupBy(Coverage.Region)
                .Select(g =>
                    g.First() with
                    {
                        Paths = g.Sum(c => c.Paths),
                        Probability = g.Sum(c => c.Probability) / reports.Length,
                    }
                ),
        ];
    }

    private static IEnumerable<BatteryTrait> Traits(BatteryMember[] members, CoverageCell[] history, BatteryNeeds needs)
    {
        foreach ((string dimension, Func<CoverageCell, string> trait) in s_dimensions)
        {
            IEnumerable<string> names = s_known
                .GetValueOrDefault(dimension, [])
                .Concat(history.Select(trait).Where(t => t != Coverage.Unknown).Order(StringComparer.Ordinal))
                .Concat(needs.Traits.Where(t => t.Dimension == dimension).Select(t => t.Trait))
                .Distinct(StringComparer.Ordinal);
            foreach (string name in names)
            {
                double share = history.Where(c => trait(c) == name).Sum(c => c.Probability);
                yield return new BatteryTrait(
                    dimension,
                    name,
                    share,
                    members.Sum(m => m.Coverage!.Cells.Where(c => trait(c) == name).Sum(c => c.Paths)),
                    [
                        .. members
                            .Where(m => m.Coverage!.Cells.Any(c => trait(c) == name))
                            .Select(m => m.Name)
                            .Distinct(),
                    ],
                    needs.Traits.Contains((dimension, name)) || (needs.AllTraitsOfHistory && share > 0)
                );
            }
        }
    }

    private static string Advice(string dimension, string trait) =>
        dimension switch
        {
            "tail" => CoverageAdvice.For(Find<TailTrait>(trait)),
            "dependence" => CoverageAdvice.For(Find<DependenceTrait>(trait)),
            "spectrum" => CoverageAdvice.For(Find<WindowClass>(trait)),
            "radius" => CoverageAdvice.For(Find<RadiusTrait>(trait)),
            _ => CoverageAdvice.ForRegime(trait),
        };

    private static T Find<T>(string trait)
        where T : struct, Enum => Enum.GetValues<T>().Single(t => Json.SnakeCase.Upper(t.ToString()) == trait);

    private static string[] Names<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(Json.SnakeCase.Upper)];
}
