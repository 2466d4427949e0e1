using System.Text.Json;
using Npgsql;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Contracts.Json;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Samples.RiskConsumer;
using Prometheus.Synthetic.TestKit;
using RabbitMQ.Client;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>
/// The demo as a newcomer runs it, as a process with a state folder of its own; then, on what it made, the library
/// commands in this process, the publishing of each event, and the risk consumer on a portfolio.
/// </summary>
public sealed class DemoTests(DemoTests.Services services) : IClassFixture<DemoTests.Services>
{
    private readonly string _root = Directory.CreateTempSubdirectory("synthetic-demo-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_demo_runs_twice_and_the_library_shows_what_it_made()
    {
        try
        {
            JsonElement first = JsonSerializer.Deserialize<JsonElement>(await DemoAsync("--json"));
            Assert.False(first.GetProperty("existed").GetBoolean());
            JsonElement set = first.GetProperty("set");
            Assert.Equal("SEALED", set.GetProperty("status").GetString());
            Assert.Equal(1, set.GetProperty("version").GetInt32());
            string chart = first.GetProperty("chart").GetString()!;
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(chart)[..4]);
            string risk = first.GetProperty("risk_line").GetString()!;
            Assert.StartsWith(set.GetProperty("name").GetString() + " v1", risk, StringComparison.Ordinal);

            // The same figures by an independent route: SQL does the compounding, order statistics the rest.
            double[] pnl = await PnlAsync(set.GetProperty("id").GetGuid());
            Assert.Equal(set.GetProperty("num_paths").GetInt32(), pnl.Length);
            double var = -pnl[(pnl.Length + 19) / 20 - 1];
            Assert.Contains(FormattableString.Invariant($"VaR95 {var:0.00%}"), risk, StringComparison.Ordinal);

            string text = await DemoAsync();
            Assert.Contains("exists already", text, StringComparison.Ordinal);
            Assert.Contains(set.GetProperty("id").GetString()!, text, StringComparison.Ordinal);
            Assert.Contains(risk, text, StringComparison.Ordinal);
            AssertNarrow(text.Replace(chart, string.Empty, StringComparison.Ordinal));

            await LibraryAsync(set);
            await PublishingAsync();
            await RiskOfAPortfolioAsync(set.GetProperty("id").GetGuid());
        }
        finally
        {
            Directory.Delete(_root, recursive: true);
        }
    }

    private async Task LibraryAsync(JsonElement set)
    {
        string id = set.GetProperty("id").GetString()!;
        string name = set.GetProperty("name").GetString()!;
        // The refresh makes other sets beside it; of this lineage two demos make exactly one.
        JsonElement list = await JsonAsync("sets", "list", "--market", "US_EQ", "--lineage", name);
        Assert.Equal(1, list.GetProperty("total").GetInt32());
        Assert.Equal(0, (await JsonAsync("sets", "list", "--tag", "NO_SUCH_TAG")).GetProperty("total").GetInt32());
        foreach (string reference in new[] { id, id[..8], name, name + ":1" })
            Assert.Equal(id, (await JsonAsync("sets", "show", reference)).GetProperty("id").GetString());

        JsonElement page = await JsonAsync("sets", "paths", id, "--path", "7", "--limit", "40");
        Assert.Equal(40, page.GetProperty("cells").GetArrayLength());
        await AgreesWithTheRelationAsync(Guid.Parse(id), page.GetProperty("cells"));
        foreach (string kind in new[] { "fan", "histogram", "correlation" })
        {
            string file = Path.Combine(_root, kind + ".svg");
            CliRun plot = await Cli.RunAsync("sets", "plot", id, "--kind", kind, "--theme", "dark", "--out", file);
            Assert.Equal(ExitCodes.Ok, plot.Code);
            Assert.Contains("<svg", File.ReadAllText(file), StringComparison.Ordinal);
        }

        foreach (
            string[] command in new string[][]
            {
                ["sets", "list"],
                ["sets", "show", id],
                ["sets", "paths", id, "--limit", "5"],
            }
        )
            AssertNarrow((await Cli.RunAsync(command)).Output);
        await RefusedAsync("set: 'no-such-set'", "sets", "show", "no-such-set");
        await RefusedAsync("--path: 100000 was given", "sets", "paths", id, "--path", "100000");
        await RefusedAsync("--driver: 'EQUITY:NOPE'", "sets", "plot", id, "--driver", "EQUITY:NOPE");
    }

