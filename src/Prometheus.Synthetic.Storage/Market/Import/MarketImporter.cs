using System.Text.Json;
using Npgsql;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Storage.Market.Import;

/// <summary>
/// Loads a CSV of prices, returns, factors or macro levels into the market tables. One transaction per file: a file is
/// in, whole, or not at all. Importing it again changes nothing; importing a longer one adds what is new.
/// </summary>
public sealed class MarketImporter(NpgsqlDataSource source, MarketTables tables)
{
    /// <param name="rejects">Receives every reject as CSV; null keeps the first few only.</param>
    /// <exception cref="ScenarioRefusedException">
    /// The file is no CSV, has no dates or no usable value, the options contradict it, or it has rejects and
    /// <see cref="ImportOptions.Strict"/> is set. Nothing is stored.
    /// </exception>
    public async Task<ImportReport> ImportAsync(
        string path,
        ImportOptions options,
        IProgress<ImportProgress>? progress,
        TextWriter? rejects,
        CancellationToken ct
    )
    {
        string file = Path.GetFileName(path);
        var log = new RejectLog(file, rejects);
        CsvSeriesFile csv = await CsvSeriesFile.ReadAsync(path, options, log, progress, ct);
        if (options.Strict && log.Total > 0)
            throw new ScenarioRefusedException([
                .. log.Summary()
                    .First.Select(r => new FieldError(
                        ErrorCodes.BadData,
                        $"{file}:{r.Line}{(r.Column.Length == 0 ? "" : $":{r.Column}")}",
                        $"'{r.Value}': {r.Reason}; nothing was stored because of --strict"
                    )),
            ]);

        var notes = new List<string>();
        IReadOnlyDictionary<string, long> written = await StoreAsync(csv, options, notes, progress, ct);
        return new ImportReport
        {
            File = file,
            Layout = csv.Detection.Layout,
            As = csv.Detection.As,
            Values = csv.Detection.Values,
            Detection = csv.Detection.Reasons,
            Series = csv.Series.Count,
            FirstDate = DateOnly.FromDayNumber(csv.Series.Min(s => s.Days[0])),
            LastDate = DateOnly.FromDayNumber(csv.Series.Max(s => s.Days[^1])),
            Lines = csv.Lines,
            Accepted = csv.Accepted,
            Missing = csv.Missing,
            Rejected = log.Summary(),
            Written = written,
            Notes = notes,
        };
    }

    /// <summary>Region of a market by the platform's naming, for a market nobody has registered.</summary>
    internal static string RegionOf(string marketId)
    {
        string prefix = marketId.Split('_')[0];
        return prefix is "US" or "EU" or "JP" or "ASIA" ? prefix : "GLOBAL";
    }

    private async Task<IReadOnlyDictionary<string, long>> StoreAsync(
        CsvSeriesFile csv,
        ImportOptions options,
        List<string> notes,
        IProgress<ImportProgress>? progress,
        CancellationToken ct
    )
    {
        var written = new SortedDictionary<string, long>(StringComparer.Ordinal);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        var writer = new MarketWriter(connection, tables);
        await using (NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct))
        {
            switch (csv.Detection.As)
            {
                case ImportTarget.Instruments:
                    await StoreInstrumentsAsync(writer, csv, options, written, progress, ct);
                    break;
                case ImportTarget.Factors:
                    written["factors_daily"] = await writer.UpsertSeriesAsync(
                        "factors_daily",
                        "factor_id",
                        "value",
                        [.. csv.Series.Select(s => Dated(s, s.Name))],
                        null,
                        Storing(progress, 0, 1),
                        ct
                    );
                    break;
                default:
                    string?[] unknown =
                    [
                        .. csv
                            .Series.Select(s => s.Name)
                            .Where(n => options.Unit is null && SeriesNames.UnitOf(n) is null),
                    ];
                    if (unknown.Length > 0)
                        notes.Add($"No unit is known for {string.Join(", ", unknown)}; give one with --unit.");
                    written["macro_time_series"] = await writer.UpsertSeriesAsync(
                        "macro_time_series",
                        "series_id",
                        "value",
                        [.. csv.Series.Select(s => Dated(s, s.Name))],
                        name => Metadata(options, options.Unit ?? SeriesNames.UnitOf(name)),
                        Storing(progress, 0, 1),
                        ct
                    );
                    break;
            }

            await transaction.CommitAsync(ct);
        }

