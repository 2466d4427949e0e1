using System.Data;
using Npgsql;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Market.Reading;

namespace Prometheus.Synthetic.Storage.Market;

/// <summary>
/// Resolves a universe, reads its history up to the as-of date and freezes it: selection → ragged history by policy →
/// factors and macro series on the same days → regimes, exposures and targets. Thread-safe; each load is one
/// repeatable-read transaction.
/// </summary>
public sealed class CalibrationDataLoader(NpgsqlDataSource source, MarketTables tables)
{
    /// <summary>A handful of instruments cannot say which days were trading days; so many of a market can.</summary>
    private const int CalendarWitnesses = 25;

    /// <exception cref="ScenarioRefusedException">
    /// Unknown market, model, factor, series, region or label; dates out of order or without data; nothing or too
    /// little left; impossible values. Each names the field or the instrument and date, and the number needed.
    /// </exception>
    public async Task<CalibrationData> LoadAsync(CalibrationQuery query, CancellationToken ct)
    {
        CheckDates(query);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead,
            ct
        );
        var reader = new MarketReader(connection, tables);
        var notes = new List<string>();

        IReadOnlyList<MarketRow> markets = await MarketsAsync(reader, query, ct);
        List<InstrumentRow> candidates = await reader.Instruments.InstrumentsAsync(query.Markets, ct);
        if (candidates.Count == 0)
            throw new ScenarioRefusedException(
                ErrorCodes.TooLittleHistory,
                "markets",
                $"{string.Join(", ", query.Markets)} has no instruments; import some or run 'market simulate'"
            );
        (IReadOnlyList<InstrumentRow> universe, IReadOnlyList<FilterStep> steps) = await SelectAsync(
            reader,
            query,
            candidates,
            ct
        );

        InstrumentHistory history = await InstrumentHistory.LoadAsync(
            reader,
            query,
            candidates,
            universe,
            CalendarWitnesses,
            notes,
            ct
        );
        PanelDraft draft = history.Screen(query);
        await new SideSeries(reader, query).AddAsync(draft, notes, ct);
        ShockPanel panel = await draft.BuildAsync(query, reader, ct);

        RegimeHistory? regimes = null;
        RegimeUse? regimeUse = null;
        if (query.RegimeFilter is not null || query.Needs.Regimes)
            (regimes, regimeUse) = await new RegimeAlignment(reader, query, markets).LoadAsync(panel, ct);
        var metadata = new EntityReads(reader, query);
        InstrumentRow[] kept = [.. universe.Where(i => panel.IndexOf(DriverKind.Instrument, i.InstrumentId) >= 0)];
        var snapshot = new CalibrationSnapshot(query.AsOf, panel)
        {
            Regimes = regimes,
            Exposures = query.Needs.FactorModelId is { } model
                ? await metadata.ExposuresAsync(model, panel, kept, notes, ct)
                : null,
            Targets =
                query.Needs.GivenTargets.Count > 0 ? await metadata.ExpressAsync(query.Needs.GivenTargets, kept, ct)
                : query.Needs.TargetCount > 0 ? await metadata.TargetsAsync(kept, notes, ct)
                : [],
            GapsBefore = draft.GapsBefore,
            Scores = await new ScoreHistories(reader, query).LoadAsync(panel, ct),
        };
        await transaction.CommitAsync(ct);
        return new CalibrationData(
            snapshot,
            new CalibrationReport
            {
                AsOf = query.AsOf,
                FirstDay = panel.Dates[0],
                LastDay = panel.Dates[^1],
                LatestDataDate = history.LatestDataDate,
                CalendarDays = draft.Calendar.Length,
                Days = panel.Days,
                DaysDropped = draft.DaysDropped,
                Filters = steps,
                Kept = draft.Kept,
                Dropped = draft.Dropped,
                Regimes = regimeUse,
                Notes = notes,
            }
        );
    }

    private static void CheckDates(CalibrationQuery query)
    {
        var errors = new List<FieldError>();
        if (query.BaseDateEnd < query.BaseDateStart)
            errors.Add(
                new FieldError(
                    ErrorCodes.InvalidDates,
                    "base_date_end",
                    $"{query.BaseDateEnd:yyyy-MM-dd} is before base_date_start {query.BaseDateStart:yyyy-MM-dd}; swap them"
                )
            );
        if (query.BaseDateStart > query.AsOf)
            errors.Add(
                new FieldError(
                    ErrorCodes.InvalidDates,
                    "base_date_start",
                    $"{query.BaseDateStart:yyyy-MM-dd} is after the as-of date {query.AsOf:yyyy-MM-dd}, beyond which nothing may be read"
                )
            );
        if (query.Markets.Count == 0)
            errors.Add(new FieldError(ErrorCodes.Missing, "markets", "names no market; give at least one market_id"));
        if (errors.Count > 0)
            throw new ScenarioRefusedException(errors);
    }

    private static async Task<IReadOnlyList<MarketRow>> MarketsAsync(
        MarketReader reader,
        CalibrationQuery query,
        CancellationToken ct
    )
    {
        List<MarketRow> known = await reader.Instruments.MarketsAsync(ct);
        MarketCatalogue.RefuseUnknown(query.Markets, known);
        return [.. known.Where(m => query.Markets.Contains(m.MarketId, StringComparer.Ordinal))];
    }

    private static async Task<(IReadOnlyList<InstrumentRow>, IReadOnlyList<FilterStep>)> SelectAsync(
        MarketReader reader,
        CalibrationQuery query,
        List<InstrumentRow> candidates,
        CancellationToken ct
    )
    {
        UniverseFilter filter = query.Universe;
        var sheets = new List<ScoreSheet>();
        foreach (BucketFilter bucket in filter.Buckets)
            sheets.Add(await EntityReads.SheetAsync(reader, bucket, query.AsOf, ct));
        IReadOnlyDictionary<string, double> traded =
            filter.MinTradedValue is not null || filter.MaxInstruments is not null
                ? await reader.Instruments.TradedValuesAsync(
                    [.. candidates.Select(i => i.InstrumentId)],
                    query.AsOf,
                    filter.TradedValueDays,
                    ct
                )
                : new Dictionary<string, double>(StringComparer.Ordinal);
        (IReadOnlyList<InstrumentRow> universe, IReadOnlyList<FilterStep> steps) = UniverseSelection.Apply(
            candidates,
            filter,
            traded,
            sheets
        );
        if (universe.Count > query.Limits.MaxInstruments)
            throw new ScenarioRefusedException(
                ErrorCodes.OverLimit,
                UniverseFilter.Path,
                $"{universe.Count} instruments are selected; the limit {CalibrationLimits.Section}:MaxInstruments is {query.Limits.MaxInstruments}; filter, or set max_instruments"
            );
        return (universe, steps);
    }
}
