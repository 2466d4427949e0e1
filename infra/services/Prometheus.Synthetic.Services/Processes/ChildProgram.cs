using System.Diagnostics;

namespace Prometheus.Synthetic.Services.Processes;

/// <summary>
/// A program that runs beside a command and ends with it: SIGTERM at disposal, force when it does not go; SIGTERM too when
/// the command is killed, because a small shell holds the other end of a pipe.
/// </summary>
public sealed class ChildProgram : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly string _log;
    private readonly Lock _gate = new();
    private readonly List<string> _output = [];

    private ChildProgram(Process process, string log)
    {
        _process = process;
        _log = log;
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Lines of its standard output so far.</summary>
    public IReadOnlyList<string> Output
    {
        get
        {
            lock (_gate)
                return [.. _output];
        }
    }

    /// <param name="log">File that gets both streams; overwritten.</param>
    /// <exception cref="ServiceMissingException">There is no shell. A program that does not exist ends with code 127 and says so.</exception>
    public static ChildProgram Start(
        IReadOnlyList<string> command,
        IEnumerable<KeyValuePair<string, string>> environment,
        string log
    )
    {
        ProcessStartInfo start = ShortCommand.StartInfo(
            ["sh", "-c", Scripts.Lifeline, "lifeline", .. command],
            environment,
            folder: null
        );
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        File.WriteAllText(log, string.Empty);
        var child = new ChildProgram(ShortCommand.Start(start), log);
        child._process.OutputDataReceived += (_, e) => child.Keep(e.Data, output: true);
        child._process.ErrorDataReceived += (_, e) => child.Keep(e.Data, output: false);
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Waits until it has ended and its output is read to the end; returns its exit code.</summary>
    public async Task<int> ExitAsync(CancellationToken ct)
    {
        await _process.WaitForExitAsync(ct);
        return _process.ExitCode;
    }

    /// <summary>The last lines it wrote, in one line.</summary>
    public string LastWords()
    {
        lock (_gate)
            return ShortCommand.Tail(File.ReadAllText(_log));
    }

    public async ValueTask DisposeAsync()
    {
        // The end of the pipe is the signal.
        _process.StandardInput.Close();
        if (!_process.HasExited)
        {
            using var patience = new CancellationTokenSource(s_patience);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }

        _process.Dispose();
    }

    private void Keep(string? line, bool output)
    {
        if (line is null)
            return;
        lock (_gate)
        {
            if (output)
                _output.Add(line);
            File.AppendAllText(_log, line + "\n");
        }
    }
}
