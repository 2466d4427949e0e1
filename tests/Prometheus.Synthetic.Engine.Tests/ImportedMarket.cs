using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Market.Import;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Engine.Tests;

/// <summary>The engine on a migrated database into which made-up tables are imported as an operator would.</summary>
internal static class ImportedMarket
{
    /// <summary>The last day of every table made here, and so an as-of date with data.</summary>
    public static readonly DateOnly LastDay = new(2022, 12, 28);

    /// <summary>Migrates, and imports one table of instruments' returns.</summary>
    public static async Task<ServiceProvider> HostAsync(
        PostgresFixture postgres,
        string returns,
        CancellationToken ct,
        RequestLimits? limits = null
    )
    {
        ServiceProvider host = Services(postgres, limits);
        await host.GetRequiredService<SchemaMigrator>().MigrateAsync(ct);
        await MarketSchema.EnsureAsync(postgres.DataSource, new MarketTables(), ct);
        await ImportAsync(postgres, returns, ImportTarget.Instruments, ImportValues.Returns, ct);
        return host;
    }

    /// <summary>Another process on the same database: nothing calibrated yet.</summary>
    public static ServiceProvider Services(PostgresFixture postgres, RequestLimits? limits = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IDocumentRegistration, SagaTable>();
        services.AddSyntheticEngine(postgres.ConnectionString, limits);
        return services.BuildServiceProvider();
    }

    public static async Task ImportAsync(
        PostgresFixture postgres,
        string csv,
        ImportTarget target,
        ImportValues values,
        CancellationToken ct
    )
    {
        string file = Path.Combine(Path.GetTempPath(), $"imported_{Guid.NewGuid():N}.csv");
        try
        {
            await File.WriteAllTextAsync(file, csv, ct);
            await new MarketImporter(postgres.DataSource, new MarketTables()).ImportAsync(
                file,
                new ImportOptions { Values = values, As = target },
                null,
                null,
                ct
            );
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>A table of so many days up to <see cref="LastDay"/>.</summary>
    /// <param name="cells">The row of day 0 … days − 1, one value a column.</param>
    public static string Csv(IReadOnlyList<string> columns, int days, Func<int, IEnumerable<double>> cells)
    {
        var csv = new StringBuilder("date," + string.Join(',', columns) + "\n");
        for (int t = 0; t < days; t++)
        {
            csv.Append(LastDay.AddDays(t - days + 1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            foreach (double value in cells(t))
                csv.Append(CultureInfo.InvariantCulture, $",{value:R}");
            csv.Append('\n');
        }

        return csv.ToString();
    }

    /// <summary>The grants name the saga's table, which an outer layer registers.</summary>
    private sealed class SagaTable : IDocumentRegistration
    {
        public void Register(Marten.StoreOptions options) =>
            options.Schema.For<Saga>().DocumentAlias("scenario_set_generation_saga");
    }

    public sealed class Saga
    {
        public Guid Id { get; set; }
    }
}
