using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Engine.Verification;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Exchange.Tests;

/// <summary>A migrated database with three instruments, a folder for files, export and import.</summary>
public sealed class ExchangeRoom : IAsyncLifetime
{
    public static readonly Act Act = new("tester");
    private readonly string _folder = Directory.CreateTempSubdirectory("exchange").FullName;
    private ServiceProvider? _services;

    public PostgresFixture Postgres { get; } = new();

    public ValueTask InitializeAsync() => Postgres.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
            await _services.DisposeAsync();
        await Postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public string PathOf(string file) => Path.Combine(_folder, file);

    public string Write(string file, string text)
    {
        File.WriteAllText(PathOf(file), text);
        return PathOf(file);
    }

    public async Task<IServiceProvider> ServicesAsync(CancellationToken ct)
    {
        if (_services is not null)
            return _services;
        var services = new ServiceCollection();
        services.AddSyntheticEngine(Postgres.ConnectionString, new RequestLimits { ShardCells = 500 });
        services.AddSyntheticExchange();
        ServiceProvider made = services.BuildServiceProvider();
        await made.GetRequiredService<SchemaMigrator>().MigrateAsync(ct);
        await MarketSchema.EnsureAsync(Postgres.DataSource, new MarketTables(), ct);
        await ExecuteAsync(
            """
            INSERT INTO markets (market_id, name) VALUES ('M', 'm');
            INSERT INTO instruments (instrument_id, market_id, asset_class, symbol)
            SELECT 'EQUITY:' || s, 'M', 'EQUITY', s FROM unnest('{A,B,C}'::text[]) s
            """,
            ct
        );
        return _services = made;
    }

    public Task<ScenarioSetRef> ImportAsync(string file, ImportRequest request, CancellationToken ct) =>
        ImportAsync(file, request, limits: null, ct);

    public async Task<ScenarioSetRef> ImportAsync(
        string file,
        ImportRequest request,
        RequestLimits? limits,
        CancellationToken ct,
        IProgress<GenerationProgress>? progress = null
    )
    {
        IServiceProvider services = await ServicesAsync(ct);
        SetImporter importer = limits is null
            ? services.GetRequiredService<SetImporter>()
            : ActivatorUtilities.CreateInstance<SetImporter>(services, limits);
        return await importer.ImportAsync(file, request, Act, progress, ct);
    }

    /// <summary>An import by a program whose database role is the writer's.</summary>
    public async Task<ScenarioSetRef> ImportAsWriterAsync(string file, ImportRequest request, CancellationToken ct)
    {
        await ServicesAsync(ct);
        var services = new ServiceCollection();
        services.AddSyntheticEngine(
            new NpgsqlConnectionStringBuilder(Postgres.ConnectionString)
            {
                Options = "-c role=synthetic_writer",
            }.ConnectionString
        );
        services.AddSyntheticExchange();
        await using ServiceProvider writer = services.BuildServiceProvider();
        return await writer.GetRequiredService<SetImporter>().ImportAsync(file, request, Act, null, ct);
    }

    public async Task<VerificationReport> VerifyAsync(Guid id, CancellationToken ct) =>
        await (await ServicesAsync(ct)).GetRequiredService<SetVerifier>().VerifyAsync(id, "tester", null, ct);

    /// <summary>The refusal of an import, after which nothing may be left of it.</summary>
    public async Task<ScenarioRefusedException> RefusedAsync(
        string file,
        ImportRequest request,
        CancellationToken ct,
        RequestLimits? limits = null
    )
    {
        await ServicesAsync(ct);
        const string everything = """
            SELECT (SELECT count(*) FROM synthetic.mt_doc_scenario_set) + (SELECT count(*) FROM synthetic.path_shocks)
              + (SELECT count(*) FROM synthetic.set_drivers) + (SELECT count(*) FROM synthetic.shards)
              + (SELECT count(*) FROM synthetic.calibration_snapshots) + (SELECT count(*) FROM synthetic.given_paths)
            """;
        long before = await ScalarAsync<long>(everything, ct);
        ScenarioRefusedException refused = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            ImportAsync(file, request, limits, ct)
        );
        Assert.Equal(before, await ScalarAsync<long>(everything, ct));
        return refused;
    }

    public async Task<T> ScalarAsync<T>(string sql, CancellationToken ct)
    {
        await using NpgsqlCommand command = Postgres.DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }

    public async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using NpgsqlCommand command = Postgres.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>A hand-made file: two instruments, a factor and a macro series, four paths of three steps, full mantissas.</summary>
    public static string HandMade(string returnName = "return")
    {
        var lines = new List<string> { $"horizon_index,scenario_id,instrument_id,factor_id,macro_id,{returnName}" };
        int i = 0;
        foreach (string ids in new[] { "EQUITY:B,,", "EQUITY:A,,", ",MKT,", ",,DGS10" })
        {
            for (int path = 3; path >= 0; path--)
            {
                for (int step = 0; step <= 3; step++)
                {
                    double value = step == 0 ? 0 : Math.Sqrt(++i) / 7 - (ids == ",,DGS10" ? 2 : 0.9);
                    lines.Add(string.Create(CultureInfo.InvariantCulture, $"{step},{path},{ids},{value:R}"));
                }
            }
        }

        return string.Join('\n', lines) + "\n";
    }

    public static ImportRequest HandMadeRequest(string name) =>
        new()
        {
            Name = name,
            AsOfDate = new DateOnly(2026, 1, 2),
            MacroUnits = new Dictionary<string, string> { ["DGS10"] = "percent" },
        };
}