    /// <summary>The worker is gone, its queues are there: what was published lies in them as another team would send it.</summary>
    private async Task PublishingAsync()
    {
        string[] due = ["monthly-refresh-due", "--market", "US_EQ", "--month", "2026-01", "--as-of", "2026-01-30"];
        string[] fragile =
        [
            .. (string[])["fragility-computed", "--market", "US_EQ", "--as-of", "2026-01-30", "--model", "m1"],
            .. (string[])["--region", "US", "--target", "ISSUER:ACME:0.83"],
        ];
        string[] generate =
        [
            .. (string[])["generate-scenario-set", "--name", "TRIAL", "--category", "BOOTSTRAP", "--market", "US_EQ"],
            .. (string[])["--horizon-days", "30", "--num-paths", "1000", "--as-of", "2026-01-30"],
        ];
        await PublishedAsync<MonthlyRefreshDue>(
            QueueNames.MonthlyRefreshDue,
            due,
            b => b.GetProperty("month").GetString() == "2026-01"
        );
        await PublishedAsync<FragilityComputed>(
            QueueNames.FragilityComputed,
            fragile,
            b => b.GetProperty("top_targets")[0].GetProperty("entity_id").GetString() == "ACME"
        );
        await PublishedAsync<GenerateScenarioSet>(
            QueueNames.GenerateScenarioSet,
            generate,
            b => b.GetProperty("num_paths").GetInt32() == 1000
        );
        await RefusedAsync("month: is missing", "events", "publish", "monthly-refresh-due", "--market", "US_EQ");
        await RefusedAsync("model_id: is missing", "events", "publish", "fragility-computed", "--market", "US_EQ");
        await RefusedAsync("horizon_days: is missing", "events", "publish", "generate-scenario-set");
    }

