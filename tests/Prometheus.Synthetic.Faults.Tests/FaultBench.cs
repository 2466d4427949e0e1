using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Engine.Verification;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Market.Import;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.TestKit;
using RabbitMQ.Client;

namespace Prometheus.Synthetic.Faults.Tests;

/// <summary>A migrated database with a small market, workers for it, and a publisher of requests.</summary>
public sealed class FaultBench : IAsyncLifetime
{
    public const string AsOf = "2022-12-30";
    private const int StopSeconds = 5;

    /// <summary>The configured time, the fifteen seconds that the host has beside it, and some for a busy machine.</summary>
    public static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(StopSeconds + 15 + 10);

    /// <summary>
    /// How long nothing may get further. The longest a worker waits in health is a broker that is away: reconnecting and
    /// retries double up to 15 s each, and a saga is driven again after ten times 4 s while messages wait; twice their sum.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly List<FaultRow> _rows = [];
    private readonly List<string> _asked = [];
    private OwnServices? _services;
    private ServiceProvider? _engine;
    private Drain? _drain;
    private Aftermath? _aftermath;
    private Exception? _missing;
    private readonly Ears _ears;

    public FaultBench() => _ears = new Ears(ConnectAsync);

    public OwnServices Services => _missing is null ? _services! : throw _missing;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        try
        {
            _services = await OwnServices.StartAsync();
            var services = new ServiceCollection();
            services.AddLogging();
            services.AddSyntheticEngine(_services.Postgres);
            foreach (IDocumentRegistration registration in SagaDocuments.All)
                services.AddSingleton(registration);
            _engine = services.BuildServiceProvider();
            await _engine.GetRequiredService<SchemaMigrator>().MigrateAsync();
            await LoadMarketAsync();
            await _ears.DeclareAsync();
            _drain = new Drain(this, _engine.GetRequiredService<NpgsqlDataSource>());
            _aftermath = new Aftermath(this, _engine.GetRequiredService<SetVerifier>(), _ears);
        }
        catch (Exception e)
        {
            // A fixture cannot skip its tests; each does when it asks for the services.
            _missing = e;
        }
    }

    public async ValueTask DisposeAsync()
    {
        FaultTable.Write(_rows);
        if (_engine is not null)
            await _engine.DisposeAsync();
        if (_services is not null)
            await _services.DisposeAsync();
    }

    /// <param name="crash">Where it ends itself, e.g. <c>pre-send:ShardGenerated:1</c>; null for nowhere.</param>
    /// <param name="copies">Seed by which messages are sent again; null to send every message once.</param>
    /// <param name="clock">Seconds by which its clock is ahead.</param>
    /// <param name="through">Other addresses of the same services, as a proxy's; null for the services' own.</param>
    public WorkerProcess Worker(
        string? crash = null,
        int? copies = null,
        int? clock = null,
        (string Postgres, Uri RabbitMq)? through = null,
        IEnumerable<(string Name, object? Value)>? settings = null
    ) =>
        WorkerProcess.Start(
            through?.Postgres ?? Services.Postgres,
            through?.RabbitMq ?? Services.RabbitMq,
            "Prometheus.Synthetic.Faults.Worker.dll",
            [
                ("LIMITS__SHARDCELLS", 20_000),
                ("STALLEDSECONDS", 4),
                ("RECONCILESECONDS", 1),
                ("STOPSECONDS", StopSeconds),
                ("HEALTH__PORT", 0),
                ("FAULT_POINT", crash),
                ("FAULT_COPIES", copies),
                ("FAULT_CLOCK", clock),
                .. settings ?? [],
            ]
        );

    /// <summary>Asks for sets, small unless told otherwise, each message as often as told, all of them shuffled.</summary>
    public async Task AskAsync(string prefix, int count, Func<int, int>? times = null, int paths = 1000)
    {
        var bodies = new List<string>();
        for (int i = 0; i < count; i++)
        {
            string name = $"{prefix}_{i:000}";
            bodies.AddRange(Enumerable.Repeat(Request(name, paths), times?.Invoke(i) ?? 1));
            _asked.Add(name);
        }

        var random = new Random(bodies.Count);
        await PublishAsync<GenerateScenarioSet>(bodies.OrderBy(_ => random.Next()));
    }

    /// <summary>A request of ten days; every 333 paths make a shard.</summary>
    public static string Request(string name, int paths) =>
        JsonSerializer.Serialize(
            new
            {
                name,
                category = "BOOTSTRAP",
                horizon_days = 10,
                num_paths = paths,
                markets = new[] { "US_EQ" },
                as_of_date = AsOf,
                generator_spec = new { block_length = 5 },
            }
        );

    /// <summary>Publishes to the contract's exchange; waits for the queues where no worker has been yet.</summary>
    public async Task PublishAsync<T>(IEnumerable<string> bodies, string? messageId = null)
    {
        await QueueDeclaration.DeclareAsync(Services.RabbitMq, TimeProvider.System, _ => { }, Ct);
        await using IConnection connection = await ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true),
            Ct
        );
        string exchange = ContractNames.Of<T>().Exchange;
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, cancellationToken: Ct);
        string queue = exchange.Replace("prometheus.", "synthetic.", StringComparison.Ordinal);
        // As a worker binds it: here too, so that nothing is lost before the first one starts.
        await channel.ExchangeBindAsync(queue, exchange, string.Empty, cancellationToken: Ct);
        foreach (string body in bodies)
        {
            var properties = new BasicProperties
            {
                ContentType = "application/json",
                DeliveryMode = DeliveryModes.Persistent,
                MessageId = messageId,
            };
            await channel.BasicPublishAsync(
                exchange,
                string.Empty,
                mandatory: true,
                properties,
                Encoding.UTF8.GetBytes(body),
                Ct
            );
        }
    }

    /// <summary>Waits for sets that are asked for to be sealed, whatever else is still in work.</summary>
    public Task MadeAsync(string prefix, int count, WorkerProcess worker) =>
        _drain!.MadeAsync(prefix, count, _asked, Patience, worker);

    /// <inheritdoc cref="Drain.DrainedAsync"/>
    public Task DrainedAsync(params IReadOnlyList<WorkerProcess> workers) =>
        _drain!.DrainedAsync(_asked, Patience, workers);

    /// <summary>What must hold after any fault, over everything asked since the bench was built.</summary>
    public Task<string> CheckAsync() => _aftermath!.CheckAsync(_asked);

    /// <summary>What other teams were told so far: brought up to date by <see cref="CheckAsync"/>.</summary>
    public IReadOnlyList<Heard> Heard => _ears.All;

    public void Record(string fault, int count, int generations, string outcome, double seconds) =>
        _rows.Add(new FaultRow(fault, count, generations, outcome, seconds));

    public async Task<long> CountAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Services.Postgres);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(Ct), CultureInfo.InvariantCulture);
    }

    public async Task<IConnection> ConnectAsync() =>
        await new ConnectionFactory { Uri = Services.RabbitMq }.CreateConnectionAsync(Ct);

    private async Task LoadMarketAsync()
    {
        var tables = new MarketTables();
        NpgsqlDataSource source = _engine!.GetRequiredService<NpgsqlDataSource>();
        await MarketSchema.EnsureAsync(source, tables, CancellationToken.None);
        await TinyPanel.WithFileAsync(file =>
            new MarketImporter(source, tables).ImportAsync(
                file,
                new ImportOptions(),
                null,
                null,
                CancellationToken.None
            )
        );
    }
}
