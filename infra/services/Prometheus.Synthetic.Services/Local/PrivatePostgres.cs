using Npgsql;
using Prometheus.Synthetic.Services.Processes;

namespace Prometheus.Synthetic.Services.Local;

/// <summary>A PostgreSQL server of our own: loopback only, no Unix socket, SCRAM password, data in one folder.</summary>
internal static class PrivatePostgres
{
    public const string Name = "postgres";
    public const string User = "synthetic";
    public const string Database = "synthetic";

    /// <summary>Makes the cluster when <paramref name="folder"/> has none, starts the server and waits for it.</summary>
    /// <param name="folder">Existing folder; data go to <c>pgdata</c> below it.</param>
    /// <param name="durable">False gives up safety against power loss for speed; for data thrown away anyway.</param>
    /// <exception cref="ServiceMissingException">Not installed, or it does not start; the message says why.</exception>
    public static async Task<(StackProcess Process, string ConnectionString)> StartAsync(
        string folder,
        int port,
        string password,
        bool durable,
        CancellationToken ct
    )
    {
        string data = Path.Combine(folder, "pgdata");
        string bin =
            LocalPrograms.Find("/", Environment.GetEnvironmentVariable("PATH") ?? "", MajorOf(data)).PostgresBin
            ?? throw new ServiceMissingException(
                MajorOf(data) is { } major
                    ? $"{data} belongs to PostgreSQL {major}, which is not installed any more. "
                        + "Install it, or give up these data with `./synthetic down --purge`."
                    : "PostgreSQL is not installed (Debian, Ubuntu: package postgresql)."
            );
        ServiceAccount? account = ServiceAccount.ForRoot("postgres");
        if (MajorOf(data) is null)
            await InitialiseAsync(bin, folder, data, password, account, ct);

        string[] safety = durable
            ? []
            : ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"];
        var server = new DetachedProcess(
            Name,
            [
                Path.Combine(bin, "postgres"),
                "-D",
                data,
                "-p",
                port.ToString(),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "max_connections=200",
                "-c",
                "timezone=UTC",
                "-c",
                "log_timezone=UTC",
                .. safety,
            ],
            Variables(data),
            // Fast shutdown: PostgreSQL's SIGTERM would wait for every client to leave.
            Signal.Interrupt
        )
        {
            Account = account,
        };
        StackProcess process = server.Start(folder);
        try
        {
            string administration = ConnectionString(port, password, "postgres");
            await Readiness.AwaitAsync(server, process, folder, c => ServiceProbe.PostgresAsync(administration, c), ct);
            await CreateDatabaseAsync(administration, ct);
            return (process, ConnectionString(port, password, Database));
        }
        catch
        {
            await DetachedProcess.StopAsync(
                process,
                Signal.Interrupt,
                TimeSpan.FromSeconds(10),
                CancellationToken.None
            );
            throw;
        }
    }

    public static string ConnectionString(int port, string password, string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = User,
            Password = password,
            Database = database,
        }.ConnectionString;

    /// <summary>Whether a cluster lies in the folder of a stack.</summary>
    public static bool HasData(string folder) => MajorOf(Path.Combine(folder, "pgdata")) is not null;

    private static int? MajorOf(string data)
    {
        string version = Path.Combine(data, "PG_VERSION");
        return File.Exists(version) && int.TryParse(File.ReadAllText(version).Trim(), out int major) ? major : null;
    }

    private static async Task InitialiseAsync(
        string bin,
        string folder,
        string data,
        string password,
        ServiceAccount? account,
        CancellationToken ct
    )
    {
        // Made under another name, so that what is called pgdata is whole, whenever and however an attempt is cut short.
        string unfinished = data + ".new";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        PrivateFolder.Create(unfinished, account);
        // initdb wants an empty folder, so the password lies beside it, and only for as long as initdb runs.
        string passwordFile = data + ".password";
        PrivateFolder.WriteFile(passwordFile, password + "\n", account);
        try
        {
            var initdb = new DetachedProcess(
                "initdb",
                [
                    Path.Combine(bin, "initdb"),
                    "--pgdata=" + unfinished,
                    "--username=" + User,
                    "--pwfile=" + passwordFile,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--no-sync",
                    "--no-instructions",
                ],
                Variables(unfinished),
                Signal.Terminate
            )
            {
                Account = account,
            };
            await initdb.RunAsync(folder, ct);
        }
        finally
        {
            File.Delete(passwordFile);
        }

        // A folder of that name without PG_VERSION is no cluster.
        if (Directory.Exists(data))
            Directory.Delete(data, recursive: true);
        Directory.Move(unfinished, data);
    }

    private static Dictionary<string, string> Variables(string home) =>
        new()
        {
            ["HOME"] = home,
            ["LC_ALL"] = "C",
            ["TZ"] = "UTC",
        };

    private static async Task CreateDatabaseAsync(string administration, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(administration + ";Pooling=false");
        await connection.OpenAsync(ct);
        await using var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection);
        exists.Parameters.Add(new() { Value = Database });
        if (await exists.ExecuteScalarAsync(ct) is not null)
            return;
        await using var create = new NpgsqlCommand($"CREATE DATABASE {Database}", connection);
        await create.ExecuteNonQueryAsync(ct);
    }
}
