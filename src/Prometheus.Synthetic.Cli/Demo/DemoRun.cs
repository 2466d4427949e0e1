using System.Globalization;
using Npgsql;
using Prometheus.Synthetic.Cli.Charts;
using Prometheus.Synthetic.Cli.Commands.Sets;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Contracts.Json;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Services;
using Prometheus.Synthetic.Services.Processes;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Cli.Demo;

/// <summary>What the demo shows in the end.</summary>
/// <param name="Existed">An earlier run had made the set: it was announced again and nothing was generated.</param>
/// <param name="WaitedSeconds">From the publishing of the event to the announcement of the set.</param>
/// <param name="Chart">Full path of the fan chart.</param>
/// <param name="RiskLine">What the risk consumer printed first: value at risk and expected shortfall.</param>
/// <param name="RiskDetail">What it printed below: the portfolio and the P&amp;L distribution.</param>
internal sealed record DemoResult(
    ScenarioSetDocument Set,
    bool Existed,
    double WaitedSeconds,
    string Chart,
    string RiskLine,
    IReadOnlyList<string> RiskDetail
);

/// <summary>The main job once, from an event to a risk consumer's figures, with the worker and the consumer as processes.</summary>
internal sealed class DemoRun(CliContext cli, DemoOptions options, IDemoDisplay display)
{
    /// <summary>A cold worker on a busy machine needs some seconds to make its queues.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    public async Task<DemoResult> RunAsync(CancellationToken ct)
    {
        await using EngineScope engine = EngineScope.Open(cli);
        display.Step("Migrating the database");
        await MarketSchema.EnsureAsync(engine.Get<NpgsqlDataSource>(), engine.Get<MarketTables>(), ct);
        await engine.Get<SchemaMigrator>().MigrateAsync(ct);
        // They take seconds to start, in which the market is loaded.
        display.Step("Starting the worker and the risk consumer");
        await using ChildProgram? worker = await StartWorkerAsync(ct);
        await using ChildProgram consumer = StartConsumer();
        display.Step("Looking for market data");
        var today = DateOnly.FromDateTime(cli.Clock.GetUtcNow().UtcDateTime);
        (DateOnly asOf, string story) = await DemoMarket.EnsureAsync(engine, options.Market, options.Panel, today, ct);
        display.Step(story);
        HashSet<Guid> before = (await engine.Get<ISyntheticScenarioEngine>().ListScenarioSetsAsync(ct: ct))
            .Select(s => s.ScenarioSetId)
            .ToHashSet();
        await using RefreshWatch watch = await RefreshWatch.StartAsync(cli.RequireRabbitMq(), ct);
        await ListeningAsync(consumer, ct);
        var due = new MonthlyRefreshDue
        {
            MarketId = options.Market,
            Month = today.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            AsOfDate = asOf,
        };
        await PublishAsync(due, worker, ct);
        display.Step($"Published MonthlyRefreshDue for {due.MarketId}, {due.Month}, as of {asOf:yyyy-MM-dd}");
        long published = cli.Clock.GetTimestamp();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(s_patience);
        ScenarioSetGenerated done;
        try
        {
            done = await display.WaitAsync(p => watch.BaselineAsync(options.Market, asOf, p, patience.Token));
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new InvalidOperationException(
                $"No set was announced within {s_patience.TotalSeconds:0} s. The worker said: {worker?.LastWords() ?? "see .synthetic/worker.log"}",
                e
            );
        }

        double waited = cli.Clock.GetElapsedTime(published).TotalSeconds;
        ScenarioSetDocument set = await engine
            .Get<ISyntheticScenarioEngine>()
            .GetScenarioSetMetadataAsync(done.ScenarioSetId, ct);
        display.Step("Drawing the fan chart");
        string chart = await PlotSet.WriteAsync(
            engine,
            set,
            ChartKind.Fan,
            [],
            options.Dark ? ChartTheme.Dark : ChartTheme.Light,
            ChartFormat.Png,
            Path.Combine(cli.Paths.State, "charts", PlotSet.FileName(set, ChartKind.Fan, ChartFormat.Png)),
            ct
        );
        display.Step("Waiting for the risk consumer");
        IReadOnlyList<string> risk = await RiskAsync(consumer, ct);
        return new(set, before.Contains(set.Id), waited, chart, risk[0], [.. risk.Skip(1).Select(l => l.Trim())]);
    }

