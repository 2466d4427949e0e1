using System.Diagnostics;
using Prometheus.Synthetic.Cli.Hosting;

namespace Prometheus.Synthetic.Services.Tests;

/// <summary>The command line as a process of its own, and what the kernel tells about processes.</summary>
internal static class CliProcess
{
    public static Process Start(IEnumerable<KeyValuePair<string, string>> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } self && IsDotnet(self) ? self : "dotnet")
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(typeof(CliRoot).Assembly.Location);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        // Where the suite's own services are named, a command would use them and start none.
        foreach (string name in start.Environment.Keys.Where(IsOurs).ToArray())
            start.Environment.Remove(name);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Inodes of a process's sockets, as <c>/proc/net/tcp</c> names them.</summary>
    public static IEnumerable<string> SocketsOf(int pid) =>
        Directory
            .EnumerateFiles($"/proc/{pid}/fd")
            .Select(f => new FileInfo(f).LinkTarget ?? "")
            .Where(t => t.StartsWith("socket:[", StringComparison.Ordinal))
            .Select(t => t["socket:[".Length..^1]);

    /// <summary>Ends a process that a test started; one that is gone is no error.</summary>
    public static void End(int pid)
    {
        try
        {
            using Process process = Process.GetProcessById(pid);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // gone already
        }
    }

    private static bool IsOurs(string variable) => variable.StartsWith("SYNTHETIC_", StringComparison.Ordinal);

    private static bool IsDotnet(string path) => Path.GetFileNameWithoutExtension(path) == "dotnet";
}
