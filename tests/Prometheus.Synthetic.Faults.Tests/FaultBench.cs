using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Engine.Verification;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Messaging.Replay;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Market.Import;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.TestKit;
using RabbitMQ.Client;

namespace Prometheus.Synthetic.Faults.Tests;

/// <summary>A migrated database with a small market, a publisher of requests, and the check of what must hold after any fault.</summary>
public sealed class FaultBench : IAsyncLifetime
{
    public const string AsOf = "2022-12-30";
    private const int StopSeconds = 5;

    /// <summary>The configured time, the fifteen seconds that the host has beside it, and some for a busy machine.</summary>
    public static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(StopSeconds + 15 + 10);

    private const string Ears = "faults.ears";

    private readonly List<FaultRow> _rows = [];
    private readonly List<string> _asked = [];
    private OwnServices? _services;
    private ServiceProvider? _engine;
    private Exception? _missing;

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
            await DeclareEarsAsync();
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

    /// <summary>Waits for sets that are asked for to be sealed, whatever else is still in work.</summary>
    public async Task MadeAsync(string prefix, int count, TimeSpan patience, WorkerProcess worker)
    {
        DateTime end = DateTime.UtcNow + patience;
        while (await CountAsync($"SELECT count(*) FROM scenario_sets WHERE name LIKE '{prefix}\\_%'") < count)
        {
            if (DateTime.UtcNow > end)
                throw new TimeoutException($"{prefix}: {await StateAsync()}\n{worker.Tail}");
            await Task.Delay(100, Ct);
        }
    }

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

    /// <summary>
    /// Waits until every set that was asked for is sealed, and until nothing is in work or waits any more. Gives up when
    /// nothing gets further for as long as told: how long the whole takes depends on the machine, and getting further
    /// ends of itself, because shards and sets are finite and a new low of waiting messages cannot fall below none.
    /// </summary>
    public async Task DrainedAsync(TimeSpan patience, params WorkerProcess[] workers)
    {
        // What a restarted server has dropped would fail at its first use, and that is the bench's own connection.
        NpgsqlConnection.ClearAllPools();
        _engine!.GetRequiredService<NpgsqlDataSource>().Clear();
        var progress = new DrainProgress(patience);
        int quiet = 0;
        while (quiet < 3)
        {
            if (progress.HasStalled)
                throw new TimeoutException(
                    $"nothing got further for {patience.TotalSeconds} s: {await StateAsync()}\n{string.Join('\n', workers.Select(w => w.Tail))}"
                );
            await Task.Delay(200, Ct);
            try
            {
                quiet = await IsQuietAsync(progress) ? quiet + 1 : 0;
            }
            catch (NpgsqlException e) when (e is not PostgresException { IsTransient: false })
            {
                quiet = 0; // a pooled connection from before the database was stopped
            }
        }
    }

    /// <summary>What must hold after any fault, over everything asked since the bench was built.</summary>
    public async Task<string> CheckAsync()
    {
        foreach (string name in _asked)
            Assert.Equal(1, await CountAsync($"SELECT count(*) FROM scenario_sets WHERE name = '{name}'"));
        Assert.Equal(
            _asked.Count,
            await CountAsync(
                "SELECT count(DISTINCT data ->> 'request_id') FROM synthetic.mt_doc_scenario_set WHERE data ->> 'status' = 'Sealed' AND data ->> 'name' LIKE 'F\\_%'"
            )
        );
        const string open = "SELECT id FROM synthetic.mt_doc_scenario_set WHERE data ->> 'status' = 'Sealed'";
        foreach (string table in new[] { "path_shocks", "path_annotations", "cell_marks", "shards", "set_drivers" })
            Assert.Equal(
                0,
                await CountAsync($"SELECT count(*) FROM synthetic.{table} WHERE scenario_set_id NOT IN ({open})")
            );
        Assert.Equal(0, await CountAsync(OpenSagas));
        IReadOnlyList<DeadMessage> dead = await new DeadLetterOffice(Services.RabbitMq).BrowseAsync(new(), Ct);
        Assert.True(dead.Count == 0, string.Join('\n', dead.Select(d => $"{d.DeadQueue}: {d.Exception}: {d.Reason}")));
        foreach (QueueDepth queue in await QueueDepths.ReadAsync(Services.RabbitMq, Ct))
            Assert.True(queue.Messages == 0, $"{queue.Queue} holds {queue.Messages} messages");
        int verified = await VerifyAsync();
        await HearAsync();
        Dictionary<string, HashSet<string>> heard = _heard
            .Where(h => h.Exchange == ContractNames.Of<ScenarioSetGenerated>().Exchange)
            .GroupBy(h => h.Name)
            .ToDictionary(g => g.Key, g => g.Select(h => h.MessageId).ToHashSet());
        foreach (string name in _asked)
            Assert.Single(heard[name]);
        Assert.DoesNotContain(
            _heard,
            h => h.Exchange == ContractNames.Of<ScenarioSetGenerationFailed>().Exchange && _asked.Contains(h.Name)
        );
        return $"{verified} sets: one each, verified, announced under one id; nothing orphaned, stuck or in an error queue";
    }

