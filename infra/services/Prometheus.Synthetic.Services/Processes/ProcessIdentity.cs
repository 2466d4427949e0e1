using System.Globalization;

namespace Prometheus.Synthetic.Services.Processes;

/// <summary>Tells whether a recorded process still is the one that was started, so that a reused number is never ended.</summary>
public static class ProcessIdentity
{
    /// <summary>Start time of a live process in clock ticks since boot; null when it is gone or only waits to be reaped.</summary>
    public static long? StartTicks(int pid)
    {
        try
        {
            // pid (comm) state ppid … starttime: comm may hold blanks and brackets, so fields count from the last one.
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            const int State = 0;
            const int StartTime = 19;
            return fields[State] is "Z" or "X" ? null : long.Parse(fields[StartTime], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>True when the process runs and is the very one that was recorded.</summary>
    public static bool IsAlive(StackProcess process) => StartTicks(process.Pid) == process.StartTicks;
}
