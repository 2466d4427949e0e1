using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>A worker as operators run it: the built program as its own process, configured by its environment.</summary>
public sealed class WorkerProcess : IAsyncDisposable
{
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

    public bool HasExited => _process.HasExited;

    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    public static WorkerProcess Start(
        string postgres,
        Uri rabbitMq,
        int shardCells = 2_000_000,
        long maxCells = 500_000_000
    )
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Prometheus.Synthetic.Worker.dll") },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["SYNTHETIC_POSTGRES"] = postgres,
                ["SYNTHETIC_RABBITMQ"] = rabbitMq.ToString(),
                ["SYNTHETIC_LIMITS__SHARDCELLS"] = shardCells.ToString(CultureInfo.InvariantCulture),
                ["SYNTHETIC_LIMITS__MAXCELLS"] = maxCells.ToString(CultureInfo.InvariantCulture),
            },
        };
        return new WorkerProcess(Process.Start(start)!);
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
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
        lock (_log)
            _log.AppendLine(line);
    }
}
