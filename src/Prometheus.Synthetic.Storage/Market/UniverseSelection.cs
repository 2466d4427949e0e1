using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Storage.Market;

/// <summary>
/// Applies the filters that need no history, one after the other, counting what each takes away. Pure: the same rows
/// and filter give the same universe, in ordinal order of the ids.
/// </summary>
public static class UniverseSelection
{
    /// <param name="tradedValue">Median traded value by instrument; absent where there are no volumes.</param>
    /// <param name="sheets">The score sheet of each bucket of the filter, in order.</param>
    /// <exception cref="ScenarioRefusedException">A named instrument or label does not exist, or nothing is left.</exception>
    public static (IReadOnlyList<InstrumentRow> Instruments, IReadOnlyList<FilterStep> Steps) Apply(
        IReadOnlyList<InstrumentRow> candidates,
        UniverseFilter filter,
        IReadOnlyDictionary<string, double> tradedValue,
        IReadOnlyList<ScoreSheet> sheets
    )
    {
        RefuseUnknownWords(candidates, filter);
        var steps = new List<FilterStep>();
        List<InstrumentRow> left = [.. candidates.OrderBy(i => i.InstrumentId, StringComparer.Ordinal)];
        int offered = left.Count;
        Keep("instruments", filter.Instruments, i => i.InstrumentId);
        Keep("asset_classes", filter.AssetClasses, i => i.AssetClass);
        Keep("sectors", filter.Sectors, i => i.Sector);
        Keep("countries", filter.Countries, i => i.Country);
        Keep("currencies", filter.Currencies, i => i.Currency);
        Keep("issuers", filter.Issuers, i => i.IssuerId);
        if (filter.ExcludeInstruments is { } excluded)
        {
            var set = new HashSet<string>(excluded, StringComparer.Ordinal);
            Step("exclude_instruments", i => !set.Contains(i.InstrumentId));
        }

        Drop("exclude_asset_classes", filter.ExcludeAssetClasses, i => i.AssetClass);
        Drop("exclude_sectors", filter.ExcludeSectors, i => i.Sector);
        Drop("exclude_countries", filter.ExcludeCountries, i => i.Country);
        Drop("exclude_issuers", filter.ExcludeIssuers, i => i.IssuerId);
        for (int b = 0; b < filter.Buckets.Count; b++)
        {
            IReadOnlyList<EntityScore> inside = Inside(filter.Buckets[b], sheets[b]);
            Step($"buckets[{b}]", i => inside.Any(e => EntityInstruments.Expresses(i, e.EntityType, e.EntityId)));
        }

        if (filter.MinTradedValue is { } least)
            Step("min_traded_value", i => tradedValue.TryGetValue(i.InstrumentId, out double v) && v >= least);
        if (filter.MaxInstruments is { } most && left.Count > most)
        {
            HashSet<string> largest =
            [
                .. left.OrderByDescending(i => tradedValue.GetValueOrDefault(i.InstrumentId))
                    .ThenBy(i => i.InstrumentId, StringComparer.Ordinal)
                    .Take(most)
                    .Select(i => i.InstrumentId),
            ];
            Step("max_instruments", i => largest.Contains(i.InstrumentId));
        }

        if (left.Count == 0)
        {
            string taken = string.Join(
                ", ",
                steps.Where(s => s.Removed > 0).Select(s => $"{s.Name} removed {s.Removed}")
            );
            throw new ScenarioRefusedException(
                ErrorCodes.OutOfRange,
                UniverseFilter.Path,
                $"no instrument is left of the {offered} in the markets: {taken}; widen the filter that removed most"
            );
        }

        return (left, steps);

        void Keep(string name, IReadOnlyList<string>? allowed, Func<InstrumentRow, string?> value)
        {
            if (allowed is null)
                return;
            var set = new HashSet<string>(allowed, StringComparer.Ordinal);
            Step(name, i => value(i) is { } v && set.Contains(v));
        }

        void Drop(string name, IReadOnlyList<string>? unwanted, Func<InstrumentRow, string?> value)
        {
            if (unwanted is null)
                return;
            var set = new HashSet<string>(unwanted, StringComparer.Ordinal);
            Step(name, i => !(value(i) is { } v && set.Contains(v)));
        }

        void Step(string name, Func<InstrumentRow, bool> keep)
        {
            int removed = left.RemoveAll(i => !keep(i));
            steps.Add(new FilterStep(name, removed, left.Count));
        }
    }

