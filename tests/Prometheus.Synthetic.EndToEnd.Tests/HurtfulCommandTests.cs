using System.Globalization;
using System.Text;
using System.Text.Json;
using Marten;
using Npgsql;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>
/// The commands around definitions, hand-written sets, overlays, mixtures, views and plausibility, each as a process of
/// its own on a made-up market.
/// </summary>
public sealed class HurtfulCommandTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private const string AsOf = "2022-12-28";
    private readonly string _folder = Directory.CreateTempSubdirectory("synthetic-hurt-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Definitions_are_listed_shown_and_checked_without_any_service()
    {
        CliRun list = await RunAsync("definitions", "list");
        Assert.Equal(ExitCodes.Ok, list.Code);
        Assert.Contains("FED_2025_SEVERELY_ADVERSE", list.Output, StringComparison.Ordinal);
        Assert.All(list.Output.Split('\n'), line => Assert.InRange(line.TrimEnd('\r').Length, 0, 100));
        JsonElement listed = Json(await RunAsync("definitions", "list", "--json"));
        Assert.Contains(
            listed.EnumerateArray(),
            d => d.GetProperty("name").GetString() == "GFC_2008" && d.GetProperty("kind").GetString() == "crisis"
        );

        JsonElement shown = Json(await RunAsync("definitions", "show", "FED_2025_SEVERELY_ADVERSE", "--json"));
        Assert.StartsWith("sha256:", shown.GetProperty("hash").GetString(), StringComparison.Ordinal);
        Assert.Equal(16, shown.GetProperty("content").GetProperty("series").GetArrayLength());
        CliRun unknown = await RunAsync("definitions", "show", "FED_2025_SEVERLY_ADVERSE");
        Assert.Equal(ExitCodes.Refused, unknown.Code);
        Assert.Contains("FED_2025_SEVERELY_ADVERSE", unknown.Error, StringComparison.Ordinal);

        string good = Write("desk.csv", "path,id,step,value\ndown,EQUITY:A,1,-0.1\n");
        Assert.Contains("sound: DESK version 1 (custom)", (await RunAsync("definitions", "check", good)).Output);
        string bad = Write(
            "bad.yaml",
            "kind: regulatory\nname: BAD\ntitle: t\nstart_quarter: 2024Q4\nseries:\n  - { id: A, unit: bps, start: 1, values: { 2024Q4: 2 } }\n"
        );
        CliRun wrong = await RunAsync("definitions", "check", good, bad, Path.Combine(_folder, "none.yaml"));
        Assert.Equal(ExitCodes.Refused, wrong.Code);
        foreach (
            string field in new[] { "bad.yaml.source", "bad.yaml.series[0].unit", "values.2024Q4", "none.yaml" }
        )
            Assert.Contains(field, wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_command_makes_a_set_of_paths_written_by_hand_and_another_reads_its_plausibility()
    {
        await ReadyAsync();
        string yaml = Write(
            "desk.yaml",
            """
            kind: custom
            name: DESK_DOWN
            title: Two bad weeks
            paths:
              - name: gap
                probability: 0.4
                shocks:
                  - { ids: ["EQUITY:A"], first_step: 2, values: [-0.12] }
              - name: slow
                probability: 0.6
                shocks:
                  - { ids: ["EQUITY:A", "EQUITY:B"], values: [-0.02, -0.03, -0.02] }
            """
        );
        JsonElement first = await GenerateAsync("--definition", yaml);
        Assert.Equal(
            ("CUSTOM", "DESK_DOWN", 2, 3, 1),
            (
                first.GetProperty("category").GetString(),
                first.GetProperty("name").GetString(),
                first.GetProperty("num_paths").GetInt32(),
                first.GetProperty("horizon_days").GetInt32(),
                first.GetProperty("version").GetInt32()
            )
        );
        Assert.Equal(-0.12m, await CellAsync(first, 0, "EQUITY:A", 2));
        // Not named, so it follows: the names have a factor in common.
        Assert.True(await CellAsync(first, 0, "EQUITY:C", 2) < -0.005m);

        // The same paths as a table: the same definition, the same request, no second set.
        string csv = Write(
            "desk.csv",
            """
            # name: DESK_DOWN
            # title: Two bad weeks
            path,probability,id,step,value
            gap,0.4,EQUITY:A,2,-0.12
            slow,0.6,EQUITY:A,1,-0.02
            slow,0.6,EQUITY:A,2,-0.03
            slow,0.6,EQUITY:A,3,-0.02
            slow,0.6,EQUITY:B,1,-0.02
            slow,0.6,EQUITY:B,2,-0.03
            slow,0.6,EQUITY:B,3,-0.02
            """
        );
        JsonElement second = await GenerateAsync("--definition", csv, "--name", "DESK_DOWN_TABLE");
        Assert.Equal("DESK_DOWN_TABLE", second.GetProperty("name").GetString());
        Assert.Equal(await CellAsync(first, 1, "EQUITY:C", 3), await CellAsync(second, 1, "EQUITY:C", 3));
        JsonElement again = await GenerateAsync("--definition", yaml);
        Assert.Equal(Id(first), Id(again));

        CliRun plausibility = await RunAsync("sets", "plausibility", "DESK_DOWN");
        Assert.Equal(ExitCodes.Ok, plausibility.Code);
        Assert.Contains("worst_day_distance", plausibility.Output, StringComparison.Ordinal);
        Assert.Contains("slow", plausibility.Output, StringComparison.Ordinal);
        Assert.All(plausibility.Output.Split('\n'), line => Assert.InRange(line.TrimEnd('\r').Length, 0, 100));

        long sets = await CountAsync();
        string wrong = Write("wrong.csv", "path,id,step,value,unit\na,EQUITY:NONE,1,-0.1,\nb,EQUITY:A,70,0.1,\n");
        CliRun refused = await TryGenerateAsync("--definition", wrong);
        Assert.Equal(ExitCodes.Refused, refused.Code);
        Assert.Contains("wrong.csv line 3", refused.Error, StringComparison.Ordinal);
        wrong = Write("wrong.csv", "path,id,step,value\na,EQUITY:NONE,1,-0.1\n");
        refused = await TryGenerateAsync("--definition", wrong);
        Assert.Equal(ExitCodes.Refused, refused.Code);
        Assert.Contains("paths[0].shocks[0]", refused.Error, StringComparison.Ordinal);
        refused = await TryGenerateAsync("--definition", yaml, "--category", "BOOTSTRAP");
        Assert.Equal(ExitCodes.Refused, refused.Code);
        Assert.Contains("category", refused.Error, StringComparison.Ordinal);
        Assert.Equal(sets, await CountAsync());
    }

    [Fact]
    public async Task Adversarial_sets_overlays_mixtures_and_views_by_command()
    {
        await ReadyAsync();
        JsonElement attack = await GenerateAsync(
            "--name",
            "ATTACK",
            "--category",
            "FRAGILITY_ADVERSARIAL",
            "--horizon-days",
            "5",
            "--num-paths",
            "12",
            "--generator-spec",
            """{"targets":[{"entity_type":"POSITION","entity_id":"EQUITY:A","soft_target_score":0.9}],"radius":3}"""
        );
        Assert.True(attack.GetProperty("defensive_test").GetBoolean());
        string name = attack.GetProperty("name").GetString()!;
        CliRun told = await RunAsync("sets", "plausibility", name);
        Assert.Contains("a defensive test", told.Output, StringComparison.Ordinal);
        Assert.Contains("worst_case gap", told.Output, StringComparison.Ordinal);
        JsonElement facts = Json(await RunAsync("sets", "plausibility", name, "--json"));
        Assert.True(facts.GetProperty("defensive_test").GetBoolean());
        Assert.True(
            facts.GetProperty("loss").GetProperty("attacked_against_market").GetProperty("p_value").GetDouble() < 0.01
        );
        Assert.Equal(12, facts.GetProperty("paths").GetArrayLength());
        CliRun stripped = await TryGenerateAsync(
            "--name",
            "STRIPPED",
            "--category",
            "FRAGILITY_ADVERSARIAL",
            "--horizon-days",
            "5",
            "--num-paths",
            "12",
            "--generator-spec",
            """{"defensive_test":false}"""
        );
        Assert.Equal(ExitCodes.Refused, stripped.Code);
        Assert.Contains("generator_spec.defensive_test", stripped.Error, StringComparison.Ordinal);

        JsonElement plain = await MakeAsync("PLAIN", "BOOTSTRAP", """{"block_length":5}""");
        CliRun none = await RunAsync("sets", "plausibility", "PLAIN");
        Assert.Equal(ExitCodes.Refused, none.Code);
        JsonElement laid = await MakeAsync(
            "LAID",
            "SHOCK_OVERLAY",
            "{\"baseline\":{\"scenario_set_id\":\"" + Id(plain) + "\"},\"overlays\":[{\"type\":\"CRASH_GAP\",\"day\":2}]}"
        );
        Assert.Contains("CRASH_GAP", (await RunAsync("sets", "plausibility", "LAID")).Output);
        JsonElement mixed = await MakeAsync(
            "MIXED",
            "CUSTOM",
            "{\"mixture\":[{\"scenario_set_id\":\""
                + Id(plain)
                + "\",\"weight\":0.7},{\"scenario_set_id\":\""
                + Id(attack)
                + "\",\"weight\":0.3}]}"
        );
        // What holds adversarial paths is a defensive test itself.
        Assert.True(mixed.GetProperty("defensive_test").GetBoolean());
        JsonElement views = await MakeAsync(
            "VIEWED",
            "CUSTOM",
            "{\"scenario_set_id\":\"" + Id(laid) + "\",\"views\":[{\"driver\":\"EQUITY:A\",\"value\":-0.2}]}"
        );
        Assert.InRange(
            views.GetProperty("generator_report").GetProperty("effective_scenarios").GetDouble(),
            1.0,
            12.0
        );
        CliRun infeasible = await TryMakeAsync(
            "NEVER",
            "CUSTOM",
            "{\"scenario_set_id\":\"" + Id(laid) + "\",\"views\":[{\"driver\":\"EQUITY:A\",\"value\":5}]}"
        );
        Assert.Equal(ExitCodes.Refused, infeasible.Code);
        Assert.Contains("generator_spec.views[0].value", infeasible.Error, StringComparison.Ordinal);
    }

    private Task<CliRun> RunAsync(params string[] arguments) =>
        CliRun.ProcessAsync(
            typeof(CliRoot).Assembly.Location,
            new Dictionary<string, string> { ["SYNTHETIC_POSTGRES"] = postgres.ConnectionString },
            Ct,
            arguments
        );

    private Task<CliRun> TryGenerateAsync(params string[] arguments) =>
        RunAsync(["generate", "--local", "--market", "US_EQ", "--as-of", AsOf, "--json", .. arguments]);

    private async Task<JsonElement> GenerateAsync(params string[] arguments) =>
        Json(await TryGenerateAsync(arguments));

    private Task<CliRun> TryMakeAsync(string name, string category, string spec) =>
        TryGenerateAsync(
            "--name",
            name,
            "--category",
            category,
            "--horizon-days",
            "5",
            "--num-paths",
            "12",
            "--generator-spec",
            spec
        );

    private async Task<JsonElement> MakeAsync(string name, string category, string spec) =>
        Json(await TryMakeAsync(name, category, spec));

    private static JsonElement Json(CliRun run)
    {
        Assert.True(run.Code == ExitCodes.Ok, run.Error);
        return JsonSerializer.Deserialize<JsonElement>(run.Output);
    }

    private static Guid Id(JsonElement set) => set.GetProperty("id").GetGuid();

    private string Write(string name, string text)
    {
        string file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }

    private async Task<decimal> CellAsync(JsonElement set, int path, string instrument, int step)
    {
        await using NpgsqlCommand command = postgres.DataSource.CreateCommand(
            """SELECT "return" FROM scenario_paths WHERE scenario_set_id = $1 AND scenario_id = $2 AND instrument_id = $3 AND horizon_index = $4"""
        );
        command.Parameters.Add(new() { Value = Id(set) });
        command.Parameters.Add(new() { Value = path });
        command.Parameters.Add(new() { Value = instrument });
        command.Parameters.Add(new() { Value = step });
        return (decimal)(await command.ExecuteScalarAsync(Ct))!;
    }

    private async Task<long> CountAsync()
    {
        await using NpgsqlCommand command = postgres.DataSource.CreateCommand(
            "SELECT count(*) FROM synthetic.mt_doc_scenario_set"
        );
        return (long)(await command.ExecuteScalarAsync(Ct))!;
    }

    /// <summary>A migrated database with six names that share a factor, 300 days; the first test makes it.</summary>
    private async Task ReadyAsync()
    {
        await using DocumentStore store = SyntheticDocumentStore.Create(postgres.DataSource, SagaDocuments.All);
        await new SchemaMigrator(postgres.DataSource, store, new StorageOptions(), TimeProvider.System).MigrateAsync(
            Ct
        );
        await MarketSchema.EnsureAsync(postgres.DataSource, new MarketTables(), Ct);
        var csv = new StringBuilder("date,A,B,C,D,E,F\n");
        var stream = new PhiloxStream(3);
        DateOnly day = DateOnly.Parse(AsOf, CultureInfo.InvariantCulture).AddDays(-299);
        for (int t = 0; t < 300; t++, day = day.AddDays(1))
        {
            csv.Append(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            double market = 0.01 * stream.Normal(1, t, DrawPurpose.SimulatedMarket);
            for (uint k = 0; k < 6; k++)
                csv.Append(',')
                    .Append(
                        (market + 0.01 * stream.Normal(0, t, DrawPurpose.SimulatedMarket, k)).ToString(
                            "R",
                            CultureInfo.InvariantCulture
                        )
                    );
            csv.Append('\n');
        }

        CliRun imported = await RunAsync(
            "import",
            Write("returns.csv", csv.ToString()),
            "--values",
            "returns",
            "--as",
            "instruments"
        );
        Assert.True(imported.Code == ExitCodes.Ok, imported.Error);
    }
}
