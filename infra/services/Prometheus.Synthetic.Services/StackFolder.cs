using System.Security.Cryptography;
using System.Text;
using Prometheus.Synthetic.Services.Processes;

namespace Prometheus.Synthetic.Services;

/// <summary>Where the data of a private stack live.</summary>
internal static class StackFolder
{
    private const UnixFileMode Passable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute;

    /// <summary>
    /// In the checkout; but when root starts the stack, the servers run under accounts of their own, which may not be
    /// able to reach the checkout (e.g. below <c>/root</c>), so the data go to the place for the state of services.
    /// </summary>
    public static string Create(StackPaths paths)
    {
        string folder = Posix.IsRoot
            ? Path.Combine("/var/lib/prometheus-synthetic", NameOf(paths))
            : Path.Combine(paths.State, "data");
        Directory.CreateDirectory(folder, Passable);
        return folder;
    }

    /// <summary>A short name of this checkout, by its path.</summary>
    public static string NameOf(StackPaths paths)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(paths.Root));
        return Convert.ToHexStringLower(hash.AsSpan(0, 6));
    }
}
