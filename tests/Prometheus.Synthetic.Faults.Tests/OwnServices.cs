using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Npgsql;
using Prometheus.Synthetic.Services;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Faults.Tests;

/// <summary>
/// A PostgreSQL and a RabbitMQ of this suite alone, which it may stop and start as it likes: nobody else's tests run on
/// them. Where only shared or containerised services can be had, what needs a restart skips.
/// </summary>
public sealed class OwnServices : IAsyncDisposable
{
    private readonly List<AcquiredService> _acquired = [];
    private readonly List<Process> _restarted = [];
    private readonly ServiceAddresses _broker;

    private OwnServices(AcquiredService postgres, AcquiredService rabbit)
    {
        _acquired.AddRange([postgres, rabbit]);
        Postgres = postgres.Addresses.RequirePostgres();
        _broker = rabbit.Addresses;
        CanRestart = postgres.Source == ServiceSource.PrivateProcess && rabbit.Source == ServiceSource.PrivateProcess;
    }

    public string Postgres { get; }

    public Uri RabbitMq => _broker.RequireRabbitMq();

    public bool CanRestart { get; }

    public static async Task<OwnServices> StartAsync()
    {
        // Addresses in the environment belong to everybody.
        var finder = new ServiceFinder(n =>
            n.StartsWith("SYNTHETIC_", StringComparison.Ordinal) ? null : Environment.GetEnvironmentVariable(n)
        );
        try
        {
            return new OwnServices(
                await finder.PostgresAsync(CancellationToken.None),
                await finder.RabbitMqAsync(CancellationToken.None)
            );
        }
        catch (ServiceMissingException e)
        {
            Requirement.Missing(e.Message);
            throw;
        }
    }

    public HttpClient Management() => ServiceProbe.ManagementClient(_broker.RequireRabbitMqManagement());

    /// <summary>Immediate shutdown of PostgreSQL (no checkpoint: it recovers from its log) and a start after a pause.</summary>
    public async Task RestartPostgresAsync(TimeSpan pause)
    {
        string data;
        await using (var connection = new NpgsqlConnection(Postgres + ";Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("SHOW data_directory", connection);
            data = (string)(await command.ExecuteScalarAsync())!;
        }

        string pidFile = Path.Combine(data, "postmaster.pid");
        int pid = int.Parse((await File.ReadAllLinesAsync(pidFile))[0], CultureInfo.InvariantCulture);
        Blueprint server = Blueprint.Of(pid);
        Signal("-QUIT", pid);
        await GoneAsync(pid);
        await Task.Delay(pause);
        _restarted.Add(server.Start());
        await UntilAsync(async () =>
        {
            await using var connection = new NpgsqlConnection(Postgres + ";Pooling=false;Timeout=2");
            await connection.OpenAsync();
        });
    }

    /// <summary>SIGKILL of the broker, and a start on the same data after a pause.</summary>
    public async Task RestartRabbitMqAsync(TimeSpan pause)
    {
        int pid = await BrokerPidAsync();
        Blueprint broker = Blueprint.Of(pid);
        Signal("-KILL", pid);
        await GoneAsync(pid);
        await Task.Delay(pause);
        _restarted.Add(broker.Start());
        await UntilAsync(async () =>
        {
            await using RabbitMQ.Client.IConnection connection = await new RabbitMQ.Client.ConnectionFactory
            {
                Uri = RabbitMq,
            }.CreateConnectionAsync();
        });
    }

    /// <summary>A broker that has just started lists itself some seconds before it tells its process.</summary>
    private async Task<int> BrokerPidAsync()
    {
        using HttpClient management = Management();
        int pid = 0;
        await UntilAsync(async () =>
        {
            JsonElement nodes = await management.GetFromJsonAsync<JsonElement>("api/nodes");
            pid = int.Parse(nodes[0].GetProperty("os_pid").GetString()!, CultureInfo.InvariantCulture);
        });
        return pid;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Process process in _restarted)
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            process.Dispose();
        }

        foreach (AcquiredService service in _acquired)
            await service.DisposeAsync();
    }

    private static void Signal(string signal, int pid)
    {
        using Process kill = Process.Start("kill", [signal, pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static async Task GoneAsync(int pid)
    {
        for (int i = 0; i < 300 && Directory.Exists($"/proc/{pid}") && !IsZombie(pid); i++)
            await Task.Delay(50);
    }

    private static bool IsZombie(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static async Task UntilAsync(Func<Task> works)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                await works();
                return;
            }
            catch (Exception) when (i < 240)
            {
                await Task.Delay(250);
            }
        }
    }

    /// <summary>How a process was started, read while it runs, so that it can be started the same way again.</summary>
    private sealed record Blueprint(string[] Command, string[] Variables, string Folder, string User, string Group)
    {
        public static Blueprint Of(int pid)
        {
            string[] status = File.ReadAllLines($"/proc/{pid}/status");
            string Id(string key) => status.Single(l => l.StartsWith(key, StringComparison.Ordinal)).Split('\t')[1];
            return new Blueprint(
                Words($"/proc/{pid}/cmdline"),
                Words($"/proc/{pid}/environ"),
                new DirectoryInfo($"/proc/{pid}/cwd").ResolveLinkTarget(true)!.FullName,
                Id("Uid:"),
                Id("Gid:")
            );
        }

        public Process Start()
        {
            // Ends after two hours whatever becomes of this process; the longest run on a busy machine takes half an hour.
            var start = new ProcessStartInfo("timeout")
            {
                WorkingDirectory = Folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                ArgumentList = { "--signal=KILL", "7200" },
            };
            if (Environment.UserName == "root" && User != "0")
                foreach (string word in new[] { "setpriv", "--reuid", User, "--regid", Group, "--clear-groups", "--" })
                    start.ArgumentList.Add(word);
            foreach (string word in Command)
                start.ArgumentList.Add(word);
            start.Environment.Clear();
            foreach (string variable in Variables)
            {
                string[] pair = variable.Split('=', 2);
                start.Environment[pair[0]] = pair.Length > 1 ? pair[1] : string.Empty;
            }

            start.Environment.TryAdd("PATH", Environment.GetEnvironmentVariable("PATH"));
            Process process = Process.Start(start)!;
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            return process;
        }

        private static string[] Words(string file) =>
            Encoding.UTF8.GetString(File.ReadAllBytes(file)).Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }
}