    /// <summary>The entities of a sheet that lie inside a bucket.</summary>
    public static IReadOnlyList<EntityScore> Inside(BucketFilter bucket, ScoreSheet sheet)
    {
        EntityScore[] entities = [.. sheet.Scores.Where(s => s.EntityType == bucket.EntityType)];
        double[] sorted = [.. entities.Where(e => e.Score.HasValue).Select(e => e.Score!.Value).Order()];
        return [.. entities.Where(IsInside)];

        bool IsInside(EntityScore e)
        {
            if (bucket.Entities is { } named && !named.Contains(e.EntityId, StringComparer.Ordinal))
                return false;
            if (bucket.Classes is { } classes && !(e.Class is { } c && classes.Contains(c, StringComparer.Ordinal)))
                return false;
            if (bucket is { MinScore: null, MaxScore: null, QuantileRange: null })
                return true;
            if (e.Score is not { } score)
                return false;
            if (score < bucket.MinScore || score > bucket.MaxScore)
                return false;
            return bucket.QuantileRange is not { } range
                || (MidRank(sorted, score) is var q && q >= range.Low && q <= range.High);
        }
    }

    /// <summary>(number below + half the number equal) / n.</summary>
    private static double MidRank(double[] sorted, double value)
    {
        int below = 0;
        int equal = 0;
        foreach (double s in sorted)
        {
            if (s < value)
                below++;
            else if (s == value)
                equal++;
        }

        return (below + 0.5 * equal) / sorted.Length;
    }

    private static void RefuseUnknownWords(IReadOnlyList<InstrumentRow> candidates, UniverseFilter filter)
    {
        var errors = new List<FieldError>();
        Check("instruments", filter.Instruments, i => i.InstrumentId);
        Check("asset_classes", filter.AssetClasses, i => i.AssetClass);
        Check("sectors", filter.Sectors, i => i.Sector);
        Check("countries", filter.Countries, i => i.Country);
        Check("currencies", filter.Currencies, i => i.Currency);
        Check("issuers", filter.Issuers, i => i.IssuerId);
        // A misspelt exclusion excludes nothing, which nobody would notice.
        Check("exclude_instruments", filter.ExcludeInstruments, i => i.InstrumentId);
        Check("exclude_asset_classes", filter.ExcludeAssetClasses, i => i.AssetClass);
        Check("exclude_sectors", filter.ExcludeSectors, i => i.Sector);
        Check("exclude_countries", filter.ExcludeCountries, i => i.Country);
        Check("exclude_issuers", filter.ExcludeIssuers, i => i.IssuerId);
        if (errors.Count > 0)
            throw new ScenarioRefusedException(errors);

        void Check(string key, IReadOnlyList<string>? words, Func<InstrumentRow, string?> value)
        {
            if (words is null)
                return;
            SortedSet<string> known = new(
                candidates.Select(value).Where(v => !string.IsNullOrEmpty(v))!,
                StringComparer.Ordinal
            );
            string[] unknown = [.. words.Where(w => !known.Contains(w)).Distinct(StringComparer.Ordinal)];
            foreach (string word in unknown.Take(20))
            {
                string there = known.Count switch
                {
                    0 => "the markets' instruments have none",
                    <= 20 => $"there are {string.Join(", ", known)}",
                    _ => $"there are {known.Count}, e.g. {string.Join(", ", known.Take(5))}",
                };
                errors.Add(
                    new FieldError(
                        ErrorCodes.UnknownValue,
                        $"{UniverseFilter.Path}.{key}",
                        $"'{word}' occurs nowhere in the requested markets; {there}{Spelling.Suggest(word, known)}"
                    )
                );
            }

            if (unknown.Length > 20)
                errors.Add(
                    new FieldError(
                        ErrorCodes.UnknownValue,
                        $"{UniverseFilter.Path}.{key}",
                        $"and {unknown.Length - 20} more unknown values"
                    )
                );
        }
    }
}
