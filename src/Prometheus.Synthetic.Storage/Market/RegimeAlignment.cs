using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Market.Reading;

namespace Prometheus.Synthetic.Storage.Market;

/// <summary>Regime labels on the days of a panel, one region and one model.</summary>
internal sealed class RegimeAlignment(MarketReader reader, CalibrationQuery query, IReadOnlyList<MarketRow> markets)
{
    private const string Global = "GLOBAL";

    public async Task<(RegimeHistory, RegimeUse)> LoadAsync(ShockPanel panel, CancellationToken ct)
    {
        string region = await RegionAsync(ct);
        string model = await ModelAsync(region, ct);
        DateOnly first = panel.Dates[0];
        DateOnly from = DateOnly.FromDayNumber(Math.Max(0, first.DayNumber - query.Universe.RegimeCarryDays));
        List<RegimeRow> rows = await reader.Registry.RegimesAsync(region, model, from, panel.Dates[^1], ct);
        (string?[] labels, double[] confidence) = Align(
            rows,
            panel.Dates,
            query.Universe.RegimeCarryDays,
            query.Universe.RegimeMinConfidence
        );
        var days = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (string? label in labels)
        {
            if (label is not null)
                days[label] = days.GetValueOrDefault(label) + 1;
        }

        RefuseAbsentLabels(days, region, model);
        return (
            new RegimeHistory(model, labels, confidence),
            new RegimeUse(model, region, query.Universe.RegimeMinConfidence, days, labels.Count(l => l is null))
        );
    }

    /// <summary>The label that stood on each day, unless too old or less sure than the floor. Rows ascend by day.</summary>
    internal static (string?[] Labels, double[] Confidence) Align(
        IReadOnlyList<RegimeRow> rows,
        IReadOnlyList<DateOnly> dates,
        int carryDays,
        double minConfidence
    )
    {
        string?[] labels = new string?[dates.Count];
        double[] confidence = new double[dates.Count];
        int j = -1;
        for (int t = 0; t < dates.Count; t++)
        {
            int day = dates[t].DayNumber;
            while (j + 1 < rows.Count && rows[j + 1].Day <= day)
                j++;
            bool stands = j >= 0 && day - rows[j].Day <= carryDays;
            confidence[t] = stands ? rows[j].Confidence : double.NaN;
            if (stands && (minConfidence <= 0 || rows[j].Confidence >= minConfidence))
                labels[t] = rows[j].Label;
        }

        return (labels, confidence);
    }

    private async Task<string> RegionAsync(CancellationToken ct)
    {
        List<string> known = await reader.Registry.RegimeRegionsAsync(ct);
        if (query.Universe.RegimeRegion is { } asked)
        {
            if (!known.Contains(asked, StringComparer.Ordinal))
                throw new ScenarioRefusedException(
                    ErrorCodes.UnknownValue,
                    $"{UniverseFilter.Path}.regime_region",
                    $"no regimes of region '{asked}'; there are {Listed(known)}{Spelling.Suggest(asked, known)}"
                );
            return asked;
        }

        string?[] own = [.. markets.Select(m => m.Region).Distinct(StringComparer.Ordinal)];
        if (own is [{ } single] && known.Contains(single, StringComparer.Ordinal))
            return single;
        if (known.Contains(Global, StringComparer.Ordinal))
            return Global;
        throw new ScenarioRefusedException(
            ErrorCodes.NotFound,
            $"{UniverseFilter.Path}.regime_region",
            $"the markets {string.Join(", ", query.Markets)} have region {string.Join(", ", own.Select(r => r ?? "none"))}, for which there are no regimes (nor for GLOBAL); there are {Listed(known)}; set regime_region"
        );
    }

    private async Task<string> ModelAsync(string region, CancellationToken ct)
    {
        List<(string Model, DateOnly Last)> models = await reader.Registry.ModelsOfAsync(
            "regimes",
            region,
            query.AsOf,
            ct
        );
        if (models.Count == 0)
            throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                "regime_filter",
                $"no regimes of region {region} on or before {query.AsOf:yyyy-MM-dd}; run the Regime Engine or leave regimes out"
            );
        if (query.Universe.RegimeModelId is not { } asked)
            return models[0].Model;
        if (models.Exists(m => m.Model == asked))
            return asked;
        throw new ScenarioRefusedException(
            ErrorCodes.UnknownValue,
            $"{UniverseFilter.Path}.regime_model_id",
            $"model '{asked}' labelled nothing of region {region} on or before {query.AsOf:yyyy-MM-dd}; there are {Listed(models.Select(m => m.Model))}{Spelling.Suggest(asked, models.Select(m => m.Model))}"
        );
    }

    private void RefuseAbsentLabels(SortedDictionary<string, int> days, string region, string model)
    {
        if (query.RegimeFilter is not { } filter)
            return;
        string there = Listed(days.Select(d => $"{d.Key} ({d.Value} days)"));
        FieldError[] errors =
        [
            .. filter
                .Where(label => !days.ContainsKey(label))
                .Select(label => new FieldError(
                    ErrorCodes.UnknownValue,
                    "regime_filter",
                    $"no day of the window is labelled '{label}' by {model} for {region}; there are {there}{Spelling.Suggest(label, days.Keys)}"
                )),
        ];
        if (errors.Length > 0)
            throw new ScenarioRefusedException(errors);
    }

    private static string Listed(IEnumerable<string> words)
    {
        string list = string.Join(", ", words);
        return list.Length == 0 ? "none" : list;
    }
}
