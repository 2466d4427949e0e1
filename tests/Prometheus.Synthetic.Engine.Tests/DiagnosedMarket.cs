using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Market.Import;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Engine.Tests;

/// <summary>The engine on a migrated database with a market of five instruments that share a factor, 700 days.</summary>
internal static class DiagnosedMarket
{
    public static async Task<ServiceProvider> HostAsync(PostgresFixture postgres, CancellationToken ct)
    {
        ServiceProvider host = Services(postgres);
        await host.GetRequiredService<SchemaMigrator>().MigrateAsync(ct);
        await MarketSchema.EnsureAsync(postgres.DataSource, new MarketTables(), ct);
        string file = Path.Combine(Path.GetTempPath(), $"diagnosed_{Guid.NewGuid():N}.csv");
        try
        {
            await File.WriteAllTextAsync(file, Csv(), ct);
            await new MarketImporter(postgres.DataSource, new MarketTables()).ImportAsync(
                file,
                new ImportOptions { Values = ImportValues.Returns, As = ImportTarget.Instruments },
                null,
                null,
                ct
            );
        }
        finally
        {
            File.Delete(file);
        }

        return host;
    }

    /// <summary>Another process on the same database: nothing calibrated yet.</summary>
    public static ServiceProvider Services(PostgresFixture postgres)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IDocumentRegistration, SagaTable>();
        services.AddSyntheticEngine(postgres.ConnectionString);
        return services.BuildServiceProvider();
    }

    private static string Csv()
    {
        var csv = new StringBuilder("date,A,B,C,D,E\n");
        var stream = new PhiloxStream(8);
        DateOnly day = new DateOnly(2022, 12, 28).AddDays(-699);
        for (int t = 0; t < 700; t++, day = day.AddDays(1))
        {
            csv.Append(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            double factor = 0.01 * stream.Normal(0, t, DrawPurpose.SimulatedMarket);
            for (uint k = 1; k <= 5; k++)
                csv.Append(
                    CultureInfo.InvariantCulture,
                    $",{factor + 0.008 * stream.Normal(0, t, DrawPurpose.SimulatedMarket, k):R}"
                );
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
