using System.Security.Cryptography;
using System.Text;
using Prometheus.Synthetic.Services.Processes;

namespace Prometheus.Synthetic.Services;

/// <summary>Where the data of a private stack live.</summary>
internal static class StackFolder
{
    private const string OfRoot = "/var/lib/prometheus-synthetic";

    private const UnixFileMode Passable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute;

    /// <summary>
    /// In the checkout; but when root starts the stack, the servers run under accounts of their own, which may not be
    /// able to reach the checkout (e.g. below <c>/root</c>), so the data go to the place for the state of services.
    /// </summary>
    public static string PathOf(StackPaths paths) =>
        Posix.IsRoot ? Path.Combine(OfRoot, NameOf(paths)) : Path.Combine(paths.State, "data");

    public static void Create(string folder) => Directory.CreateDirectory(folder, Passable);

    /// <summary>Removes it with all data, and the place for root's stacks when it was the last one there.</summary>
    public static void Remove(string folder)
    {
        Directory.Delete(folder, recursive: true);
        if (Path.GetDirectoryName(folder) == OfRoot && !Directory.EnumerateFileSystemEntries(OfRoot).Any())
            Directory.Delete(OfRoot);
    }

    /// <summary>A short name of this checkout, by its path.</summary>
    public static string NameOf(StackPaths paths)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(paths.Root));
        return Convert.ToHexStringLower(hash.AsSpan(0, 6));
    }
}
