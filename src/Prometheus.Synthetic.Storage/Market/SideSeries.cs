using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Market.Reading;

namespace Prometheus.Synthetic.Storage.Market;

/// <summary>Factors and macro series on the trading days of a draft.</summary>
internal sealed class SideSeries(MarketReader reader, CalibrationQuery query)
{
    /// <summary>A macro series whose publisher gives no unit.</summary>
    public const string UnknownUnit = "level";

    public async Task AddAsync(PanelDraft draft, List<string> notes, CancellationToken ct)
    {
        if (
            query.Needs.Factors
            || query.Needs.FactorIds is not null
            || query.Needs.FactorModelId is not null
            || query.Universe.Factors is not null
        )
            await AddFactorsAsync(draft, ct);
        if (
            query.Needs.MacroIds.Count + query.Needs.MacroIdsWherePresent.Count > 0
            || query.Universe.Macros is not null
        )
            await AddMacroAsync(draft, notes, ct);
    }

    private async Task AddFactorsAsync(PanelDraft draft, CancellationToken ct)
    {
        int[] calendar = draft.Calendar;
        IReadOnlyList<string>? asked = query.Needs.FactorIds;
        if (asked is null && query.Needs.FactorModelId is { } model)
            asked = (await EntityReads.FactorModelAsync(reader, model, ct)).Factors;
        if (query.Universe.Factors is { } wanted)
            asked = WithFamilys(asked, wanted);
        Dictionary<string, DatedSeries> series = await reader.Series.FactorsAsync(
            asked,
            DateOnly.FromDayNumber(calendar[0]),
            DateOnly.FromDayNumber(calendar[^1]),
            ct
        );
        if (asked is not null)
            await RefuseAbsentAsync(
                asked,
                series,
                "factor",
                id => FieldOf(query.Universe.Factors, "universe_filter.factors", id),
                reader.Series.FactorIdsAsync,
                ct
            );
        if (series.Count == 0)
            throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                "generator_spec.factors",
                "factors_daily has no factor returns in the window; import them with 'import FILE --as factors' or widen the dates"
            );

