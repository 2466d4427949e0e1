using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Market.Reading;

namespace Prometheus.Synthetic.Storage.Market;

/// <summary>Scores, exposures and targets: the latest of each at or before the as-of date.</summary>
internal sealed class EntityReads(MarketReader reader, CalibrationQuery query)
{
    /// <summary>A class without a score stands for its place in the order NONE, WATCHLIST, SOFT_TARGET.</summary>
    private static readonly Dictionary<string, double> s_classScores = new(StringComparer.Ordinal)
    {
        ["NONE"] = 0.0,
        ["WATCHLIST"] = 0.5,
        ["SOFT_TARGET"] = 1.0,
        ["SHORT_CANDIDATE"] = 0.75,
        ["CRISIS"] = 1.0,
    };

    /// <summary>The scores of a bucket's model on the last day it scored entities of the bucket's type.</summary>
    public static async Task<ScoreSheet> SheetAsync(
        MarketReader reader,
        BucketFilter bucket,
        DateOnly asOf,
        CancellationToken ct
    )
    {
        string table = ScoreReader.NameOf(bucket.Table);
        List<(string Model, DateOnly Last)> models = await reader.Registry.ModelsOfAsync(
            table,
            null,
            asOf,
            ct,
            bucket.EntityType
        );
        if (models.Count == 0)
            throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                bucket.Field,
                $"{table} has no scores of {bucket.EntityType} entities on or before {asOf:yyyy-MM-dd}; run the engine that writes it or leave the bucket out"
            );
        (string Model, DateOnly Last) chosen = bucket.ModelId is { } id ? models.Find(m => m.Model == id) : models[0];
        if (chosen.Model is null)
            throw new ScenarioRefusedException(
                ErrorCodes.UnknownValue,
                $"{bucket.Field}.model_id",
                $"model '{bucket.ModelId}' has no scores in {table} on or before {asOf:yyyy-MM-dd}; there are {string.Join(", ", models.Select(m => m.Model))}{Spelling.Suggest(bucket.ModelId!, models.Select(m => m.Model))}"
            );
        ScoreSheet sheet = await reader.Scores.ScoresAsync(bucket.Table, chosen.Model, chosen.Last, ct);
        if (bucket.Entities is { } named)
        {
            string[] scored =
            [
                .. sheet
                    .Scores.Where(s => s.EntityType == bucket.EntityType)
                    .Select(s => s.EntityId)
                    .Order(StringComparer.Ordinal),
            ];
            foreach (string entity in named)
            {
                if (!scored.Contains(entity, StringComparer.Ordinal))
                    throw new ScenarioRefusedException(
                        ErrorCodes.UnknownValue,
                        $"{bucket.Field}.entities",
                        $"{bucket.EntityType} '{entity}' has no score in {table} on {chosen.Last:yyyy-MM-dd}; scored are {(scored.Length == 0 ? "none" : string.Join(", ", scored.Take(20)))}{Spelling.Suggest(entity, scored)}"
                    );
            }
        }

        if (bucket.Classes is { } classes)
        {
            string[] known =
            [
                .. sheet
                    .Scores.Where(s => s.Class is not null)
                    .Select(s => s.Class!)
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ];
            foreach (string word in classes)
            {
                if (!known.Contains(word, StringComparer.Ordinal))
                    throw new ScenarioRefusedException(
                        ErrorCodes.UnknownValue,
                        $"{bucket.Field}.classes",
                        $"no entity is '{word}' in {table} on {chosen.Last:yyyy-MM-dd}; there are {(known.Length == 0 ? "no classes" : string.Join(", ", known))}{Spelling.Suggest(word, known)}"
                    );
            }
        }

