using System.Diagnostics;

namespace Prometheus.Synthetic.Services.Processes;

/// <summary>
/// Ends the services of a folder and removes the folder when disposed, and just so when this process dies in any way: a
/// small shell waits at the other end of a pipe, in a session of its own, out of reach of Ctrl-C.
/// </summary>
internal sealed class Guardian : IAsyncDisposable
{
    private readonly Process _shell;

    private Guardian(Process shell, string folder)
    {
        _shell = shell;
        Folder = folder;
    }

    /// <summary>A new folder below the temporary folder, for this guardian to remove.</summary>
    public string Folder { get; }

    public static Guardian Start()
    {
        string folder = NewFolder();
        ProcessStartInfo start = ShortCommand.StartInfo(
            [
                "setsid",
                "sh",
                "-c",
                "exec >/dev/null 2>&1; cd /\n" + Scripts.Guard,
                "guard",
                folder,
                Path.Combine(folder, DetachedProcess.RecordName),
            ],
            null,
            null
        );
        start.RedirectStandardInput = true;
        return new(ShortCommand.Start(start), folder);
    }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync(CancellationToken.None);
        _shell.Dispose();
    }

    private static string NewFolder()
    {
        if (!Posix.IsRoot)
            return Directory.CreateTempSubdirectory("synthetic-").FullName;
        // The services run under accounts of their own, which must be able to pass through: not so in root's TMPDIR.
        string name = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));
        string folder = Path.Combine("/tmp", "synthetic-" + name);
        const UnixFileMode Passable =
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute;
        if (Directory.Exists(folder))
            throw new IOException($"{folder} exists already.");
        Directory.CreateDirectory(folder, Passable);
        return folder;
    }
}
