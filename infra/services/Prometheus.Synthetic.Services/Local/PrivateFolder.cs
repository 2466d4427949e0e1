using Prometheus.Synthetic.Services.Processes;

namespace Prometheus.Synthetic.Services.Local;

/// <summary>Folders and files that only the account of a service may read.</summary>
internal static class PrivateFolder
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    public static void Create(string folder, ServiceAccount? account)
    {
        Directory.CreateDirectory(folder, OwnerFolder);
        if (account is not null)
            Posix.ChangeOwner(folder, account);
    }

    public static void WriteFile(string file, string text, ServiceAccount? account)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerFile,
        };
        using (var writer = new StreamWriter(file, options))
            writer.Write(text);
        if (account is not null)
            Posix.ChangeOwner(file, account);
    }
}
