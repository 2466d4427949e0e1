using System.Text;
using System.Text.Json;
using Marten;
using Npgsql;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Services;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Market.Import;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>
/// A migrated database with a market of six names, an empty virtual host, workers and the operators' program on both: for
/// tests about messages and not about numbers.
/// </summary>
public sealed class SmallMarket : IAsyncLifetime
{
    public const string Market = "US_EQ";
    public const string AsOf = "2022-12-30";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);
    private readonly string _root = Directory.CreateTempSubdirectory("synthetic-small-").FullName;
    private bool _loaded;

    public PostgresFixture Postgres { get; } = new();

    public RabbitMqFixture Rabbit { get; } = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await Postgres.InitializeAsync();
        await Rabbit.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Postgres.DisposeAsync();
        await Rabbit.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    /// <summary>Migrates and imports when the first test asks; a fixture cannot skip.</summary>
    public async Task ReadyAsync()
    {
        if (_loaded)
            return;
        _loaded = true;
        await MigrateAsync();
        await LoadAsync(Market);
    }

    public async Task MigrateAsync()
    {
        await using DocumentStore store = SyntheticDocumentStore.Create(Postgres.DataSource, SagaDocuments.All);
        await new SchemaMigrator(Postgres.DataSource, store, new StorageOptions(), TimeProvider.System).MigrateAsync(
            Ct
        );
        await MarketSchema.EnsureAsync(Postgres.DataSource, new MarketTables(), Ct);
    }

    /// <summary>Gives a market its history: the same prices, under names of its own.</summary>
    public Task LoadAsync(string market) =>
        TinyPanel.WithFileAsync(file =>
            new MarketImporter(Postgres.DataSource, new MarketTables()).ImportAsync(
                file,
                new ImportOptions { MarketId = market, AssetClass = market == Market ? null : "ETF" },
                null,
                null,
                Ct
            )
        );

    /// <summary>A worker that reports no health and drives on what stands still for two seconds, unless told otherwise.</summary>
    public WorkerProcess Worker(params IEnumerable<(string Name, object? Value)> settings) =>
        WorkerProcess.Start(
            Postgres.ConnectionString,
            Rabbit.Address,
            WorkerProcess.Worker,
            [("HEALTH__PORT", 0), ("STALLEDSECONDS", 2), ("RECONCILESECONDS", 1), .. settings]
        );

    /// <summary>The operators' program as a process of its own.</summary>
    public Task<CliRun> CliAsync(params string[] arguments) =>
        CliRun.ProcessAsync(
            typeof(CliRoot).Assembly.Location,
            new Dictionary<string, string>
            {
                [StackPaths.RootVariable] = _root,
                ["SYNTHETIC_POSTGRES"] = Postgres.ConnectionString,
                ["SYNTHETIC_RABBITMQ"] = Rabbit.Address.AbsoluteUri,
            },
            Ct,
            arguments
        );

    /// <summary>A command that must succeed, and whose lines must fit where they are piped to.</summary>
    public async Task<string> SayAsync(params string[] arguments)
    {
        CliRun run = await CliAsync(arguments);
        Assert.True(run.Code == ExitCodes.Ok, $"{string.Join(' ', arguments)} ended with {run.Code}: {run.Error}");
        if (!arguments.Contains("--json"))
            Assert.All(run.Output.Split('\n'), l => Assert.True(l.Length <= CliConsole.PlainWidth, l));
        return run.Output + run.Error;
    }

    public async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        CliRun run = await CliAsync([.. arguments, "--json"]);
        Assert.True(run.Code == ExitCodes.Ok, $"{string.Join(' ', arguments)} ended with {run.Code}: {run.Error}");
        return JsonSerializer.Deserialize<JsonElement>(run.Output);
    }

    /// <summary>A command that must be refused, naming the field.</summary>
    public async Task RefusedAsync(string line, params string[] arguments)
    {
        CliRun run = await CliAsync(arguments);
        Assert.Equal(ExitCodes.Refused, run.Code);
        Assert.Contains(line, run.Output + run.Error, StringComparison.Ordinal);
    }

    /// <summary>A request of ten days.</summary>
    public static string Request(string name, int paths = 100, string market = Market) =>
        JsonSerializer.Serialize(
            new
            {
                name,
                category = "BOOTSTRAP",
                horizon_days = 10,
                num_paths = paths,
                markets = new[] { market },
                as_of_date = AsOf,
                generator_spec = new { block_length = 5 },
            }
        );

    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public async Task<long> CountAsync(string sql) => Convert.ToInt64(await ScalarAsync(sql));

    public async Task<object?> ScalarAsync(string sql)
    {
        await using NpgsqlCommand command = Postgres.DataSource.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Ct);
    }

    /// <summary>Waits until something holds; says what did not come when it does not.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> holds, WorkerProcess? worker = null)
    {
        DateTime end = DateTime.UtcNow + s_patience;
        while (!await holds())
        {
            if (DateTime.UtcNow > end || worker is { HasExited: true })
                throw new TimeoutException($"{what} did not come\n{worker?.Tail}");
            await Task.Delay(50, Ct);
        }
    }
}
