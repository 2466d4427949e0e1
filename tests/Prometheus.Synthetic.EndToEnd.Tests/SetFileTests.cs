using System.Globalization;
using System.Text.Json;
using Npgsql;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>
/// An operator's day with one hand-made set, every command a process of its own: brought in, announced, exported, altered
/// behind the triggers and found out, evicted, brought back.
/// </summary>
public sealed class SetFileTests : IAsyncLifetime
{
    private const string Name = "DESK_STRESS_3D";
    private readonly string _folder = Directory.CreateTempSubdirectory("synthetic-sets").FullName;
    private readonly PostgresFixture _postgres = new();
    private readonly RabbitMqFixture _rabbit = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        await _rabbit.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _postgres.DisposeAsync();
        await _rabbit.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_hand_made_set_is_announced_guarded_exported_evicted_and_brought_back()
    {
        await OkAsync("migrate");
        await ExecuteAsync(
            """
            INSERT INTO markets (market_id, name, region, timezone) VALUES ('DESK', 'desk', 'US', 'UTC');
            INSERT INTO instruments (instrument_id, market_id, asset_class, symbol, currency)
            SELECT 'EQUITY:' || s, 'DESK', 'EQUITY', s, 'USD' FROM unnest('{A,B}'::text[]) s
            """
        );
        await using OtherTeam team = await OtherTeam.JoinAsync(_rabbit.Address, Ct);
        string file = Path.Combine(_folder, "stress.csv");
        await File.WriteAllTextAsync(file, HandMade(), Ct);
        string[] import =
        [
            "sets",
            "import",
            file,
            "--name",
            Name,
            "--as-of",
            "2026-10-30",
            "--market",
            "DESK",
            "--json",
        ];

        JsonElement set = JsonSerializer.Deserialize<JsonElement>((await OkAsync(import)).Output);
        Heard told = await team.HearAsync<ScenarioSetGenerated>(Ct);
        Assert.Equal(
            (Name, "CUSTOM", set.GetProperty("content_hash").GetString()),
            (told.Text("name"), told.Text("category"), told.Text("content_hash"))
        );
        // The same file again is the same set, told again under the same id.
        await OkAsync(import);
        Assert.Equal(told.MessageId, (await team.HearAsync<ScenarioSetGenerated>(Ct)).MessageId);

        Guid id = told.Body.GetProperty("scenario_set_id").GetGuid();
        await ExportedAsync(id);
        await EvictedAndBackAsync(id);
        await OneBitAsync(id);
    }

    [Fact]
    public async Task What_cannot_be_done_is_refused_in_words_and_changes_nothing()
    {
        await OkAsync("migrate");
        string file = Path.Combine(_folder, "bad.csv");
        await File.WriteAllTextAsync(
            file,
            """
            scenario_id,horizon_index,instrument_id,return
            0,1,EQUITY:A,0.01
            0,1,EQUITY:A,0.02
            0,2,EQUITY:A,-1.5
            2,1,EQUITY:A,0.01
            """,
            Ct
        );
        const string unknown = "0d7b392b-0301-5b0d-ae7a-aae8feba68a2";
        string[] bad = ["sets", "import", file, "--name", "BAD", "--as-of", "2026-10-30", "--market", "DESK"];
        (string[] Command, string[] Says)[] refused =
        [
            (
                bad,
                ["row 2: path 0, driver EQUITY:A, step 1 is given twice", "row 3: driver EQUITY:A: -1.5 is impossible"]
            ),
            (["sets", "import", "nowhere.csv", "--name", "BAD"], ["cannot be opened"]),
            (["generate", "--local", "--file", _folder], ["--request", _folder]),
            (["sets", "verify", unknown], [unknown, "sets list"]),
            (["sets", "export", unknown, "-o", Path.Combine(_folder, "x.parquet")], [unknown, "sets list"]),
            (["sets", "evict", unknown], [unknown, "sets list"]),
            (["sets", "rehydrate", unknown], [unknown, "sets list"]),
            (["sets", "show", "NO_SUCH_LINEAGE"], ["NO_SUCH_LINEAGE", "sets list"]),
            (["sets", "delete", unknown], ["reason"]),
            (["sets", "list", "--category", "BOOTSTRAPP"], ["category", "BOOTSTRAP"]),
            // All that is wrong at once.
            (
                ["sets", "retention", "set", "A*B", "--keep-last", "0", "--keep-days", "-1"],
                ["reason", "lineage", "keep_last", "keep_days"]
            ),
        ];
        foreach ((string[] command, string[] says) in refused)
        {
            CliRun run = await CliAsync(command);
            Assert.True(run.Code == ExitCodes.Refused, $"{string.Join(' ', command)}: {run.Code}\n{run.Error}");
            foreach (string part in says)
                Assert.Contains(part, Unwrapped(run.Error), StringComparison.Ordinal);
        }

        Assert.Equal(
            0L,
            await ScalarAsync<long>(
                "SELECT (SELECT count(*) FROM synthetic.mt_doc_scenario_set) + (SELECT count(*) FROM synthetic.path_shocks) + (SELECT count(*) FROM synthetic.calibration_snapshots)"
            )
        );
    }

