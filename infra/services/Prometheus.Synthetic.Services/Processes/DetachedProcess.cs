using System.Diagnostics;
using System.Globalization;

namespace Prometheus.Synthetic.Services.Processes;

/// <summary>A process to start in its own session, so that Ctrl-C in the terminal does not reach it.</summary>
/// <param name="Name">What it is called in records and messages; no blanks.</param>
/// <param name="Command">Program and arguments.</param>
/// <param name="Environment">Variables on top of those inherited.</param>
/// <param name="StopSignal">What makes it stop in order.</param>
internal sealed record DetachedProcess(
    string Name,
    IReadOnlyList<string> Command,
    IReadOnlyDictionary<string, string> Environment,
    Signal StopSignal
)
{
    /// <summary>Account to run under; null keeps the caller's.</summary>
    public ServiceAccount? Account { get; init; }

    /// <summary>
    /// Starts it with its output appended to <c>NAME.log</c> in <paramref name="folder"/>, recorded in
    /// <c>processes</c> there before the program itself begins. When this process is killed meanwhile, either the record
    /// is written or the program never begins.
    /// </summary>
    /// <exception cref="ServiceMissingException">It could not be started at all.</exception>
    public StackProcess Start(string folder)
    {
        // Disposing the handle lets go of the process, nothing more.
        using Process process = Launch(folder);
        return RecordOf(process, folder);
    }

    /// <summary>Starts it likewise and waits for its end; when cancelled, it is stopped.</summary>
    /// <exception cref="ServiceMissingException">It ended with another code than 0; the message ends with what it wrote last.</exception>
    public async Task RunAsync(string folder, CancellationToken ct)
    {
        using Process process = Launch(folder);
        StackProcess recorded = RecordOf(process, folder);
        try
        {
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            await StopAsync(recorded, StopSignal, TimeSpan.FromSeconds(10), CancellationToken.None);
            throw;
        }

        if (process.ExitCode != 0)
            throw Died(folder);
    }

    private Process Launch(string folder)
    {
        string record = Path.Combine(folder, RecordName);
        string[] words =
        [
            "setsid",
            "sh",
            "-c",
            Scripts.Launch,
            "launch",
            Name,
            SignalName(StopSignal),
            record,
            LogFile(folder),
            .. Account?.Prefix() ?? [],
            .. Command,
        ];
        ProcessStartInfo start = ShortCommand.StartInfo(words, Environment, folder);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        return ShortCommand.Start(start);
    }

    /// <summary>Waits for the line that the launching script writes about itself, then lets it begin.</summary>
    private StackProcess RecordOf(Process process, string folder)
    {
        if (process.StandardOutput.ReadLine() is null || ProcessIdentity.StartTicks(process.Id) is not { } ticks)
            throw Died(folder);
        try
        {
            process.StandardInput.WriteLine("begin");
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            throw Died(folder); // somebody ended it before it began
        }

        return new(Name, process.Id, ticks);
    }

    public const string RecordName = "processes";

    /// <summary>What processes have recorded of themselves in a folder, in the order of starting; they may have ended since.</summary>
    public static IReadOnlyList<StackProcess> Recorded(string folder)
    {
        string record = Path.Combine(folder, RecordName);
        if (!File.Exists(record))
            return [];
        // Name, signal, process id, start time; a line that was cut short names no process.
        return
        [
            .. File.ReadLines(record)
                .Select(l => l.Split(' '))
                .Where(w => w.Length == 4)
                .Select(w => new StackProcess(
                    w[0],
                    int.Parse(w[2], CultureInfo.InvariantCulture),
                    long.Parse(w[3], CultureInfo.InvariantCulture)
                )),
        ];
    }

    public string LogFile(string folder) => Path.Combine(folder, Name + ".log");

    /// <summary>What to throw when it ended although it should serve.</summary>
    public ServiceMissingException Died(string folder)
    {
        string log = File.Exists(LogFile(folder)) ? File.ReadAllText(LogFile(folder)) : "";
        string last = log.Length == 0 ? "it wrote nothing" : ShortCommand.Tail(log, 12);
        // PostgreSQL, Erlang's distribution and RabbitMQ's listeners in turn.
        bool lostPort =
            log.Contains("Address already in use", StringComparison.OrdinalIgnoreCase)
            || log.Contains("eaddrinuse", StringComparison.Ordinal);
        return new($"{Name} ended while starting: {last}") { LostPort = lostPort };
    }

    /// <summary>
    /// Stops a recorded process in order, and by force when it has not gone after <paramref name="patience"/>. A process
    /// that is gone, or a later one of the same number, is left alone.
    /// </summary>
    public static async Task StopAsync(StackProcess process, Signal signal, TimeSpan patience, CancellationToken ct)
    {
        if (!ProcessIdentity.IsAlive(process))
            return;
        Posix.Send(process.Pid, signal);
        var waited = Stopwatch.StartNew();
        while (ProcessIdentity.IsAlive(process))
        {
            if (waited.Elapsed > patience)
            {
                Posix.Send(process.Pid, Signal.Kill);
                patience = TimeSpan.MaxValue;
            }

            await Task.Delay(50, ct);
        }
    }

    private static string SignalName(Signal signal) =>
        signal switch
        {
            Signal.Interrupt => "INT",
            Signal.Kill => "KILL",
            _ => "TERM",
        };
}
