using System.Diagnostics;
using Npgsql;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>
/// An operator's program that is killed (SIGKILL: it gets no moment to tidy up) while it imports, evicts, or brings a set
/// back: what it left is invisible, and the same command again ends what it began. Each is killed where it stands and
/// waits for rows that the test holds, so no clock decides.
/// </summary>
public sealed class KilledActsTests : IAsyncLifetime
{
    private const string Name = "KILLED_3D";
    private static readonly string s_program = typeof(CliRoot).Assembly.Location;
    private readonly string _folder = Directory.CreateTempSubdirectory("synthetic-killed-").FullName;
    private readonly PostgresFixture _postgres = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _postgres.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_a_killed_command_left_is_invisible_and_the_next_mends_it()
    {
        await OkAsync("migrate");
        await using (
            NpgsqlCommand market = _postgres.DataSource.CreateCommand(
                "INSERT INTO markets (market_id, name) VALUES ('DESK', 'desk'); INSERT INTO instruments (instrument_id, market_id, asset_class, symbol) VALUES ('EQUITY:A', 'DESK', 'EQUITY', 'A')"
            )
        )
            await market.ExecuteNonQueryAsync(Ct);
        string file = Path.Combine(_folder, "paths.csv");
        await File.WriteAllTextAsync(
            file,
            "scenario_id,instrument_id,h1,h2,h3\n0,EQUITY:A,0.125,-0.25,0.5\n1,EQUITY:A,-0.5,0.25,0.0625\n",
            Ct
        );
        string[] import = ["sets", "import", file, "--name", Name, "--as-of", "2026-10-30", "--market", "DESK"];

        await KilledAsync(import);
        Assert.Equal((0, 0), await SeenAsync());
        await OkAsync(import);
        Assert.Equal((1, 8), await SeenAsync());
        Assert.Equal("1", await TextAsync("SELECT data ->> 'version' FROM synthetic.mt_doc_scenario_set"));

        await KilledAsync("sets", "evict", Name, "--reason", "space");
        Assert.Equal((1, 8), await SeenAsync());
        await OkAsync("sets", "verify", Name);
        await OkAsync("sets", "evict", Name, "--reason", "space");
        Assert.Equal((1, 0), await SeenAsync());

        await KilledAsync("sets", "rehydrate", Name);
        Assert.Equal((1, 0), await SeenAsync());
        await OkAsync("sets", "verify", Name);
        await OkAsync("sets", "rehydrate", Name);
        Assert.Equal((1, 8), await SeenAsync());
        Assert.Contains(
            "1 verified to the bit",
            (await OkAsync("sets", "verify", Name)).Output,
            StringComparison.Ordinal
        );
        // Only what was done has its line.
        Assert.Equal(
            "SEALED IMPORTED VERIFIED EVICTED VERIFIED REHYDRATED VERIFIED",
            await TextAsync("SELECT string_agg(action, ' ' ORDER BY entry) FROM synthetic.audit_trail")
        );
    }

    /// <summary>Starts a command, waits until it stands before the rows that are held, kills it, and lets go.</summary>
    private async Task KilledAsync(params string[] arguments)
    {
        await using NpgsqlConnection held = await _postgres.HoldRowsAsync(Ct);
        using Process process = Start(arguments);
        await SmallMarket.UntilAsync(
            $"{string.Join(' ', arguments)} before the held rows",
            async () =>
            {
                Assert.False(process.HasExited, $"{string.Join(' ', arguments)} ended by itself");
                return await WaitingAsync() > 0;
            }
        );
        process.Kill();
        await process.WaitForExitAsync(Ct);
        await held.CloseAsync();
        // The server notices at its next word to the dead client; only then are its transaction and its hold gone.
        await SmallMarket.UntilAsync("the server to notice", async () => await SessionsAsync() == 0);
    }

    private Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [s_program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in Environment())
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private Dictionary<string, string> Environment() =>
        new()
        {
            ["SYNTHETIC_ROOT"] = _folder,
            ["SYNTHETIC_POSTGRES"] = _postgres.ConnectionString + ";Application Name=killed",
            ["SYNTHETIC_RABBITMQ"] = "",
        };

    private async Task<CliRun> OkAsync(params string[] arguments)
    {
        CliRun run = await CliRun.ProcessAsync(s_program, Environment(), Ct, arguments);
        Assert.True(run.Code == ExitCodes.Ok, $"{string.Join(' ', arguments)}: {run.Code}\n{run.Error}{run.Output}");
        return run;
    }

    private async Task<(long Sets, long Cells)> SeenAsync() =>
        (
            await CountAsync("SELECT count(*) FROM scenario_sets"),
            await CountAsync("SELECT count(*) FROM scenario_paths")
        );

    private Task<long> WaitingAsync() =>
        CountAsync(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'killed' AND wait_event_type = 'Lock'"
        );

    private Task<long> SessionsAsync() =>
        CountAsync(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'killed'"
        );

    private async Task<long> CountAsync(string sql)
    {
        await using NpgsqlCommand command = _postgres.DataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Ct))!;
    }

    private async Task<string> TextAsync(string sql)
    {
        await using NpgsqlCommand command = _postgres.DataSource.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync(Ct))!;
    }
}
