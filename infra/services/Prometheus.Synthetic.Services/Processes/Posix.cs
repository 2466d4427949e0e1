using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Prometheus.Synthetic.Services.Processes;

/// <summary>The few calls of the operating system that the framework does not offer. Linux only.</summary>
internal static partial class Posix
{
    public static bool IsRoot => OperatingSystem.IsLinux() && geteuid() == 0;

    /// <summary>Sends a signal; a process that is gone already is no error.</summary>
    /// <exception cref="Win32Exception">The signal is not permitted.</exception>
    public static void Send(int pid, Signal signal)
    {
        const int NoSuchProcess = 3;
        if (kill(pid, (int)signal) != 0 && Marshal.GetLastPInvokeError() is var error and not NoSuchProcess)
            throw new Win32Exception(
                error,
                $"signal {signal} to process {pid}: {Marshal.GetPInvokeErrorMessage(error)}"
            );
    }

    /// <exception cref="Win32Exception">The owner cannot be changed.</exception>
    public static void ChangeOwner(string path, ServiceAccount account)
    {
        if (chown(path, account.UserId, account.GroupId) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            throw new Win32Exception(error, $"owner of {path}: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chown(string path, uint owner, uint group);
}

/// <summary>Signals by their POSIX numbers.</summary>
public enum Signal
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
}