    private async Task PublishedAsync<T>(string queue, string[] words, Func<JsonElement, bool> isIt)
        where T : class
    {
        JsonElement said = await JsonAsync(["events", "publish", .. words]);
        Assert.Equal(ContractNames.Of<T>().Exchange, said.GetProperty("exchange").GetString());
        await using IConnection connection = await new ConnectionFactory
        {
            Uri = services.Rabbit.Address,
        }.CreateConnectionAsync(Ct);
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Ct);
        BasicGetResult got = (await channel.BasicGetAsync(queue, autoAck: true, Ct))!;
        Assert.NotNull(got);
        Assert.Equal(said.GetProperty("message_id").GetString(), got.BasicProperties.MessageId);
        var body = JsonSerializer.Deserialize<JsonElement>(got.Body.Span);
        Assert.True(isIt(body), body.ToString());
        Assert.True(ContractReader.Read<T>(got.Body.Span).Ok);
    }

    /// <summary>Two names, one sold short: a consumer's own portfolio, against the relation.</summary>
    private async Task RiskOfAPortfolioAsync(Guid id)
    {
        string[] held = [.. (await InstrumentsAsync(id)).Take(2)];
        string file = Path.Combine(_root, "pair.csv");
        await File.WriteAllTextAsync(file, $"instrument_id,weight\n{held[0]},1.5\n{held[1]},-0.5\n", Ct);
        double[] pnl = await PnlAsync(id, (held[0], 1.5), (held[1], -0.5));

        CliRun run = await CliRun.ProcessAsync(
            RiskConsumer,
            Environment,
            Ct,
            "--set-id",
            $"{id}",
            "--portfolio",
            file,
            "--json"
        );
        Assert.True(run.Code == ExitCodes.Ok, run.Error);
        JsonElement report = JsonSerializer.Deserialize<JsonElement>(run.Output);
        Assert.Equal("pair", report.GetProperty("portfolio_name").GetString());
        JsonElement risk = report.GetProperty("risk");
        // One sum by SQL in numeric's 15 digits, one by the consumer.
        Assert.Equal(-pnl[(pnl.Length + 19) / 20 - 1], risk.GetProperty("var95").GetDouble(), 1e-12);
        Assert.Equal(pnl[0], risk.GetProperty("worst").GetDouble(), 1e-12);

        await File.AppendAllTextAsync(file, "EQUITY:NOPE,1\n", Ct);
        CliRun refused = await CliRun.ProcessAsync(
            RiskConsumer,
            Environment,
            Ct,
            "--set-id",
            $"{id}",
            "--portfolio",
            file
        );
        Assert.NotEqual(ExitCodes.Ok, refused.Code);
        Assert.Contains("does not cover EQUITY:NOPE", refused.Error, StringComparison.Ordinal);
    }

    private static string RiskConsumer => typeof(Portfolio).Assembly.Location;

    private Dictionary<string, string> Environment =>
        new()
        {
            ["SYNTHETIC_ROOT"] = _root,
            ["SYNTHETIC_POSTGRES"] = services.Postgres.ConnectionString,
            ["SYNTHETIC_RABBITMQ"] = services.Rabbit.Address.AbsoluteUri,
        };

    private InProcessCli Cli => new(_root, Environment);

    /// <summary>The demo as a process of its own; returns its standard output.</summary>
    private async Task<string> DemoAsync(params string[] options)
    {
        CliRun run = await CliRun.ProcessAsync(
            typeof(CliRoot).Assembly.Location,
            Environment,
            Ct,
            ["demo", .. options]
        );
        Assert.True(run.Code == ExitCodes.Ok, $"demo ended with {run.Code}: {run.Error}");
        return run.Output;
    }

    private async Task RefusedAsync(string line, params string[] arguments)
    {
        CliRun run = await Cli.RunAsync(arguments);
        Assert.Equal(ExitCodes.Refused, run.Code);
        Assert.Empty(run.Output);
        Assert.Contains(line, run.Error, StringComparison.Ordinal);
    }

    private async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        CliRun run = await Cli.RunAsync([.. arguments, "--json"]);
        Assert.True(run.Code == ExitCodes.Ok, $"{string.Join(' ', arguments)} ended with {run.Code}: {run.Error}");
        return JsonSerializer.Deserialize<JsonElement>(run.Output);
    }

    private static void AssertNarrow(string text) =>
        Assert.All(text.Split('\n'), l => Assert.True(l.TrimEnd('\r').Length <= CliConsole.PlainWidth, l));

    private async Task<List<string>> InstrumentsAsync(Guid id)
    {
        await using NpgsqlCommand select = services.Postgres.DataSource.CreateCommand(
            """
            SELECT instrument_id FROM scenario_paths
            WHERE scenario_set_id = $1 AND scenario_id = 0 AND horizon_index = 0 AND instrument_id IS NOT NULL
            ORDER BY 1
            """
        );
        select.Parameters.Add(new() { Value = id });
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(Ct);
        var ids = new List<string>();
        while (await reader.ReadAsync(Ct))
            ids.Add(reader.GetString(0));
        return ids;
    }

    /// <summary>P&amp;L of each path, ascending; of all instruments equally weighted when no position is given.</summary>
    private async Task<double[]> PnlAsync(Guid id, params (string Instrument, double Weight)[] positions)
    {
        await using NpgsqlCommand select = services.Postgres.DataSource.CreateCommand(
            """
            SELECT CASE WHEN cardinality($2) = 0 THEN avg(growth - 1)
                   ELSE sum((growth - 1) * ($3)[array_position($2, instrument_id)]) END
            FROM (
              SELECT scenario_id, instrument_id, exp(sum(ln(1 + "return"::float8))) AS growth
              FROM scenario_paths WHERE scenario_set_id = $1 AND instrument_id IS NOT NULL AND horizon_index > 0
              GROUP BY scenario_id, instrument_id) g
            GROUP BY scenario_id ORDER BY 1
            """
        );
        select.Parameters.Add(new() { Value = id });
        select.Parameters.Add(new() { Value = positions.Select(p => p.Instrument).ToArray() });
        select.Parameters.Add(new() { Value = positions.Select(p => p.Weight).ToArray() });
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(Ct);
        var pnl = new List<double>();
        while (await reader.ReadAsync(Ct))
            pnl.Add(reader.GetDouble(0));
        return [.. pnl];
    }

    private async Task AgreesWithTheRelationAsync(Guid id, JsonElement cells)
    {
        foreach (JsonElement cell in cells.EnumerateArray().Where((_, i) => i % 13 == 0))
        {
            await using NpgsqlCommand select = services.Postgres.DataSource.CreateCommand(
                """
                SELECT "return"::float8, price::float8 FROM scenario_paths
                WHERE scenario_set_id = $1 AND scenario_id = $2 AND horizon_index = $3
                  AND coalesce(instrument_id, factor_id, macro_id) = $4
                """
            );
            select.Parameters.Add(new() { Value = id });
            select.Parameters.Add(new() { Value = cell.GetProperty("scenario_id").GetInt32() });
            select.Parameters.Add(new() { Value = cell.GetProperty("horizon_index").GetInt32() });
            string driver = new[] { "instrument_id", "factor_id", "macro_id" }
                .Select(k => cell.GetProperty(k).GetString())
                .First(v => v is not null)!;
            select.Parameters.Add(new() { Value = driver });
            await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(Ct);
            Assert.True(await reader.ReadAsync(Ct));
            // The relation's numeric keeps 15 digits.
            Assert.Equal(reader.GetDouble(0), cell.GetProperty("return").GetDouble(), 1e-14);
            if (!reader.IsDBNull(1))
                Assert.Equal(1, cell.GetProperty("price").GetDouble() / reader.GetDouble(1), 1e-12);
        }
    }

    /// <summary>An empty database and an empty virtual host.</summary>
    public sealed class Services : IAsyncLifetime
    {
        public PostgresFixture Postgres { get; } = new();

        public RabbitMqFixture Rabbit { get; } = new();

        public async ValueTask InitializeAsync()
        {
            await Postgres.InitializeAsync();
            await Rabbit.InitializeAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await Postgres.DisposeAsync();
            await Rabbit.DisposeAsync();
        }
    }
}
