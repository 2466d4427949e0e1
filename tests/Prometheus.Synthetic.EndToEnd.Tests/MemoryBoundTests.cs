using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>
/// Memory is bounded by the shard and not by the set: every act on a set of 24 million cells, 192 MB of shocks, in a process
/// whose managed heap may hold 112 MB. An import holds chunks and, where rows come in no order, a buffer of them.
/// </summary>
/// <remarks>
/// The bound: verification has two ranges a core in work, on two cores four buffers of 2 million cells, 64 MiB rounded up to
/// powers of two; the snapshot of this market is 1 MB and stands in a few copies; about 20 MB of objects are the frameworks'.
/// A hard limit fails the process when live memory passes it, whatever the collector's moods: no measured figure is compared.
/// </remarks>
public sealed class MemoryBoundTests : IAsyncLifetime
{
    private const int Instruments = 400;
    private const int Days = 260;
    private readonly string _folder = Directory.CreateTempSubdirectory("synthetic-memory").FullName;
    private readonly PostgresFixture _postgres = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _postgres.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Every_act_on_a_set_that_is_bigger_than_the_heap_fits_into_the_heap()
    {
        await OkAsync("migrate");
        await FillAsync();
        string[] generate =
        [
            "generate",
            "--local",
            "--name",
            "BIG",
            "--category",
            "BOOTSTRAP",
            "--market",
            "M",
            "--horizon-days",
            "30",
            "--num-paths",
            "2000",
            "--as-of",
            "2021-01-01",
            "--generator-spec",
            """{"block_length":10,"seed":1}""",
        ];
        await OkAsync(generate);
        await OkAsync("sets", "verify", "BIG");
        await OkAsync("sets", "export", "BIG", "-o", Path.Combine(_folder, "big.arrow"));
        await OkAsync("sets", "evict", "BIG", "--reason", "space");
        await OkAsync("sets", "rehydrate", "BIG");
        await OkAsync("sets", "import", Path.Combine(_folder, "big.arrow"), "--name", "BIG_COPY");
        await OkAsync("sets", "verify", "BIG_COPY");
        await OkAsync("sets", "evict", "BIG_COPY", "--reason", "space");
        await OkAsync("sets", "rehydrate", "BIG_COPY");
    }

    [Fact]
    public async Task A_file_in_no_order_of_paths_that_is_bigger_than_the_heap_fits_into_the_heap()
    {
        await OkAsync("migrate");
        string file = Path.Combine(_folder, "by-driver.csv");
        // Driver by driver, each with all its paths: the whole file has passed before the first path is whole.
        const int drivers = 32;
        const int paths = 8_000;
        await using (var text = new StreamWriter(file))
        {
            await text.WriteLineAsync(
                "scenario_id,factor_id," + string.Join(',', Enumerable.Range(1, 60).Select(h => $"h{h}"))
            );
            for (int row = 0; row < drivers * paths; row++)
            {
                IEnumerable<string> values = Enumerable
                    .Range(0, 60)
                    .Select(h => ((row + h) % 1_024 / 4_096.0).ToString(CultureInfo.InvariantCulture));
                await text.WriteLineAsync(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{row % paths},F{row / paths},{string.Join(',', values)}"
                    )
                );
            }
        }

        await OkAsync("sets", "import", file, "--name", "BY_DRIVER", "--as-of", "2026-01-02", "--market", "M");
    }

    private async Task FillAsync()
    {
        await MarketSchema.EnsureAsync(_postgres.DataSource, new MarketTables(), Ct);
        await using NpgsqlConnection connection = await _postgres.DataSource.OpenConnectionAsync(Ct);
        await using var market = new NpgsqlCommand(
            $"""
            INSERT INTO markets (market_id, name, region, timezone) VALUES ('M', 'm', 'US', 'UTC');
            INSERT INTO instruments (instrument_id, market_id, asset_class, symbol, currency)
            SELECT 'EQUITY:I' || i, 'M', 'EQUITY', 'I' || i, 'USD' FROM generate_series(0, {Instruments - 1}) i
            """,
            connection
        );
        await market.ExecuteNonQueryAsync(Ct);
        await using NpgsqlBinaryImporter copy = await connection.BeginBinaryImportAsync(
            "COPY returns_daily (instrument_id, date, ret_1d) FROM STDIN (FORMAT BINARY)",
            Ct
        );
        for (int i = 0; i < Days * Instruments; i++)
        {
            await copy.StartRowAsync(Ct);
            await copy.WriteAsync(
                string.Create(CultureInfo.InvariantCulture, $"EQUITY:I{i % Instruments}"),
                NpgsqlDbType.Text,
                Ct
            );
            await copy.WriteAsync(new DateOnly(2020, 1, 1).AddDays(i / Instruments), NpgsqlDbType.Date, Ct);
            await copy.WriteAsync(0.02 * Math.Sin(1.7 * i), NpgsqlDbType.Double, Ct);
        }

        await copy.CompleteAsync(Ct);
    }

    private async Task OkAsync(params string[] arguments)
    {
        CliRun run = await CliRun.ProcessAsync(
            typeof(CliRoot).Assembly.Location,
            new Dictionary<string, string>
            {
                ["SYNTHETIC_ROOT"] = _folder,
                ["SYNTHETIC_POSTGRES"] = _postgres.ConnectionString,
                // Hexadecimal: 112 MiB.
                ["DOTNET_GCHeapHardLimit"] = "7000000",
            },
            Ct,
            arguments
        );
        Assert.True(run.Code == ExitCodes.Ok, $"{string.Join(' ', arguments)}: {run.Code}\n{run.Error}{run.Output}");
    }
}
