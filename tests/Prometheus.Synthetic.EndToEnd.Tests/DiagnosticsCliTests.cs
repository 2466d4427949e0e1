using System.Globalization;
using System.Text;
using System.Text.Json;
using Npgsql;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>
/// What an operator, a gate and a reader by SQL are told about sets: every command a process of its own, on an imported
/// market of four instruments that share a heavy-tailed factor.
/// </summary>
public sealed class DiagnosticsCliTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int Days = 900;
    private const string History = "SEVERITY_BLOCKS";
    private const string Single = "SEVERITY_DAYS";

    // The market's t has three degrees of freedom: ξ = 1/3. A figure of 1.4 has no variance, and no set of its days has it.
    private const string Checks =
        """[{"id":"EQUITY:A","shape":0.33,"standard_error":0.1,"source":"desk, 2022-Q4"},{"id":"EQUITY:B","shape":1.4,"tail":"upper"},{"id":"EQUITY:A","kind":"gev","location":0.5,"scale":0.1,"shape":0.1,"block_days":21}]""";

    private readonly string _root = Directory.CreateTempSubdirectory("synthetic-diagnostics-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Show_compare_battery_and_the_reader_s_SQL_tell_the_same()
    {
        try
        {
            await OkAsync("migrate");
            string csv = Path.Combine(_root, "market.csv");
            await File.WriteAllTextAsync(csv, Csv(), Ct);
            await OkAsync("import", csv, "--values", "returns", "--as", "instruments", "--market", "US_EQ");
            await RefusedSeverityAsync();
            string blocks = await GenerateAsync(History, $$"""{"block_length":10,"severity_checks":{{Checks}}}""");
            string days = await GenerateAsync(Single, """{"scheme":"moving","block_length":1}""");

            await ShownAsync(blocks);
            await ComparedAsync(blocks, days);
            await BatteryAsync(blocks, days);
        }
        finally
        {
            Directory.Delete(_root, recursive: true);
        }
    }

    private async Task RefusedSeverityAsync()
    {
        CliRun run = await RunAsync(
            Generate("REFUSED", """{"severity_checks":[{"id":"EQUITY:AA","shape":0.3},{"id":"EQUITY:B"}]}""")
        );
        Assert.Equal(ExitCodes.Refused, run.Code);
        Assert.Contains("generator_spec.severity_checks[1].shape", run.Error, StringComparison.Ordinal);
        // What needs the data to be known is refused before anything is opened.
        run = await RunAsync(Generate("REFUSED", """{"severity_checks":[{"id":"EQUITY:AA","shape":0.3}]}"""));
        Assert.Equal(ExitCodes.Refused, run.Code);
        Assert.Contains("generator_spec.severity_checks[0].id", run.Error, StringComparison.Ordinal);
        Assert.Contains("did you mean 'EQUITY:A'", run.Error, StringComparison.Ordinal);
        await AgreesAsync(["0"], "SELECT count(*)::text FROM scenario_set_diagnostics");
    }

    private async Task ShownAsync(string id)
    {
        JsonElement shown = await JsonAsync("sets", "show", id);
        JsonElement report = shown.GetProperty("diagnostics").GetProperty("report");
        JsonElement[] severity = [.. report.GetProperty("severity").EnumerateArray()];
        Assert.Equal(["PASS", "LIGHTER", "LIGHTER"], severity.Select(s => s.GetProperty("verdict").GetString()!));
        Assert.Equal("desk, 2022-Q4", severity[0].GetProperty("source").GetString());
        await AgreesAsync(
            severity.Select(s => $"{s.GetProperty("subject")} {s.GetProperty("tail")} {s.GetProperty("verdict")}"),
            $"SELECT subject || ' ' || tail || ' ' || verdict FROM scenario_set_severity WHERE scenario_set_id = '{id}'"
        );
        await AgreesAsync(
            severity.Select(s => $"{s.GetProperty("observed").GetDouble():0.000000}"),
            $"SELECT to_char(observed, 'FM0.000000') FROM scenario_set_severity WHERE scenario_set_id = '{id}'"
        );
        await AgreesAsync(
            report
                .GetProperty("fidelity")
                .EnumerateArray()
                .Select(c => $"{c.GetProperty("name")} {c.GetProperty("verdict")}"),
            $"SELECT check_name || ' ' || verdict FROM scenario_set_checks WHERE scenario_set_id = '{id}'"
        );
        await AgreesAsync(
            report
                .GetProperty("coverage")
                .GetProperty("gaps")
                .EnumerateArray()
                .Select(g => $"{g.GetProperty("dimension")} {g.GetProperty("trait")} {g.GetProperty("filled_by")}"),
            $"SELECT dimension || ' ' || trait || ' ' || filled_by FROM scenario_set_gaps WHERE scenario_set_id = '{id}'"
        );

        await AgreesAsync(
            report
                .GetProperty("coverage")
                .GetProperty("region_gaps")
                .EnumerateArray()
                .Select(g => $"{g.GetProperty("tail")} {g.GetProperty("spectrum")} {g.GetProperty("filled_by")}"),
            $"SELECT tail || ' ' || spectrum || ' ' || filled_by FROM scenario_set_region_gaps WHERE scenario_set_id = '{id}'"
        );

        string text = await OkAsync("sets", "show", History);
        Narrow(text);
        Assert.Contains("| EQUITY:B, upper tail |", Collapsed(text), StringComparison.Ordinal);
        Assert.Contains("LIGHTER", text, StringComparison.Ordinal);
        Assert.Contains("Coverage: ", text, StringComparison.Ordinal);
        Assert.Contains("Memorisation: ", text, StringComparison.Ordinal);
    }

    /// <summary>Ten-day blocks keep what clustering history has, single days lose it; the marginal figures are alike.</summary>
    private async Task ComparedAsync(string blocks, string days)
    {
        JsonElement compared = await JsonAsync("sets", "compare", blocks, days);
        Assert.Equal(blocks, compared.GetProperty("first").GetProperty("scenario_set_id").GetString());
        Dictionary<string, string> verdicts = compared
            .GetProperty("comparison")
            .GetProperty("checks")
            .EnumerateArray()
            .ToDictionary(c => c.GetProperty("name").GetString()!, c => c.GetProperty("verdict").GetString()!);
        Assert.Equal("DIFFERENT", verdicts["autocorrelation_abs"]);
        Assert.Equal("ALIKE", verdicts["lower_tail"]);
        JsonElement coverage = compared.GetProperty("coverage");
        Assert.InRange(coverage.GetProperty("common_probability").GetDouble(), 0.01, 0.999);
        Assert.True(coverage.GetProperty("both").GetInt32() > 0);

        string text = await OkAsync("sets", "compare", $"{History}:1", Single);
        Narrow(text);
        Assert.Contains("DIFFERENT", text, StringComparison.Ordinal);
        CliRun unknown = await RunAsync("sets", "compare", History, "NO_SUCH_SET");
        Assert.Equal(ExitCodes.Refused, unknown.Code);
        Assert.Contains("NO_SUCH_SET", unknown.Error, StringComparison.Ordinal);
    }

    private async Task BatteryAsync(string blocks, string days)
    {
        string needs = Path.Combine(_root, "gate.yaml");
        await File.WriteAllTextAsync(
            needs,
            "name: WIDE\ncategories: [BOOTSTRAP]\ntraits:\n  radius: [CENTRAL]\nhistory_share: 0.2\nmin_paths: 700\n",
            Ct
        );
        CliRun covered = await RunAsync("sets", "battery", blocks, days, "--needs", needs, "--json");
        Assert.True(covered.Code == ExitCodes.Ok, covered.Output + covered.Error);
        JsonElement report = JsonSerializer.Deserialize<JsonElement>(covered.Output).GetProperty("report");
        Assert.True(report.GetProperty("covered").GetBoolean());
        Assert.Equal(800, report.GetProperty("paths").GetInt32());

        await File.WriteAllTextAsync(
            needs,
            "name: STRICT\ncategories: [BOOTSTRAP, FRAGILITY_ADVERSARIAL]\nhistory_share: 1\n",
            Ct
        );
        CliRun lacking = await RunAsync("sets", "battery", "--market", "US_EQ", "--needs", needs);
        Assert.Equal(ExitCodes.NotCovered, lacking.Code);
        Narrow(lacking.Output);
        Assert.Contains("NOT COVERED: STRICT", lacking.Output, StringComparison.Ordinal);
        Assert.Contains("FRAGILITY_ADVERSARIAL", lacking.Output, StringComparison.Ordinal);

        await File.WriteAllTextAsync(needs, "traits:\n  tail: [FATT]\n", Ct);
        CliRun refused = await RunAsync("sets", "battery", "--market", "US_EQ", "--needs", needs);
        Assert.Equal(ExitCodes.Refused, refused.Code);
        Assert.Contains("did you mean 'FAT'", refused.Error, StringComparison.Ordinal);
    }

    /// <summary>Volatility in spells of thirty days, so that there is clustering to keep or lose.</summary>
    private static string Csv()
    {
        var csv = new StringBuilder("date,A,B,C,D\n");
        var stream = new PhiloxStream(77);
        var t = new StudentT(3.0);
        DateOnly day = new DateOnly(2022, 12, 28).AddDays(1 - Days);
        for (int i = 0; i < Days; i++, day = day.AddDays(1))
        {
            csv.Append(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            double spell = i / 30 % 2 == 0 ? 0.5 : 1.5;
            double factor = t.QuantileOfScore(stream.Normal(0, i, DrawPurpose.SimulatedMarket));
            for (uint k = 1; k <= 4; k++)
            {
                double own = stream.Normal(0, i, DrawPurpose.SimulatedMarket, k);
                csv.Append(CultureInfo.InvariantCulture, $",{Math.Max(-0.9, 0.008 * spell * (factor + 0.3 * own)):R}");
            }

            csv.Append('\n');
        }

        return csv.ToString();
    }

    private static string[] Generate(string name, string spec) =>
        [
            "generate",
            "--local",
            "--name",
            name,
            "--category",
            "BOOTSTRAP",
            "--market",
            "US_EQ",
            "--horizon-days",
            "20",
            "--num-paths",
            "400",
            "--as-of",
            "2022-12-28",
            "--generator-spec",
            spec,
        ];

    private async Task<string> GenerateAsync(string name, string spec)
    {
        JsonElement made = JsonSerializer.Deserialize<JsonElement>(await OkAsync([.. Generate(name, spec), "--json"]));
        return made.GetProperty("id").GetString()!;
    }

    private Task<CliRun> RunAsync(params string[] arguments) =>
        CliRun.ProcessAsync(
            typeof(CliRoot).Assembly.Location,
            new Dictionary<string, string>
            {
                ["SYNTHETIC_ROOT"] = _root,
                ["SYNTHETIC_POSTGRES"] = postgres.ConnectionString,
            },
            Ct,
            arguments
        );

    private async Task<string> OkAsync(params string[] arguments)
    {
        CliRun run = await RunAsync(arguments);
        Assert.True(run.Code == ExitCodes.Ok, $"{string.Join(' ', arguments)} ended with {run.Code}: {run.Error}");
        return run.Output;
    }

    private async Task<JsonElement> JsonAsync(params string[] arguments) =>
        JsonSerializer.Deserialize<JsonElement>(await OkAsync([.. arguments, "--json"]));

    /// <summary>The rows that the reader's role gets are what the command told.</summary>
    private async Task AgreesAsync(IEnumerable<string> told, string sql)
    {
        await using NpgsqlConnection connection = await postgres.DataSource.OpenConnectionAsync(Ct);
        await using (var become = new NpgsqlCommand("SET ROLE synthetic_reader", connection))
            await become.ExecuteNonQueryAsync(Ct);
        await using var query = new NpgsqlCommand(sql, connection);
        await using NpgsqlDataReader reader = await query.ExecuteReaderAsync(Ct);
        var rows = new List<string>();
        while (await reader.ReadAsync(Ct))
            rows.Add(reader.GetString(0));
        Assert.Equal(told, rows);
    }

    private static string Collapsed(string text) =>
        string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static void Narrow(string text) =>
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 100, line));
}
