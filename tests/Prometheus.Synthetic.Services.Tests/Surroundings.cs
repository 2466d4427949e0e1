using Prometheus.Synthetic.Services.Local;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Services.Tests;

/// <summary>What these tests find out about the machine.</summary>
internal static class Surroundings
{
    /// <summary>Environment without any service named and without Docker: leads to private processes.</summary>
    public static Func<string, string?> PrivateOnly { get; } =
        name =>
            name switch
            {
                "SYNTHETIC_DOCKER" => "off",
                _ when name.StartsWith("SYNTHETIC_", StringComparison.Ordinal) => null,
                _ => Environment.GetEnvironmentVariable(name),
            };

    /// <summary>Private services need the server programs. Where Docker serves instead, they are optional.</summary>
    public static void RequireServers()
    {
        IReadOnlyList<string> missing = LocalPrograms.Find().MissingPackages;
        if (OperatingSystem.IsLinux() && missing.Count == 0)
            return;
        string reason = $"private services need Linux and the packages {string.Join(' ', missing)}";
        if (File.Exists("/var/run/docker.sock"))
            Requirement.OptionalMissing(reason);
        Requirement.Missing(reason);
    }

    /// <summary>Processes whose environment or command line names a folder: a service and every helper it started.</summary>
    public static IReadOnlyList<int> ProcessesNaming(string folder) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(d => int.TryParse(Path.GetFileName(d), out int pid) ? pid : 0)
                .Where(pid => pid != 0 && pid != Environment.ProcessId && Names(pid, folder)),
        ];

    /// <summary>Polls until a condition holds; false when it does not in half a minute, which only a failure takes.</summary>
    public static async Task<bool> EventuallyAsync(Func<bool> condition)
    {
        for (int i = 0; i < 300 && !condition(); i++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        return condition();
    }

    private static bool Names(int pid, string folder)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ").Contains(folder, StringComparison.Ordinal)
                || File.ReadAllText($"/proc/{pid}/cmdline").Contains(folder, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // gone, or somebody else's
        }
    }
}
