using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>
/// The demo as a newcomer runs it, as a process with a state folder of its own, and the library commands on what it made.
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
            JsonElement first = await JsonAsync("demo", "--json");
            Assert.False(first.GetProperty("existed").GetBoolean());
            JsonElement set = first.GetProperty("set");
            string id = set.GetProperty("id").GetString()!;
            Assert.Equal("SEALED", set.GetProperty("status").GetString());
            Assert.Equal(1, set.GetProperty("version").GetInt32());
            string chart = first.GetProperty("chart").GetString()!;
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(chart)[..4]);
            string risk = first.GetProperty("risk_line").GetString()!;
            Assert.Contains("VaR95", risk, StringComparison.Ordinal);
            Assert.Contains(set.GetProperty("name").GetString() + " v1", risk, StringComparison.Ordinal);

            // The same figures by an independent route: SQL does the compounding, order statistics the rest.
            double[] pnl = await PnlAsync(Guid.Parse(id));
            Assert.Equal(set.GetProperty("num_paths").GetInt32(), pnl.Length);
            double var = -pnl[(pnl.Length + 19) / 20 - 1];
            Assert.Contains(FormattableString.Invariant($"VaR95 {var:0.00%}"), risk, StringComparison.Ordinal);

            (int code, string text, _) = await RunAsync("demo");
            Assert.Equal(ExitCodes.Ok, code);
            Assert.Contains("exists already", text, StringComparison.Ordinal);
            Assert.Contains(id, text, StringComparison.Ordinal);
            Assert.Contains(risk, text, StringComparison.Ordinal);

            JsonElement list = await JsonAsync(
                "sets",
                "list",
                "--market",
                "US_EQ",
                "--category",
                "BOOTSTRAP",
                "--json"
            );
            Assert.Equal(1, list.GetProperty("total").GetInt32());
            Assert.Equal(
                0,
                (await JsonAsync("sets", "list", "--tag", "NO_SUCH_TAG", "--json")).GetProperty("total").GetInt32()
            );
            string name = set.GetProperty("name").GetString()!;
            foreach (string reference in new[] { id, id[..8], name, name + ":1" })
                Assert.Equal(id, (await JsonAsync("sets", "show", reference, "--json")).GetProperty("id").GetString());

            JsonElement page = await JsonAsync("sets", "paths", id, "--path", "7", "--limit", "40", "--json");
            Assert.Equal(40, page.GetProperty("cells").GetArrayLength());
            await AgreesWithTheRelationAsync(Guid.Parse(id), page.GetProperty("cells"));
            foreach (string kind in new[] { "fan", "histogram", "correlation" })
            {
                string file = Path.Combine(_root, kind + ".svg");
                Assert.Equal(
                    ExitCodes.Ok,
                    (await RunAsync("sets", "plot", id, "--kind", kind, "--theme", "dark", "--out", file)).Code
                );
                Assert.Contains("<svg", File.ReadAllText(file), StringComparison.Ordinal);
            }

            await RefusedAsync("set: 'no-such-set'", "sets", "show", "no-such-set");
            await RefusedAsync("--path: 100000 was given", "sets", "paths", id, "--path", "100000");
            await RefusedAsync("--driver: 'EQUITY:NOPE'", "sets", "plot", id, "--driver", "EQUITY:NOPE");
            await RefusedAsync("month: is missing", "events", "publish", "monthly-refresh-due", "--market", "US_EQ");
        }
        finally
        {
            Directory.Delete(_root, recursive: true);
        }
    }

    private async Task RefusedAsync(string line, params string[] arguments)
    {
        (int code, string output, string error) = await RunAsync(arguments);
        Assert.Equal(ExitCodes.Refused, code);
        Assert.Empty(output);
        Assert.Contains(line, error, StringComparison.Ordinal);
    }

    private async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        (int code, string output, string error) = await RunAsync(arguments);
        Assert.True(code == ExitCodes.Ok, $"{string.Join(' ', arguments)} ended with {code}: {error}");
        return JsonSerializer.Deserialize<JsonElement>(output);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["SYNTHETIC_ROOT"] = _root,
                ["SYNTHETIC_POSTGRES"] = services.Postgres.ConnectionString,
                ["SYNTHETIC_RABBITMQ"] = services.Rabbit.Address.AbsoluteUri,
            },
        };
        start.ArgumentList.Add(typeof(CliRoot).Assembly.Location);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(Ct);
        Task<string> error = process.StandardError.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Equal-weight P&amp;L of each path, ascending.</summary>
    private async Task<double[]> PnlAsync(Guid id)
    {
        await using NpgsqlCommand select = services.Postgres.DataSource.CreateCommand(
            """
            SELECT avg(growth) - 1 FROM (
              SELECT scenario_id, exp(sum(ln(1 + "return"::float8))) AS growth
              FROM scenario_paths WHERE scenario_set_id = $1 AND instrument_id IS NOT NULL AND horizon_index > 0
              GROUP BY scenario_id, instrument_id) g
            GROUP BY scenario_id ORDER BY 1
            """
        );
        select.Parameters.Add(new() { Value = id });
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
