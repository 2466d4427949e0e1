using System.Globalization;
using Npgsql;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Market.Import;
using Prometheus.Synthetic.Storage.Market.Simulation;

namespace Prometheus.Synthetic.Cli.Demo;

/// <summary>The demo's market: what the tables hold already, else a panel that is imported, else a simulated market.</summary>
internal static class DemoMarket
{
    /// <summary>Makes sure that the market has data.</summary>
    /// <param name="panel">CSV to import; null for the simulated market.</param>
    /// <param name="today">The simulated history ends on the weekday before.</param>
    /// <returns>The last day with data, and what happened in words.</returns>
    public static async Task<(DateOnly AsOf, string Story)> EnsureAsync(
        EngineScope engine,
        string market,
        string? panel,
        DateOnly today,
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
            story = await LoadAsync(source, tables, market, panel, today, ct);
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
        DateOnly today,
        CancellationToken ct
    )
    {
        if (panel is null)
            return await SimulateAsync(source, tables, market, today, ct);
        var importer = new MarketImporter(source, tables);
        await importer.ImportAsync(panel, new ImportOptions { MarketId = market }, null, null, ct);
        return $"Imported {Path.GetFileName(panel)}";
    }

    private static async Task<string> SimulateAsync(
        NpgsqlDataSource source,
        MarketTables tables,
        string market,
        DateOnly today,
        CancellationToken ct
    )
    {
        var options = new MarketSimulationOptions(MarketSimulationOptions.LastWeekdayBefore(today))
        {
            Markets = [market],
        };
        await new SimulatedMarketStore(source, tables).WriteAsync(options, null, ct);
        return "Simulated a market";
    }

    private static async Task<MarketSummary?> FindAsync(
        MarketCatalogue catalogue,
        string market,
        CancellationToken ct
    ) => (await catalogue.ListAsync(ct)).FirstOrDefault(m => m.MarketId == market);
}