        return sheet;
    }

    /// <summary>The factor model of that id in the registry.</summary>
    public static async Task<ModelRow> FactorModelAsync(MarketReader reader, string modelId, CancellationToken ct)
    {
        List<ModelRow> models = await reader.Registry.ModelsAsync(ct);
        if (models.Find(m => m.ModelId == modelId) is { } found)
            return found;
        string[] factorModels =
        [
            .. models
                .Where(m =>
                    m.Factors is not null
                    || (m.Type ?? string.Empty).Contains("factor", StringComparison.OrdinalIgnoreCase)
                )
                .Select(m => m.ModelId),
        ];
        throw new ScenarioRefusedException(
            ErrorCodes.NotFound,
            "generator_spec.factor_model_id",
            $"no model '{modelId}' in the registry; factor models there: {(factorModels.Length == 0 ? "none" : string.Join(", ", factorModels))}{Spelling.Suggest(modelId, factorModels)}"
        );
    }

    /// <summary>Exposures of the panel's instruments to its factors, NaN where not registered.</summary>
    public async Task<FactorExposures> ExposuresAsync(
        string modelId,
        ShockPanel panel,
        IReadOnlyList<InstrumentRow> instruments,
        List<string> notes,
        CancellationToken ct
    )
    {
        string[] ids = [.. instruments.Select(i => i.InstrumentId).Order(StringComparer.Ordinal)];
        string[] factors = [.. panel.Drivers.Where(d => d.Kind == DriverKind.Factor).Select(d => d.Id)];
        List<(string Instrument, DateOnly Date, string Factor, double Exposure)> rows =
            await reader.Instruments.ExposuresAsync(ids, query.AsOf, ct);
        double[] values = new double[ids.Length * factors.Length];
        Array.Fill(values, double.NaN);
        DateOnly latest = DateOnly.MinValue;
        DateOnly oldest = DateOnly.MaxValue;
        foreach ((string instrument, DateOnly date, string factor, double exposure) in rows)
        {
            int f = Array.BinarySearch(factors, factor, StringComparer.Ordinal);
            int i = Array.BinarySearch(ids, instrument, StringComparer.Ordinal);
            if (f < 0 || i < 0)
                continue;
            if (!double.IsFinite(exposure))
                throw new ScenarioRefusedException(
                    ErrorCodes.BadData,
                    instrument,
                    $"exposure to {factor} on {date:yyyy-MM-dd} is no finite number; mend instrument_factors_daily"
                );
            values[i * factors.Length + f] = exposure;
            latest = date > latest ? date : latest;
            oldest = date < oldest ? date : oldest;
        }

        if (latest == DateOnly.MinValue)
            throw new ScenarioRefusedException(
                ErrorCodes.MissingExposure,
                "generator_spec.factor_model_id",
                $"instrument_factors_daily has no exposures of the {ids.Length} instruments to {string.Join(", ", factors)} on or before {query.AsOf:yyyy-MM-dd}; run the factor model or let the generator estimate"
            );
        int missing = values.Count(double.IsNaN);
        if (missing > 0)
            notes.Add($"{missing} of {values.Length} exposures of {modelId} are not registered.");
        if (oldest < latest)
            notes.Add($"Exposures are of {oldest:yyyy-MM-dd} to {latest:yyyy-MM-dd}: some instruments' are older.");
        return new FactorExposures(modelId, latest, values);
    }

    /// <summary>
    /// The entities of highest soft-target score that the panel's instruments can express, best first, ties by type
    /// and id. Without soft-target rows the fragility measures stand in.
    /// </summary>
    public async Task<IReadOnlyList<TargetEntity>> TargetsAsync(
        IReadOnlyList<InstrumentRow> instruments,
        List<string> notes,
        CancellationToken ct
    )
    {
        foreach (ScoreTable table in (ScoreTable[])[ScoreTable.SoftTarget, ScoreTable.Fragility])
        {
            List<(string Model, DateOnly Last)> models = await reader.Registry.ModelsOfAsync(
                ScoreReader.NameOf(table),
                null,
                query.AsOf,
                ct
            );
            if (models.Count == 0)
                continue;
            ScoreSheet sheet = await reader.Scores.ScoresAsync(table, models[0].Model, models[0].Last, ct);
            Dictionary<string, string> sovereigns = await reader.Instruments.SovereignsAsync(ct);
            TargetEntity[] targets =
            [
                .. sheet
                    .Scores.Select(s => Target(s, instruments, sovereigns))
                    .Where(t => t.InstrumentIds.Count > 0)
                    .OrderByDescending(t => t.SoftTargetScore)
                    .ThenBy(t => t.EntityType, StringComparer.Ordinal)
                    .ThenBy(t => t.EntityId, StringComparer.Ordinal)
                    .Take(query.Needs.TargetCount),
            ];
            if (targets.Length == 0)
                continue;
            notes.Add(
                $"Targets are of {ScoreReader.NameOf(table)}, model {sheet.ModelId}, {sheet.Date:yyyy-MM-dd}: {targets.Length} of {query.Needs.TargetCount} asked."
            );
            return targets;
        }

        notes.Add(
            $"No entity of the stability and fragility engines on or before {query.AsOf:yyyy-MM-dd} is expressed by the panel's instruments."
        );
        return [];
    }

    /// <summary>Given entities with the panel's instruments that express each, best score first.</summary>
    public async Task<IReadOnlyList<TargetEntity>> ExpressAsync(
        IReadOnlyList<TargetEntity> given,
        IReadOnlyList<InstrumentRow> instruments,
        CancellationToken ct
    )
    {
        Dictionary<string, string> sovereigns = await reader.Instruments.SovereignsAsync(ct);
        return
        [
            .. given
                .Select(t =>
                    t with
                    {
                        InstrumentIds = EntityInstruments.Of(t.EntityType, t.EntityId, instruments, sovereigns),
                    }
                )
                .OrderByDescending(t => t.SoftTargetScore)
                .ThenBy(t => t.EntityType, StringComparer.Ordinal)
                .ThenBy(t => t.EntityId, StringComparer.Ordinal),
        ];
    }

    private static TargetEntity Target(
        EntityScore score,
        IReadOnlyList<InstrumentRow> instruments,
        IReadOnlyDictionary<string, string> sovereigns
    ) =>
        new(
            score.EntityType,
            score.EntityId,
            Math.Clamp(score.Score ?? (score.Class is { } c ? s_classScores.GetValueOrDefault(c) : 0.0), 0.0, 1.0),
            score.Components,
            EntityInstruments.Of(score.EntityType, score.EntityId, instruments, sovereigns)
        );
}
