using System.Diagnostics;
using System.Text;

namespace Prometheus.Synthetic.Faults.Tests;

/// <summary>A worker in a process of its own, with or without a fault built in.</summary>
public sealed class FaultyWorker : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private FaultyWorker(Process process)
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

    /// <param name="crash">E.g. <c>pre-send:ShardGenerated:1</c>; null for none.</param>
    /// <param name="copies">Seed of the copier; null to send every message once.</param>
    public static FaultyWorker Start(
        string postgres,
        Uri rabbitMq,
        string? crash = null,
        int? copies = null,
        int healthPort = 0
    )
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Prometheus.Synthetic.Faults.Worker.dll") },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["SYNTHETIC_POSTGRES"] = postgres,
                ["SYNTHETIC_RABBITMQ"] = rabbitMq.ToString(),
                ["SYNTHETIC_LIMITS__SHARDCELLS"] = "20000",
                ["SYNTHETIC_STALLEDSECONDS"] = "4",
                ["SYNTHETIC_RECONCILESECONDS"] = "1",
                ["SYNTHETIC_STOPSECONDS"] = "5",
                ["SYNTHETIC_HEALTH__PORT"] = healthPort.ToString(),
                ["FAULT_POINT"] = crash,
                ["FAULT_COPIES"] = copies?.ToString(),
                ["DOTNET_TieredPGO"] = "0",
            },
        };
        return new FaultyWorker(Process.Start(start)!);
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as an orchestrator ends a worker.</summary>
    public async Task StopAsync()
    {
        using (Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]))
            await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits for the built-in fault to end the process.</summary>
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
        lock (_log)
            _log.AppendLine(line);
    }
}