        foreach (DatedSeries factor in series.Values.OrderBy(s => s.Id, StringComparer.Ordinal))
        {
            double[] aligned = factor.On(calendar);
            double coverage = RaggedHistory.Coverage(aligned);
            // A factor nobody named may be left out; one that was named decides with the instruments over the days.
            if (asked is null && coverage < query.Universe.MinCoverage)
            {
                draft.Dropped.Add(
                    new DroppedDriver(
                        DriverKind.Factor,
                        factor.Id,
                        $"coverage {coverage:0.####} is below min_coverage {query.Universe.MinCoverage:0.####}",
                        coverage
                    )
                );
                continue;
            }

            draft.Add(
                new Driver(DriverKind.Factor, factor.Id, Driver.SimpleReturn),
                aligned,
                new KeptDriver(DriverKind.Factor, factor.Id, coverage, "factors_daily")
            );
        }
    }

    /// <summary>The factors that the universe wants beside those of the family; null for all.</summary>
    private IReadOnlyList<string>? WithFamilys(IReadOnlyList<string>? familys, IReadOnlyList<string> wanted)
    {
        bool familyTakesAll = familys is null && (query.Needs.Factors || query.Needs.FactorModelId is not null);
        return familyTakesAll || wanted.Contains("*", StringComparer.Ordinal)
            ? null
            : [.. (familys ?? []).Union(wanted, StringComparer.Ordinal)];
    }

    private async Task AddMacroAsync(PanelDraft draft, List<string> notes, CancellationToken ct)
    {
        string[] asked = [.. query.Needs.MacroIds.Concat(query.Universe.Macros ?? []).Distinct(StringComparer.Ordinal)];
        string[] ids =
        [
            .. asked
                .Concat(query.Needs.MacroIdsWherePresent)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        int[] calendar = draft.Calendar;
        // Levels are needed from before the window: the first day's change starts at what stood the day before.
        DateOnly from = DateOnly.FromDayNumber(Math.Max(0, calendar[0] - 800));
        Dictionary<string, DatedSeries> series = await reader.Series.MacroAsync(ids, from, query.AsOf, ct);
        await RefuseAbsentAsync(
            asked,
            series,
            "macro series",
            id => FieldOf(query.Universe.Macros, "universe_filter.macros", id),
            reader.Series.MacroIdsAsync,
            ct
        );
        Dictionary<string, string> units = await reader.Series.MacroUnitsAsync(ids, query.AsOf, ct);
        foreach (string id in ids)
        {
            if (!series.TryGetValue(id, out DatedSeries? levels))
            {
                notes.Add($"Macro series {id} is not in the tables and was left out.");
                continue;
            }

            int carry = query.Universe.MacroCarryDays ?? levels.NaturalCarryDays();
            double[] changes = LevelChanges(levels, calendar, carry);
            double coverage = RaggedHistory.Coverage(changes);
            // What nobody insisted on must not cost the others their days.
            if (!asked.Contains(id, StringComparer.Ordinal) && coverage < query.Universe.MinCoverage)
            {
                draft.Dropped.Add(
                    new DroppedDriver(
                        DriverKind.Macro,
                        id,
                        $"coverage {coverage:0.####} is below min_coverage {query.Universe.MinCoverage:0.####}",
                        coverage
                    )
                );
                continue;
            }

            if (!units.TryGetValue(id, out string? unit))
            {
                unit = UnknownUnit;
                notes.Add($"Macro series {id} has no unit in its metadata; its shocks are labelled '{UnknownUnit}'.");
            }

            draft.Add(
                new Driver(DriverKind.Macro, id, unit, double.IsFinite(levels.Values[^1]) ? levels.Values[^1] : null),
                changes,
                new KeptDriver(DriverKind.Macro, id, coverage, "macro_time_series", carry)
            );
        }
    }

    /// <summary>
    /// Change of the standing level from one trading day to the next; the first day's from what stood on the eve of
    /// the window. NaN where either level is missing or too old. Impossible levels give +∞.
    /// </summary>
    internal static double[] LevelChanges(DatedSeries levels, int[] calendar, int carryDays)
    {
        int[] withEve = [calendar[0] - 1, .. calendar];
        double[] standing = levels.LevelOn(withEve, carryDays);
        double[] changes = new double[calendar.Length];
        for (int t = 0; t < changes.Length; t++)
        {
            double change = standing[t + 1] - standing[t];
            changes[t] =
                double.IsInfinity(standing[t]) || double.IsInfinity(standing[t + 1]) ? double.PositiveInfinity : change;
        }

        return changes;
    }

    /// <summary>A series is asked for by the universe filter, or by the spec in one of the keys of its family.</summary>
    private static string FieldOf(IReadOnlyList<string>? universe, string field, string id) =>
        universe?.Contains(id, StringComparer.Ordinal) == true ? field : "generator_spec";

    private static async Task RefuseAbsentAsync(
        IReadOnlyList<string> asked,
        Dictionary<string, DatedSeries> found,
        string what,
        Func<string, string> fieldOf,
        Func<CancellationToken, Task<List<string>>> known,
        CancellationToken ct
    )
    {
        string[] absent = [.. asked.Where(id => !found.ContainsKey(id)).Distinct(StringComparer.Ordinal)];
        if (absent.Length == 0)
            return;
        List<string> there = await known(ct);
        throw new ScenarioRefusedException([
            .. absent.Select(id => new FieldError(
                ErrorCodes.NotFound,
                fieldOf(id),
                there.Contains(id, StringComparer.Ordinal)
                    ? $"{what} '{id}' has no data in the window; widen the dates or leave it out"
                    : $"no {what} '{id}'; known: {(there.Count == 0 ? "none" : string.Join(", ", there.Take(40)))}{Spelling.Suggest(id, there)}"
            )),
        ]);
    }
}
