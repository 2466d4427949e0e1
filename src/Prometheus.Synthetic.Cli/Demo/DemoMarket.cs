using System.Globalization;
using Npgsql;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Market.Import;

namespace Prometheus.Synthetic.Cli.Demo;

/// <summary>The demo's market: what the tables hold already, else a panel that is imported.</summary>
internal static class DemoMarket
{
    /// <summary>Makes sure that the market has data.</summary>
    /// <param name="panel">CSV to import; null for the simulated market.</param>
    /// <returns>The last day with data, and what happened in words.</returns>
    public static async Task<(DateOnly AsOf, string Story)> EnsureAsync(
        EngineScope engine,
        string market,
        string? panel,
        CancellationToken ct
    )
    {
        var source = engine.Get<NpgsqlDataSource>();
        var tables = engine.Get<MarketTables>();
        var catalogue = new MarketCatalogue(source, tables);
        MarketSummary? present = await FindAsync(catalogue, market, ct);
        string story = "Market data are there";
        if (present?.LastDate is null)
        {
            story = await LoadAsync(source, tables, market, panel, ct);
            present = await FindAsync(catalogue, market, ct);
        }

        DateOnly last =
            present?.LastDate ?? throw new InvalidOperationException($"{market} has no data after loading them.");
        return (
            last,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{story}: {market}, {present.Instruments} instruments, {present.FirstDate:yyyy-MM-dd} to {last:yyyy-MM-dd}"
            )
        );
    }

    private static async Task<string> LoadAsync(
        NpgsqlDataSource source,
        MarketTables tables,
        string market,
        string? panel,
        CancellationToken ct
    )
    {
        if (panel is null)
            return await SimulateAsync(source, tables, ct);
        var importer = new MarketImporter(source, tables);
        await importer.ImportAsync(panel, new ImportOptions { MarketId = market }, null, null, ct);
        return $"Imported {Path.GetFileName(panel)}";
    }

    private static Task<string> SimulateAsync(NpgsqlDataSource source, MarketTables tables, CancellationToken ct) =>
        throw new NotSupportedException();

    private static async Task<MarketSummary?> FindAsync(MarketCatalogue catalogue, string market, CancellationToken ct) =>
        (await catalogue.ListAsync(ct)).FirstOrDefault(m => m.MarketId == market);
}
