using System.Runtime.InteropServices;

namespace Prometheus.Synthetic.Benchmarks;

/// <summary>
/// Processor time of the calling thread: what a kernel that uses one thread costs, whoever else wants the processor
/// meanwhile. Caches and memory are still shared with the others, so only ratios within one run mean something.
/// </summary>
internal static class ThreadTime
{
    private const int ThreadCpuClock = 3;

    /// <summary>Seconds of processor time that the work took on this thread; elapsed seconds where there is no such clock.</summary>
    public static double Of(Action work)
    {
        double started = Now();
        work();
        return Now() - started;
    }

    private static double Now()
    {
        if (!OperatingSystem.IsLinux())
            return System.Diagnostics.Stopwatch.GetTimestamp() / (double)System.Diagnostics.Stopwatch.Frequency;
        return GetTime(ThreadCpuClock, out Timespec time) == 0
            ? time.Seconds + 1e-9 * time.Nanoseconds
            : throw new InvalidOperationException("The thread's processor clock cannot be read.");
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Timespec
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
