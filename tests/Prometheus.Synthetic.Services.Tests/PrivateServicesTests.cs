using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Services.Tests;

/// <summary>Services without Docker: they serve, on loopback only, and leave nothing behind.</summary>
public sealed class PrivateServicesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PostgreSql_serves_with_a_password_and_leaves_nothing()
    {
        Surroundings.RequireServers();
        string folder;
        await using (AcquiredService service = await new ServiceFinder(Surroundings.PrivateOnly).PostgresAsync(Ct))
        {
            Assert.Equal(ServiceSource.PrivateProcess, service.Source);
            string address = service.Addresses.RequirePostgres();
            await using (var connection = new NpgsqlConnection(address + ";Pooling=false"))
            {
                await connection.OpenAsync(Ct);
                folder = await ScalarAsync(connection, "SHOW data_directory");
                Assert.Equal("127.0.0.1", await ScalarAsync(connection, "SHOW listen_addresses"));
                Assert.Equal("", await ScalarAsync(connection, "SHOW unix_socket_directories"));
                Assert.Equal("UTF8", await ScalarAsync(connection, "SHOW server_encoding"));
            }

            var wrong = new NpgsqlConnectionStringBuilder(address) { Password = "wrong", Pooling = false };
            await using var stranger = new NpgsqlConnection(wrong.ConnectionString);
            PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => stranger.OpenAsync(Ct));
            Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
            Assert.NotEmpty(Surroundings.ProcessesNaming(folder));
        }

        AssertNothingLeft(Path.GetDirectoryName(folder)!);
    }

    [Fact]
    public async Task RabbitMq_serves_quorum_queues_on_loopback_and_leaves_nothing()
    {
        Surroundings.RequireServers();
        string home;
        await using (AcquiredService service = await new ServiceFinder(Surroundings.PrivateOnly).RabbitMqAsync(Ct))
        {
            ServiceAddresses addresses = service.Addresses;
            using HttpClient http = ServiceProbe.ManagementClient(addresses.RequireRabbitMqManagement());
            home = HomeOf(addresses.RequireRabbitMq());
            AssertBoundToLoopback(Surroundings.ProcessesNaming(home));
            await AssertQuorumQueueKeepsAMessageAsync(http);

            // The same answer with and without the management API.
            ServiceStatus byManagement = await ServiceProbe.RabbitMqAsync(addresses, Ct);
            ServiceStatus byGreeting = await ServiceProbe.RabbitMqAsync(
                addresses with
                {
                    RabbitMqManagement = null,
                },
                Ct
            );
            Assert.True(byGreeting.Reachable, byGreeting.Problem);
            Assert.Equal(byManagement.ServerVersion, byGreeting.ServerVersion);
            Assert.NotEmpty(Surroundings.ProcessesNaming(home));
        }

        // Erlang's small helpers follow the broker when their pipe to it closes.
        Assert.True(await Surroundings.EventuallyAsync(() => Surroundings.ProcessesNaming(home).Count == 0));
        AssertNothingLeft(Path.GetDirectoryName(home)!);
    }

    [Fact]
    public async Task Services_end_with_an_owner_that_is_killed()
    {
        Surroundings.RequireServers();
        using System.Diagnostics.Process owner = CliProcess.Start(
            [
                new("SYNTHETIC_DOCKER", "off"),
                // RabbitMQ counts as given, so that PostgreSQL alone is started.
                new("SYNTHETIC_RABBITMQ", "amqp://nobody:nothing@127.0.0.1:1/"),
            ],
            "services",
            "run",
            "--",
            "sh",
            "-c",
            "echo \"$SYNTHETIC_POSTGRES\"; exec sleep 300"
        );
        string? address = await owner.StandardOutput.ReadLineAsync(Ct);
        Assert.NotNull(address);
        await using (var connection = new NpgsqlConnection(address + ";Pooling=false"))
        {
            await connection.OpenAsync(Ct);
            string folder = Path.GetDirectoryName(await ScalarAsync(connection, "SHOW data_directory"))!;
            owner.Kill(); // this process only, and by SIGKILL: it cannot clean up itself
            Assert.True(await Surroundings.EventuallyAsync(() => !Directory.Exists(folder)), $"{folder} stayed");
            AssertNothingLeft(folder);
            // The command itself is nobody's now, and would sleep on.
            foreach (int command in Surroundings.ProcessesNaming($"SYNTHETIC_POSTGRES={address}\0"))
                CliProcess.End(command);
        }
    }

    private static void AssertNothingLeft(string folder)
    {
        Assert.False(Directory.Exists(folder), $"{folder} stayed");
        Assert.Empty(Surroundings.ProcessesNaming(folder));
    }

    private static async Task<string> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (string)(await command.ExecuteScalarAsync(Ct))!;
    }

    /// <summary>The broker's private folder: HOME of the processes that were told its port.</summary>
    private static string HomeOf(Uri amqp)
    {
        int process = Surroundings.ProcessesNaming($"RABBITMQ_NODE_PORT={amqp.Port}\0")[0];
        return File.ReadAllText($"/proc/{process}/environ")
            .Split('\0')
            .First(v => v.StartsWith("HOME=", StringComparison.Ordinal))[5..];
    }

    /// <summary>No listening IPv4 or IPv6 socket of these processes is bound to anything but the loopback interface.</summary>
    private static void AssertBoundToLoopback(IReadOnlyList<int> processes)
    {
        HashSet<string> sockets = [.. processes.SelectMany(CliProcess.SocketsOf)];
        Assert.NotEmpty(sockets);
        int seen = 0;
        foreach (
            string line in File.ReadLines("/proc/net/tcp").Skip(1).Concat(File.ReadLines("/proc/net/tcp6").Skip(1))
        )
        {
            string[] f = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            const string Listening = "0A";
            if (f[3] != Listening || !sockets.Contains(f[9]))
                continue;
            seen++;
            string host = f[1].Split(':')[0];
            // 127.0.0.1 and ::1 as the kernel prints them, in words of host byte order.
            Assert.True(host is "0100007F" or "00000000000000000000000001000000", $"listens on {f[1]}");
        }

        Assert.True(
            seen >= 4,
            $"{seen} listening sockets seen: AMQP, management, distribution and port mapper expected"
        );
    }

    private static async Task AssertQuorumQueueKeepsAMessageAsync(HttpClient http)
    {
        using HttpResponseMessage declared = await http.PutAsJsonAsync(
            "api/queues/%2F/kept",
            new { durable = true, arguments = new Dictionary<string, string> { ["x-queue-type"] = "quorum" } },
            Ct
        );
        declared.EnsureSuccessStatusCode();
        using HttpResponseMessage published = await http.PostAsJsonAsync(
            "api/exchanges/%2F/amq.default/publish",
            new
            {
                properties = new { },
                routing_key = "kept",
                payload = "a message",
                payload_encoding = "string",
            },
            Ct
        );
        Assert.Contains("\"routed\":true", await published.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using HttpResponseMessage got = await http.PostAsJsonAsync(
            "api/queues/%2F/kept/get",
            new
            {
                count = 1,
                ackmode = "ack_requeue_false",
                encoding = "auto",
            },
            Ct
        );
        using JsonDocument messages = JsonDocument.Parse(await got.Content.ReadAsStringAsync(Ct));
        Assert.Equal("a message", messages.RootElement[0].GetProperty("payload").GetString());
    }
}