        foreach (string table in written.Keys)
            await writer.AnalyzeAsync(table, ct);
        return written;
    }

    private static async Task StoreInstrumentsAsync(
        MarketWriter writer,
        CsvSeriesFile csv,
        ImportOptions options,
        SortedDictionary<string, long> written,
        IProgress<ImportProgress>? progress,
        CancellationToken ct
    )
    {
        string assetClass = options.AssetClass ?? "EQUITY";
        await writer.EnsureMarketAsync(
            options.MarketId,
            options.MarketId,
            RegionOf(options.MarketId),
            null,
            Metadata(options, null),
            ct
        );
        NewInstrument[] instruments = [.. csv.Series.Select(s => Instrument(s.Name, assetClass, options))];
        RefuseTwins(csv, instruments);
        await writer.EnsureInstrumentsAsync(instruments, ct);
        if (csv.Detection.Values != ImportValues.Prices)
        {
            written["returns_daily"] = await writer.UpsertSeriesAsync(
                "returns_daily",
                "instrument_id",
                "ret_1d",
                [.. csv.Series.Zip(instruments, (s, i) => Dated(s, i.InstrumentId))],
                null,
                Storing(progress, 0, 1),
                ct
            );
            return;
        }

        PriceSeries[] prices = [.. csv.Series.Zip(instruments, (s, i) => Prices(s, i))];
        written["prices_daily"] = await writer.UpsertPricesAsync(prices, Storing(progress, 0, 0.5), ct);
        written["returns_daily"] = await writer.ReturnsFromPricesAsync(prices.Length, Storing(progress, 0.5, 0.5), ct);
    }

    private static NewInstrument Instrument(string name, string assetClass, ImportOptions options)
    {
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        string kind = colon > 0 ? name[..colon] : assetClass;
        string symbol = colon > 0 ? name[(colon + 1)..] : name;
        bool company = kind == "EQUITY";
        return new NewInstrument($"{kind}:{symbol}", options.MarketId, kind, symbol, options.Currency)
        {
            IssuerId = company ? symbol : null,
            IssuerName = symbol,
            Metadata = Metadata(options, null),
        };
    }

    private static void RefuseTwins(CsvSeriesFile csv, NewInstrument[] instruments)
    {
        string[] twins =
        [
            .. instruments
                .GroupBy(i => i.InstrumentId, StringComparer.Ordinal)
                .Where(g => g.Count() > 1)
                .Select(g => g.Key),
        ];
        if (twins.Length > 0)
            throw new ScenarioRefusedException(
                ErrorCodes.Conflict,
                "header",
                $"two columns mean the same instrument: {string.Join(", ", twins)}; {csv.Series.Count} series were read"
            );
    }

    private static DatedSeries Dated(SeriesBuffer s, string id) => new(id, [.. s.Days], [.. s.Values]);

    private static PriceSeries Prices(SeriesBuffer s, NewInstrument i)
    {
        double[] adjusted = [.. s.Values];
        if (s.Bars.Count == 0)
            return new PriceSeries(i.InstrumentId, i.Currency, [.. s.Days], adjusted, adjusted);
        return new PriceSeries(i.InstrumentId, i.Currency, [.. s.Days], [.. s.Bars.Select(b => b.Close)], adjusted)
        {
            Open = [.. s.Bars.Select(b => b.Open)],
            High = [.. s.Bars.Select(b => b.High)],
            Low = [.. s.Bars.Select(b => b.Low)],
            Volume = [.. s.Bars.Select(b => b.Volume)],
        };
    }

    private static string Metadata(ImportOptions options, string? unit)
    {
        var members = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (options.Source is not null)
            members["source"] = options.Source;
        if (unit is not null)
            members["unit"] = unit;
        return JsonSerializer.Serialize(members);
    }

    private static Action<double>? Storing(IProgress<ImportProgress>? progress, double from, double share) =>
        progress is null ? null : f => progress.Report(new ImportProgress("storing", from + share * f));
}
