using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Prometheus.Synthetic.TestKit;

/// <summary>A worker as operators run it: a built program as its own process, configured by its environment.</summary>
public sealed class WorkerProcess : IAsyncDisposable
{
    /// <summary>The worker itself, where the test project refers to it.</summary>
    public const string Worker = "Prometheus.Synthetic.Worker.dll";

    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private WorkerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Only of one that has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Both streams so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <summary>The last lines of the log, for the message of a failed test.</summary>
    public string Tail => Log is { Length: > 6_000 } log ? log[^6_000..] : Log;

    /// <param name="program">Assembly beside the test's own.</param>
    /// <param name="settings">Names without the prefix <c>SYNTHETIC_</c>, e.g. <c>LIMITS__SHARDCELLS</c>; null leaves one out.</param>
    public static WorkerProcess Start(
        string postgres,
        Uri rabbitMq,
        string program = Worker,
        params IEnumerable<(string Name, object? Value)> settings
    )
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, program) },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["SYNTHETIC_POSTGRES"] = postgres,
                ["SYNTHETIC_RABBITMQ"] = rabbitMq.AbsoluteUri,
                // It lives for seconds: what it would measure of itself comes to no use.
                ["DOTNET_TieredPGO"] = "0",
            },
        };
        foreach ((string name, object? value) in settings)
        {
            if (value is not null)
                start.Environment["SYNTHETIC_" + name] = Convert.ToString(value, CultureInfo.InvariantCulture);
        }

        return new WorkerProcess(Process.Start(start)!);
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as an orchestrator ends a worker; returns when it has gone.</summary>
    public async Task StopAsync()
    {
        using (Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits for the process to end of itself; false when it has not.</summary>
    public async Task<bool> ExitedAsync(TimeSpan patience)
    {
        using var stop = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        // The end of a stream.
        if (line is null)
            return;
        lock (_log)
            _log.AppendLine(line);
    }
}
