using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Engine.Tests;

/// <summary>A migrated database with six instruments and 300 days of made-up returns, and the engine on it.</summary>
public sealed class SmallMarket : IAsyncLifetime
{
    public const string Market = "TEST_EQ";
    public const int Width = 6;
    private const int Days = 300;
    public static readonly DateOnly AsOf = new(2020, 12, 31);
    private ServiceProvider? _services;

    public PostgresFixture Postgres { get; } = new();

    public ValueTask InitializeAsync() => Postgres.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
            await _services.DisposeAsync();
        await Postgres.DisposeAsync();
    }

    /// <summary>The engine's services; the first call migrates and fills the database.</summary>
    public async Task<IServiceProvider> EngineAsync(CancellationToken ct)
    {
        if (_services is not null)
            return _services;
        var engine = Compose();
        await engine.GetRequiredService<SchemaMigrator>().MigrateAsync(ct);
        await MarketSchema.EnsureAsync(Postgres.DataSource, new MarketTables(), ct);
        await FillAsync(ct);
        return _services = engine;
    }

    /// <summary>Another engine on the same database, e.g. with other families.</summary>
    public ServiceProvider Compose(ScenarioFamilies? families = null)
    {
        var services = new ServiceCollection();
        // Small shards, so that every set is cut.
        services.AddSyntheticEngine(Postgres.ConnectionString, new RequestLimits { ShardCells = 900 });
        if (families is not null)
            services.AddSingleton(families);
        return services.BuildServiceProvider();
    }

    public async Task<ScenarioSetRef> GenerateAsync(
        string name,
        CancellationToken ct,
        int paths = 40,
        int? shards = null,
        string? nonce = null
    )
    {
        IServiceProvider engine = await EngineAsync(ct);
        return await engine
            .GetRequiredService<ISyntheticScenarioEngine>()
            .GenerateScenarioSetAsync(
                Request(name, paths) with
                {
                    ForceNonce = nonce,
                },
                new PlanContext("tester", Shards: shards),
                null,
                ct
            );
    }

    public static ScenarioRequest Request(string name, int paths = 40) =>
        new()
        {
            Name = name,
            Category = ScenarioCategory.Bootstrap,
            HorizonDays = 10,
            NumPaths = paths,
            Markets = [Market],
            AsOfDate = AsOf,
            GeneratorSpec = JsonSerializer.Deserialize<JsonElement>("""{"block_length":5,"seed":7}"""),
        };

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

    /// <summary>What an owner with bad intentions can do: the guards are triggers, and an owner can set them aside.</summary>
    public Task TamperAsync(string sql, CancellationToken ct) =>
        ExecuteAsync($"BEGIN; SET LOCAL session_replication_role = replica; {sql}; COMMIT;", ct);

    /// <summary>One text over all stored rows of a set, bit for bit.</summary>
    public Task<string> ContentAsync(Guid id, CancellationToken ct) =>
        ScalarAsync<string>(
            $"""
            SELECT (SELECT md5(string_agg(driver_no || ':' || scenario_id || ':' || encode(array_send(shocks), 'hex'), ',' ORDER BY driver_no, scenario_id))
                    FROM synthetic.path_shocks WHERE scenario_set_id = '{id}')
              || (SELECT coalesce(md5(string_agg((to_jsonb(a) - 'scenario_set_id')::text, ',' ORDER BY scenario_id)), '') FROM synthetic.path_annotations a WHERE scenario_set_id = '{id}')
            """,
            ct
        );

    private async Task FillAsync(CancellationToken ct)
    {
        await ExecuteAsync(
            $"""
            INSERT INTO markets (market_id, name, region, timezone) VALUES ('{Market}', 'test', 'US', 'UTC');
            INSERT INTO instruments (instrument_id, market_id, asset_class, symbol, currency)
            SELECT 'EQUITY:T' || i, '{Market}', 'EQUITY', 'T' || i, 'USD' FROM generate_series(0, {Width - 1}) i
            """,
            ct
        );
        await using NpgsqlConnection connection = await Postgres.DataSource.OpenConnectionAsync(ct);
        await using NpgsqlBinaryImporter copy = await connection.BeginBinaryImportAsync(
            "COPY returns_daily (instrument_id, date, ret_1d) FROM STDIN (FORMAT BINARY)",
            ct
        );
        ulong state = 7;
        for (int day = 0; day < Days; day++)
        {
            for (int k = 0; k < Width; k++)
            {
                state = state * 6364136223846793005 + 1442695040888963407;
                await copy.StartRowAsync(ct);
                await copy.WriteAsync(
                    string.Create(CultureInfo.InvariantCulture, $"EQUITY:T{k}"),
                    NpgsqlDbType.Text,
                    ct
                );
                await copy.WriteAsync(new DateOnly(2020, 1, 1).AddDays(day), NpgsqlDbType.Date, ct);
                await copy.WriteAsync(0.1 * ((state >> 11) / 9007199254740992.0 - 0.5), NpgsqlDbType.Double, ct);
            }
        }

        await copy.CompleteAsync(ct);
    }
}
