using Npgsql;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Services.Tests;

/// <summary>The stack that stays: up, used, down, up again with its data, purged without a trace.</summary>
public sealed class PersistentStackTests : IAsyncLifetime
{
    private readonly StackPaths _paths = new(Directory.CreateTempSubdirectory("synthetic-test-").FullName);
    private readonly List<string> _progress = [];

    private PersistentStack Stack => new(_paths, Surroundings.PrivateOnly, _progress.Add);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Stack.DownAsync(purge: true, CancellationToken.None);
        Directory.Delete(_paths.Root, recursive: true);
    }

    [Fact]
    public async Task Up_down_up_keeps_the_data_and_purge_removes_everything()
    {
        Surroundings.RequireServers();
        CancellationToken ct = TestContext.Current.CancellationToken;
        Assert.False(await Stack.DownAsync(purge: false, ct));

        (ServiceAddresses first, bool started) = await Stack.UpAsync(ct);
        Assert.True(started);
        (ServiceAddresses again, bool startedAgain) = await Stack.UpAsync(ct);
        Assert.False(startedAgain);
        Assert.Equal(first, again);
        await ExecuteAsync(first, "CREATE TABLE kept AS SELECT 42 AS answer");

        StackReport report = await StackReport.TakeAsync(Surroundings.PrivateOnly, _paths, ct);
        Assert.All(report.Services, s => Assert.True(s.Reachable, s.Problem));
        Assert.Equal(["postgres", "epmd", "rabbitmq"], report.Processes.Select(p => p.Name));
        Assert.All(report.Processes, p => Assert.True(p.Alive));

        // A program of the stack sees the addresses and stops with it, before the services.
        (StackProcess program, string log) = await Stack.StartProgramAsync(
            "worker",
            ["sh", "-c", "echo \"$SYNTHETIC_RABBITMQ\"; exec sleep 300"],
            ct
        );
        Assert.True(
            await Surroundings.EventuallyAsync(() => File.ReadAllText(log).Trim() == first.RabbitMq!.AbsoluteUri)
        );

        Assert.True(await Stack.DownAsync(purge: false, ct));
        Assert.False(ProcessStillRuns(program));
        Assert.Contains(
            "worker",
            _progress.First(l => l.StartsWith("Stopping", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
        Assert.True(await Surroundings.EventuallyAsync(() => Surroundings.ProcessesNaming(report.Data!).Count == 0));
        Assert.Equal(ServiceAddresses.None, StackSettings.Resolve(Surroundings.PrivateOnly, _paths));

        (ServiceAddresses second, _) = await Stack.UpAsync(ct);
        Assert.Equal(42, await ExecuteAsync(second, "SELECT answer FROM kept"));

        Assert.True(await Stack.DownAsync(purge: true, ct));
        Assert.False(Directory.Exists(report.Data));
        Assert.False(File.Exists(_paths.StackFile));
        Assert.True(await Surroundings.EventuallyAsync(() => Surroundings.ProcessesNaming(report.Data!).Count == 0));
    }

    /// <summary>Data of root's stacks lie outside the checkout: they outlive it, and so do their passwords.</summary>
    [Fact]
    public async Task A_checkout_that_was_removed_and_cloned_again_finds_its_stack()
    {
        Surroundings.RequireServers();
        CancellationToken ct = TestContext.Current.CancellationToken;
        (ServiceAddresses first, _) = await Stack.UpAsync(ct);
        string data = StackFile.Read(_paths)!.Data!;

        File.Delete(_paths.StackFile);
        Assert.Equal((first, false), await Stack.UpAsync(ct));
        Assert.True(await Stack.DownAsync(purge: false, ct));
        File.Delete(_paths.StackFile);
        (ServiceAddresses second, bool started) = await Stack.UpAsync(ct);
        Assert.True(started);
        Assert.Equal(42, await ExecuteAsync(second, "SELECT 42"));
        Assert.True(await Stack.DownAsync(purge: false, ct));

        // Of a release that kept no record there: said at once, and the purge that the sentence names removes them.
        File.Delete(_paths.StackFile);
        File.Delete(Path.Combine(data, "stack.json"));
        ServiceMissingException told = await Assert.ThrowsAsync<ServiceMissingException>(() => Stack.UpAsync(ct));
        Assert.Contains("down --purge", told.Message, StringComparison.Ordinal);
        Assert.True(await Stack.DownAsync(purge: true, ct));
        Assert.False(Directory.Exists(data));
        Assert.False(await Stack.DownAsync(purge: true, ct));
    }

    [Fact]
    public async Task What_a_killed_up_had_started_is_shown_stopped_and_started_whole()
    {
        Surroundings.RequireServers();
        CancellationToken ct = TestContext.Current.CancellationToken;
        await KilledUpAsync(once: "initdb");
        StackReport report = await StackReport.TakeAsync(Surroundings.PrivateOnly, _paths, ct);
        Assert.Contains(report.Processes, p => p.Alive);
        Assert.True(await Stack.DownAsync(purge: false, ct));
        // Erlang's small helpers follow the broker when their pipe to it closes.
        Assert.True(await Surroundings.EventuallyAsync(() => Surroundings.ProcessesNaming(report.Data!).Count == 0));

        await KilledUpAsync(once: "rabbitmq");
        (ServiceAddresses addresses, bool started) = await Stack.UpAsync(ct);
        Assert.True(started);
        Assert.Equal(42, await ExecuteAsync(addresses, "SELECT 42"));
        report = await StackReport.TakeAsync(Surroundings.PrivateOnly, _paths, ct);
        Assert.Equal(["postgres", "epmd", "rabbitmq"], report.Processes.Where(p => p.Alive).Select(p => p.Name));
        Assert.True(await Stack.DownAsync(purge: true, ct));
        Assert.True(await Surroundings.EventuallyAsync(() => Surroundings.ProcessesNaming(report.Data!).Count == 0));
    }

    /// <summary>SIGKILL of an <c>up</c> that has just started a process and not yet written down that the stack runs.</summary>
    private async Task KilledUpAsync(string once)
    {
        using System.Diagnostics.Process up = CliProcess.Start(
            [new(StackPaths.RootVariable, _paths.Root), new("SYNTHETIC_DOCKER", "off")],
            "up"
        );
        try
        {
            Assert.True(
                await Surroundings.EventuallyAsync(() =>
                    up.HasExited
                    || StackFile.Read(_paths) is { Running: false } planned
                        && planned.AllProcesses(_paths).Any(p => p.Name == once && Processes.ProcessIdentity.IsAlive(p))
                )
            );
            Assert.False(up.HasExited, "up ended before it could be killed");
        }
        finally
        {
            up.Kill();
            await up.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.False(StackFile.Read(_paths)!.Running);
    }

    [Fact]
    public async Task A_program_that_ends_at_once_is_reported_with_what_it_wrote()
    {
        Recorded();
        var failed = await Assert.ThrowsAsync<ServiceMissingException>(() =>
            Stack.StartProgramAsync(
                "worker",
                ["sh", "-c", "echo no such market; exit 3"],
                TestContext.Current.CancellationToken
            )
        );
        Assert.Contains("no such market", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recorded_number_that_another_process_has_now_is_left_alone()
    {
        using var stranger = System.Diagnostics.Process.Start("sleep", "300");
        try
        {
            Recorded(new StackProcess("rabbitmq", stranger.Id, StartTicks: 1));
            await Stack.DownAsync(purge: false, TestContext.Current.CancellationToken);
            Assert.False(stranger.HasExited);
        }
        finally
        {
            stranger.Kill();
        }
    }

    private void Recorded(params StackProcess[] processes) =>
        new StackFile(StackKind.Private, null, ServiceAddresses.None, processes, Running: true).Write(_paths);

    private static bool ProcessStillRuns(StackProcess process) => Processes.ProcessIdentity.IsAlive(process);

    private static async Task<object?> ExecuteAsync(ServiceAddresses addresses, string sql)
    {
        await using var connection = new NpgsqlConnection(addresses.RequirePostgres() + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
