using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Storage.Market;

namespace Prometheus.Synthetic.Benchmarks.Sets;

/// <summary>The market that the benchmark's sets are drawn from, and the request that draws one.</summary>
internal static class BenchMarket
{
    public const int Instruments = 1_000;
    public const int Steps = 30;
    private const int HistoryDays = 750;

    public static async Task FillAsync(NpgsqlDataSource source)
    {
        await MarketSchema.EnsureAsync(source, new MarketTables(), CancellationToken.None);
        await RowPerCellTable.ExecuteAsync(
            source,
            $"""
            INSERT INTO markets (market_id, name, region, timezone) VALUES ('BENCH', 'bench', 'US', 'UTC');
            INSERT INTO instruments (instrument_id, market_id, asset_class, symbol, currency, status)
            SELECT 'EQUITY:B' || to_char(i, 'FM0000'), 'BENCH', 'EQUITY', 'B' || to_char(i, 'FM0000'), 'USD', 'ACTIVE'
            FROM generate_series(0, {Instruments - 1}) i;
            """
        );
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        await using NpgsqlBinaryImporter copy = await connection.BeginBinaryImportAsync(
            "COPY returns_daily (instrument_id, date, ret_1d) FROM STDIN (FORMAT BINARY)"
        );
        double[] values = Values(HistoryDays * Instruments);
        for (int i = 0; i < values.Length; i++)
        {
            copy.StartRow();
            copy.Write(Instrument(i % Instruments), NpgsqlDbType.Text);
            copy.Write(new DateOnly(2021, 1, 1).AddDays(i / Instruments), NpgsqlDbType.Date);
            copy.Write(values[i], NpgsqlDbType.Double);
        }

        await copy.CompleteAsync();
    }

    /// <summary>A block bootstrap of the whole market; the set that is there already, when it is.</summary>
    public static Task<ScenarioSetRef> GenerateAsync(IServiceProvider services, string name, int paths) =>
        services
            .GetRequiredService<ISyntheticScenarioEngine>()
            .GenerateScenarioSetAsync(
                new ScenarioRequest
                {
                    Name = name,
                    Category = "BOOTSTRAP",
                    HorizonDays = Steps,
                    NumPaths = paths,
                    Markets = ["BENCH"],
                    AsOfDate = new DateOnly(2023, 12, 31),
                    GeneratorSpec = JsonSerializer.Deserialize<JsonElement>("""{"block_length":10,"seed":1}"""),
                },
                new PlanContext("bench")
            );

    public static string Instrument(int k) => string.Create(CultureInfo.InvariantCulture, $"EQUITY:B{k:0000}");

    /// <summary>Returns with full mantissas, as real ones have.</summary>
    public static double[] Values(int count)
    {
        double[] values = new double[count];
        ulong state = 170;
        for (int i = 0; i < count; i++)
        {
            state = state * 6364136223846793005 + 1442695040888963407;
            values[i] = 0.04 * ((state >> 11) / 9007199254740992.0 - 0.5);
        }

        return values;
    }
}
