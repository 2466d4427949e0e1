using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Npgsql;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.TestKit;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>
/// What an orchestrator asks a worker, and what the worker answers while schema, database or broker are away. It is one
/// process from the first test line to the last: it waits and goes on.
/// </summary>
public sealed class HealthTests(SmallMarket market) : IClassFixture<SmallMarket>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_worker_says_what_it_waits_for_and_goes_on_without_a_restart()
    {
        var address = new NpgsqlConnectionStringBuilder(market.Postgres.ConnectionString);
        await using var database = new ChaosProxy(address.Host!, address.Port);
        await using var broker = new ChaosProxy(market.Rabbit.Address.Host, market.Rabbit.Address.Port);
        (address.Host, address.Port) = ("127.0.0.1", database.Port);
        Uri rabbit = new UriBuilder(market.Rabbit.Address) { Host = "127.0.0.1", Port = broker.Port }.Uri;
        int port = FreePort();
        await using WorkerProcess worker = WorkerProcess.Start(
            address.ConnectionString,
            rabbit,
            WorkerProcess.Worker,
            ("HEALTH__PORT", port),
            ("LIMITS__SHARDCELLS", 2_000),
            ("STALLEDSECONDS", 300)
        );
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        // An empty database: alive, not ready, and it says what to do.
        await SmallMarket.UntilAsync("a live worker", () => LiveAsync(http), worker);
        JsonElement waiting = await NotReadyAsync(http, "run 'synthetic migrate'", worker);
        Assert.Equal(0, waiting.GetProperty("schema_version").GetInt32());
        Assert.Equal(SchemaMigrator.NewestVersion, waiting.GetProperty("schema_version_needed").GetInt32());
        await market.ReadyAsync();
        JsonElement ready = await ReadyAsync(http, worker);
        Assert.Equal(SchemaMigrator.NewestVersion, ready.GetProperty("schema_version").GetInt32());
        Assert.Equal(0, ready.GetProperty("open_sagas").GetInt32());
        Assert.Equal(JsonValueKind.Null, ready.GetProperty("lag_seconds").ValueKind);
        Assert.Equal(0, ready.GetProperty("waiting").GetProperty(QueueNames.Seal).GetInt32());
        Assert.Equal(0, await ContainerCheckAsync(port));
        await WorksAsync(worker, "HEALTH_0");

        foreach (
            (ChaosProxy proxy, string obstacle, string name) in new[]
            {
                (broker, "the broker does not answer", "HEALTH_1"),
                (database, "the database does not answer", "HEALTH_2"),
            }
        )
        {
            proxy.Cut();
            await NotReadyAsync(http, obstacle, worker);
            Assert.NotEqual(0, await ContainerCheckAsync(port));
            // Waiting is no reason to be killed.
            Assert.True(await LiveAsync(http));
            proxy.Resume();
            await ReadyAsync(http, worker);
            await WorksAsync(worker, name);
        }

        await LagAsync(http, worker);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/health", Ct)).StatusCode);
    }

    [Fact]
    public async Task A_worker_that_still_waits_stops_when_it_is_told()
    {
        int port = FreePort();
        var nobody = new NpgsqlConnectionStringBuilder(market.Postgres.ConnectionString) { Port = FreePort() };
        await using WorkerProcess worker = WorkerProcess.Start(
            nobody.ConnectionString,
            market.Rabbit.Address,
            WorkerProcess.Worker,
            ("HEALTH__PORT", port)
        );
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await SmallMarket.UntilAsync("a live worker", () => LiveAsync(http), worker);
        await NotReadyAsync(http, "the database does not answer", worker);
        await worker.StopAsync();
        Assert.Equal(0, worker.ExitCode);
        Assert.DoesNotContain("Unhandled exception", worker.Log, StringComparison.Ordinal);
    }

    /// <summary>A generation that cannot get further shows as an open saga whose lag grows, and as shards that wait.</summary>
    private async Task LagAsync(HttpClient http, WorkerProcess worker)
    {
        await using (NpgsqlConnection held = await market.Postgres.HoldRowsAsync(Ct))
        {
            await using OtherTeam team = await OtherTeam.JoinAsync(market.Rabbit.Address, Ct);
            await team.PublishAsync<GenerateScenarioSet>(SmallMarket.Request("LAGS", 5_000), Ct);
            double first = 0;
            await SmallMarket.UntilAsync(
                "a lag",
                async () =>
                    (await AskAsync(http)) is var r
                    && r.GetProperty("open_sagas").GetInt32() == 1
                    && r.GetProperty("waiting").GetProperty(QueueNames.ShardsInteractive).GetInt32() > 0
                    && (first = r.GetProperty("lag_seconds").GetDouble()) > 0,
                worker
            );
            await SmallMarket.UntilAsync(
                "a lag that grows",
                async () => (await AskAsync(http)).GetProperty("lag_seconds").GetDouble() > first,
                worker
            );
        }

        await SmallMarket.UntilAsync(
            "no lag",
            async () => (await AskAsync(http)).GetProperty("open_sagas").GetInt32() == 0,
            worker
        );
    }

    /// <summary>The check of docker-compose.yml, as its engine runs it; returns its exit code.</summary>
    private static async Task<int> ContainerCheckAsync(int port)
    {
        using var reader = new StreamReader(Repository.PathOf("docker-compose.yml"));
        var compose = new Deserializer().Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(reader)));
        var worker = (Dictionary<object, object>)((Dictionary<object, object>)compose["services"])["worker"];
        string[] test =
        [
            .. ((List<object>)((Dictionary<object, object>)worker["healthcheck"])["test"]).Cast<string>().Skip(1),
        ];
        test[^1] = test[^1].Replace("/8085 ", $"/{port} ", StringComparison.Ordinal);
        using Process check = Process.Start(new ProcessStartInfo(test[0], test[1..]))!;
        await check.WaitForExitAsync(Ct);
        return check.ExitCode;
    }

    /// <summary>Not only ready by its own word: a request is served.</summary>
    private async Task WorksAsync(WorkerProcess worker, string name)
    {
        await using OtherTeam team = await OtherTeam.JoinAsync(market.Rabbit.Address, Ct);
        await MainJobTests.PublishWhenHeardAsync<GenerateScenarioSet>(team, worker, SmallMarket.Request(name));
        Heard made = await team.HearAsync<ScenarioSetGenerated>(name, Ct);
        Assert.Equal(name, made.Text("name"));
    }

    private static async Task<bool> LiveAsync(HttpClient http)
    {
        try
        {
            return (await http.GetAsync("/health/live", Ct)).StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false; // it has not opened its port yet
        }
    }

    private static async Task<JsonElement> ReadyAsync(HttpClient http, WorkerProcess worker)
    {
        JsonElement report = default;
        await SmallMarket.UntilAsync(
            "a ready worker",
            async () =>
            {
                using HttpResponseMessage response = await http.GetAsync("/health/ready", Ct);
                report = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(Ct));
                return response.StatusCode == HttpStatusCode.OK;
            },
            worker
        );
        Assert.Equal("ready", report.GetProperty("status").GetString());
        Assert.Equal(0, report.GetProperty("obstacles").GetArrayLength());
        return report;
    }

    private static async Task<JsonElement> NotReadyAsync(HttpClient http, string obstacle, WorkerProcess worker)
    {
        JsonElement report = default;
        await SmallMarket.UntilAsync(
            $"the obstacle '{obstacle}'",
            async () =>
            {
                using HttpResponseMessage response = await http.GetAsync("/health/ready", Ct);
                report = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(Ct));
                return response.StatusCode == HttpStatusCode.ServiceUnavailable
                    && report
                        .GetProperty("obstacles")
                        .EnumerateArray()
                        .Any(o => o.GetString()!.Contains(obstacle, StringComparison.Ordinal));
            },
            worker
        );
        Assert.Equal("not ready", report.GetProperty("status").GetString());
        return report;
    }

    private static async Task<JsonElement> AskAsync(HttpClient http) =>
        JsonSerializer.Deserialize<JsonElement>(await http.GetStringAsync("/health/ready", Ct));

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
