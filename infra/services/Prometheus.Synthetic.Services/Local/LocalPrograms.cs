namespace Prometheus.Synthetic.Services.Local;

/// <summary>Where the server programs are installed.</summary>
/// <param name="PostgresBin">Folder of <c>initdb</c> and <c>postgres</c>; null when PostgreSQL is not installed.</param>
/// <param name="RabbitMqServer">The server script itself, not Debian's wrapper, which changes user; null when absent.</param>
/// <param name="Epmd">Erlang's port mapper; null when absent.</param>
public sealed record LocalPrograms(string? PostgresBin, string? RabbitMqServer, string? Epmd)
{
    /// <summary>Debian and Ubuntu packages that bring what is missing, in the order of installing.</summary>
    public IReadOnlyList<string> MissingPackages =>
        [
            .. PostgresBin is null ? ["postgresql"] : Array.Empty<string>(),
            .. RabbitMqServer is null || Epmd is null ? ["rabbitmq-server"] : Array.Empty<string>(),
        ];

    public static LocalPrograms Find() => Find("/", Environment.GetEnvironmentVariable("PATH") ?? "");

    /// <param name="root">Root of the file system to look in.</param>
    /// <param name="path">Folders to search after the places where Debian and Ubuntu install, as in PATH.</param>
    /// <param name="major">PostgreSQL major version to insist on, that of existing data; null takes the newest.</param>
    public static LocalPrograms Find(string root, string path, int? major = null)
    {
        string[] folders = path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return new(Postgres(root, folders, major), RabbitMq(root, folders), EpmdProgram(root, folders));
    }

    private static string? Postgres(string root, string[] folders, int? major)
    {
        string versions = Path.Combine(root, "usr/lib/postgresql");
        IEnumerable<string> packaged = Directory.Exists(versions)
            ? Directory
                .EnumerateDirectories(versions)
                .Select(d => (Folder: d, Version: int.TryParse(Path.GetFileName(d), out int v) ? v : 0))
                .Where(d => major is null || d.Version == major)
                .OrderByDescending(d => d.Version)
                .Select(d => Path.Combine(d.Folder, "bin"))
            : [];
        return packaged.Concat(major is null ? folders : []).FirstOrDefault(IsServerFolder);

        static bool IsServerFolder(string folder) =>
            File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres"));
    }

    private static string? RabbitMq(string root, string[] folders)
    {
        string packaged = Path.Combine(root, "usr/lib/rabbitmq/bin/rabbitmq-server");
        return File.Exists(packaged) ? packaged : InPath(folders, "rabbitmq-server");
    }

    private static string? EpmdProgram(string root, string[] folders)
    {
        string packaged = Path.Combine(root, "usr/bin/epmd");
        if (File.Exists(packaged))
            return packaged;
        string erlang = Path.Combine(root, "usr/lib/erlang");
        string? inRuntime = Directory.Exists(erlang)
            ? Directory
                .EnumerateDirectories(erlang, "erts-*")
                .Select(d => Path.Combine(d, "bin", "epmd"))
                .LastOrDefault(File.Exists)
            : null;
        return inRuntime ?? InPath(folders, "epmd");
    }

    private static string? InPath(string[] folders, string program) =>
        folders.Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);
}