    /// <summary>What other teams were told so far: brought up to date by <see cref="CheckAsync"/>.</summary>
    public IReadOnlyList<(string Exchange, string MessageId, string Name)> Heard => _heard;

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

    private const string OpenSagas = """
        SELECT count(*) FROM (SELECT data FROM synthetic.mt_doc_scenario_set_generation_saga
          UNION ALL SELECT data FROM synthetic.mt_doc_monthly_refresh_saga
          UNION ALL SELECT data FROM synthetic.mt_doc_fragility_refresh_saga) s
        WHERE data ->> 'current_state' IN ('Planning', 'Generating', 'Sealing', 'Running')
        """;

    private readonly List<(string Exchange, string MessageId, string Name)> _heard = [];
    private readonly HashSet<Guid> _verified = [];

    private async Task<bool> IsQuietAsync(DrainProgress progress)
    {
        string names = string.Join(", ", _asked.Select(n => $"'{n}'"));
        long made =
            _asked.Count == 0 ? 0 : await CountAsync($"SELECT count(*) FROM scenario_sets WHERE name IN ({names})");
        long unsettled = await UnsettledAsync();
        progress.Saw(made, await CountAsync("SELECT count(*) FROM synthetic.shards"), unsettled);
        return made >= _asked.Count && unsettled == 0 && await CountAsync(OpenSagas) == 0;
    }

    /// <summary>Messages that wait or are in work in our live queues; what is dead does not settle and is checked later.</summary>
    private async Task<long> UnsettledAsync()
    {
        using HttpClient management = Services.Management();
        string queues = await management.GetStringAsync("api/queues?columns=name,messages,messages_unacknowledged", Ct);
        return JsonSerializer
            .Deserialize<JsonElement>(queues)
            .EnumerateArray()
            .Where(q => QueueNames.All.Contains(q.GetProperty("name").GetString()))
            .Sum(q => q.TryGetProperty("messages", out JsonElement m) ? m.GetInt64() : 0);
    }

    private async Task<string> StateAsync() =>
        $"{await CountAsync("SELECT count(*) FROM scenario_sets")} sealed of {_asked.Count}, {await CountAsync(OpenSagas)} open sagas, {await UnsettledAsync()} messages; "
        + string.Join(", ", (await QueueDepths.ReadAsync(Services.RabbitMq, Ct)).Where(d => d.Messages > 0));

    private async Task<int> VerifyAsync()
    {
        var ids = new List<Guid>();
        await using (var connection = new NpgsqlConnection(Services.Postgres))
        {
            await connection.OpenAsync(Ct);
            await using var command = new NpgsqlCommand("SELECT scenario_set_id FROM scenario_sets", connection);
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(Ct);
            while (await reader.ReadAsync(Ct))
                ids.Add(reader.GetGuid(0));
        }

        SetVerifier verifier = _engine!.GetRequiredService<SetVerifier>();
        // A sealed set never changes: verifying it once is enough.
        foreach (Guid id in ids.Where(_verified.Add))
        {
            VerificationReport report = await verifier.VerifyAsync(id, "faults", null, Ct);
            Assert.Equal(VerificationOutcome.Verified, report.Outcome);
        }

        return ids.Count;
    }

    private async Task HearAsync()
    {
        await using IConnection connection = await ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Ct);
        while (await channel.BasicGetAsync(Ears, autoAck: true, Ct) is { } message)
        {
            JsonElement body = JsonSerializer.Deserialize<JsonElement>(message.Body.Span);
            _heard.Add(
                (
                    message.Exchange,
                    message.BasicProperties.MessageId!,
                    body.TryGetProperty("name", out JsonElement name) ? name.GetString()! : string.Empty
                )
            );
        }
    }

    /// <summary>A consumer of another team, with a durable queue that outlives the broker's restarts.</summary>
    private async Task DeclareEarsAsync()
    {
        await using IConnection connection = await ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        var quorum = new Dictionary<string, object?> { ["x-queue-type"] = "quorum" };
        await channel.QueueDeclareAsync(Ears, durable: true, exclusive: false, autoDelete: false, quorum);
        foreach (
            Type type in new[]
            {
                typeof(ScenarioSetGenerated),
                typeof(ScenarioSetGenerationFailed),
                typeof(MonthlyRefreshCompleted),
                typeof(FragilityRefreshCompleted),
            }
        )
        {
            string exchange = ContractNames.Of(type).Exchange;
            await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true);
            await channel.QueueBindAsync(Ears, exchange, string.Empty);
        }
    }

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
