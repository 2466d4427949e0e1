using System.Diagnostics;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Services;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>
/// A demo that is killed (SIGKILL, out of memory) cannot clean up. Its worker and its consumer go with it; the services stay
/// and are known to the next command.
/// </summary>
public sealed class KilledDemoTests : IAsyncDisposable
{
    private const string Worker = "Prometheus.Synthetic.Worker.dll";
    private const string Consumer = "Prometheus.Synthetic.Samples.RiskConsumer.dll";
    private readonly string _root = Directory.CreateTempSubdirectory("synthetic-killed-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_programs_end_with_it_and_the_next_commands_find_its_services()
    {
        RequireServers();
        using (Process demo = Start("demo"))
        {
            await SmallMarket.UntilAsync(
                "the demo's programs",
                () =>
                {
                    Assert.False(demo.HasExited);
                    return Task.FromResult(Running(Worker).Any() && Running(Consumer).Any());
                }
            );
            demo.Kill();
            await demo.WaitForExitAsync(Ct);
        }

        await SmallMarket.UntilAsync(
            "the end of the demo's programs",
            () => Task.FromResult(!Running(Worker).Any() && !Running(Consumer).Any())
        );
        (int code, string said) = await RunAsync("status");
        Assert.Equal(ExitCodes.Ok, code);
        Assert.Contains("rabbitmq: pid", said, StringComparison.Ordinal);
        (code, said) = await RunAsync("up");
        Assert.Equal(ExitCodes.Ok, code);
        Assert.Contains("It was running already.", said, StringComparison.Ordinal);
        (code, said) = await RunAsync("down", "--purge");
        Assert.Equal(ExitCodes.Ok, code);
        Assert.Contains("Stopped", said, StringComparison.Ordinal);
        Assert.False(File.Exists(new StackPaths(_root).StackFile));
        await SmallMarket.UntilAsync("the end of all", () => Task.FromResult(!Running(_root).Any()));
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("down", "--purge");
        Directory.Delete(_root, recursive: true);
    }

    private static void RequireServers()
    {
        if (!OperatingSystem.IsLinux())
            Requirement.OptionalMissing("private services run on Linux only");
    }

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CliRoot).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Services that the tests were given are not the demo's to find.
        foreach (
            string name in start
                .Environment.Keys.Where(k => k.StartsWith("SYNTHETIC_", StringComparison.Ordinal))
                .ToArray()
        )
            start.Environment.Remove(name);
        start.Environment[StackPaths.RootVariable] = _root;
        start.Environment["SYNTHETIC_DOCKER"] = "off";
        Process process = Process.Start(start)!;
        process.BeginErrorReadLine();
        return process;
    }

    private async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        using Process process = Start(arguments);
        string output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return (process.ExitCode, output);
    }

    /// <summary>Processes of this test's own stack whose command line has a word.</summary>
    private IEnumerable<int> Running(string word) =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), out int pid) ? pid : 0)
            .Where(pid => pid != 0 && pid != Environment.ProcessId && Has(pid, "environ", _root))
            .Where(pid => word == _root || Has(pid, "cmdline", word));

    private static bool Has(int pid, string file, string word)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}").Contains(word, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // gone, or somebody else's
        }
    }
}