    /// <summary>With --keep the worker belongs to the stack, which stops it at <c>down</c>; else to this command.</summary>
    private async Task<ChildProgram?> StartWorkerAsync(CancellationToken ct)
    {
        IReadOnlyList<string> command = DemoPrograms.Worker(cli.Paths);
        if (options.Keep && StackFile.Read(cli.Paths) is { Running: true, Kind: StackKind.Private })
        {
            var stack = new PersistentStack(cli.Paths, cli.Environment, cli.Console.Notice);
            await stack.StartProgramAsync("worker", command, ct);
            return null;
        }

        return ChildProgram.Start(command, cli.Addresses().ToEnvironment(), Log("demo-worker"));
    }

    private ChildProgram StartConsumer() =>
        ChildProgram.Start(
            [
                .. DemoPrograms.RiskConsumer(cli.Paths),
                .. (string[])["--once", "--market", options.Market, "--category", "BOOTSTRAP"],
                "--horizon-days",
                RefreshWatch.BaselineDays.ToString(CultureInfo.InvariantCulture),
            ],
            cli.Addresses().ToEnvironment(),
            Log("demo-risk-consumer")
        );

    private string Log(string name)
    {
        Directory.CreateDirectory(cli.Paths.State);
        return Path.Combine(cli.Paths.State, name + ".log");
    }

    /// <summary>The set may be announced within milliseconds: the consumer must be there first.</summary>
    private static async Task ListeningAsync(ChildProgram consumer, CancellationToken ct)
    {
        while (!consumer.LastWords().Contains("listening", StringComparison.Ordinal))
        {
            if (consumer.HasExited)
                throw new InvalidOperationException($"The risk consumer ended: {consumer.LastWords()}");
            await Task.Delay(50, ct);
        }
    }

    /// <summary>Until the worker has made its queues the broker hands the message back, and we ask again.</summary>
    private async Task PublishAsync(MonthlyRefreshDue due, ChildProgram? worker, CancellationToken ct)
    {
        await using ContractPublisher publisher = await ContractPublisher.ConnectAsync(cli.RequireRabbitMq(), ct);
        byte[] body = ContractJson.Write(due);
        long started = cli.Clock.GetTimestamp();
        while (!await publisher.PublishAsync(ContractNames.Of<MonthlyRefreshDue>(), body, MessageId(due), ct))
        {
            if (worker is { HasExited: true } || cli.Clock.GetElapsedTime(started) > s_patience)
                throw new InvalidOperationException($"The worker does not listen: {worker?.LastWords()}");
            await Task.Delay(100, ct);
        }
    }

    /// <summary>
    /// The day is part of it: with data of another day the demo asks for something else, which under the message's natural
    /// id, market and month, would be refused as a contradiction.
    /// </summary>
    private static Guid MessageId(MonthlyRefreshDue due) =>
        NameBasedGuid.Create($"demo:{due.MarketId}:{due.Month}:{due.AsOfDate:yyyy-MM-dd}");

    private static async Task<IReadOnlyList<string>> RiskAsync(ChildProgram consumer, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(s_patience);
        try
        {
            int code = await consumer.ExitAsync(patience.Token);
            return code == 0 && consumer.Output is { Count: > 0 } lines
                ? lines
                : throw new InvalidOperationException($"The risk consumer failed: {consumer.LastWords()}");
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new InvalidOperationException($"The risk consumer did not answer: {consumer.LastWords()}", e);
        }
    }
}