    private async Task ExportedAsync(Guid id)
    {
        string file = Path.Combine(_folder, "set.parquet");
        await OkAsync("sets", "export", $"{id}", "-o", file);
        string nowhere = Path.Combine(_folder, "no", "such", "folder", "set.parquet");
        foreach (string[] command in new[] { new[] { "export", $"{id}" }, ["report", $"{id}"] })
        {
            CliRun lost = await CliAsync(["sets", .. command, "-o", nowhere]);
            Assert.True(lost.Code == ExitCodes.Refused, $"{command[0]}: {lost.Code}\n{lost.Error}");
            Assert.Contains("the folder of", Unwrapped(lost.Error), StringComparison.Ordinal);
            Assert.DoesNotContain("partial", lost.Error, StringComparison.Ordinal);
        }

        byte[] whole = await File.ReadAllBytesAsync(file, Ct);
        await File.WriteAllBytesAsync(file, whole[..(whole.Length * 2 / 3)], Ct);
        CliRun cut = await CliAsync("sets", "import", file);
        Assert.Equal(ExitCodes.Refused, cut.Code);
        Assert.Contains("truncated or damaged", Unwrapped(cut.Error), StringComparison.Ordinal);
        await File.WriteAllBytesAsync(file, whole, Ct);
        JsonElement copy = JsonSerializer.Deserialize<JsonElement>(
            (await OkAsync("sets", "import", file, "--json")).Output
        );
        // The copy is another set with the same content.
        Assert.Equal(
            await ScalarAsync<string>(
                $"SELECT data ->> 'content_hash' FROM synthetic.mt_doc_scenario_set WHERE id = '{id}'"
            ),
            copy.GetProperty("content_hash").GetString()
        );
        Assert.Equal(Name + "_IMPORT", copy.GetProperty("name").GetString());
    }

    private async Task EvictedAndBackAsync(Guid id)
    {
        await OkAsync("sets", "evict", Name, "--reason", "space");
        CliRun away = await CliAsync("sets", "export", $"{id}", "-o", Path.Combine(_folder, "away.csv"));
        Assert.Equal(ExitCodes.Refused, away.Code);
        Assert.Contains($"sets rehydrate {id}", Unwrapped(away.Error), StringComparison.Ordinal);
        await OkAsync("sets", "rehydrate", Name);
        CliRun verified = await OkAsync("sets", "verify", Name);
        Assert.Contains("1 verified to the bit", verified.Output, StringComparison.Ordinal);
    }

    /// <summary>As owner and past the triggers, one bit of one shock: set, path, driver and step are named.</summary>
    private async Task OneBitAsync(Guid id)
    {
        double before = await ScalarAsync<double>(
            $"SELECT shocks[2] FROM synthetic.path_shocks WHERE scenario_set_id = '{id}' AND scenario_id = 1 AND driver_no = 1"
        );
        double flipped = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(before) ^ 1);
        await ExecuteAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"BEGIN; SET LOCAL session_replication_role = replica; UPDATE synthetic.path_shocks SET shocks[2] = '{flipped:R}' WHERE scenario_set_id = '{id}' AND scenario_id = 1 AND driver_no = 1; COMMIT"
            )
        );
        CliRun found = await CliAsync("sets", "verify", $"{id}");
        Assert.Equal(ExitCodes.Failed, found.Code);
        string said = Unwrapped(found.Output);
        foreach (string part in new[] { $"{id}", "path 1", "EQUITY:B", "step 2" })
            Assert.Contains(part, said, StringComparison.Ordinal);
    }

    private static string HandMade()
    {
        var lines = new List<string> { "scenario_id,instrument_id,h1,h2,h3" };
        for (int path = 0; path < 3; path++)
        {
            foreach (string instrument in new[] { "EQUITY:A", "EQUITY:B" })
                lines.Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{path},{instrument},{Math.Sqrt(path + 2) / 9:R},{-Math.Sqrt(path + 3) / 8:R},{0.01 * path:R}"
                    )
                );
        }

        return string.Join('\n', lines) + "\n";
    }

    private static string Unwrapped(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private async Task<CliRun> OkAsync(params string[] arguments)
    {
        CliRun run = await CliAsync(arguments);
        Assert.True(run.Code == ExitCodes.Ok, $"{string.Join(' ', arguments)}: {run.Code}\n{run.Error}{run.Output}");
        return run;
    }

    private Task<CliRun> CliAsync(params string[] arguments) =>
        CliRun.ProcessAsync(
            typeof(CliRoot).Assembly.Location,
            new Dictionary<string, string>
            {
                ["SYNTHETIC_ROOT"] = _folder,
                ["SYNTHETIC_POSTGRES"] = _postgres.ConnectionString,
                ["SYNTHETIC_RABBITMQ"] = _rabbit.Address.AbsoluteUri,
            },
            Ct,
            arguments
        );

    private async Task ExecuteAsync(string sql)
    {
        await using NpgsqlCommand command = _postgres.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Ct);
    }

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using NpgsqlCommand command = _postgres.DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Ct))!;
    }
}
