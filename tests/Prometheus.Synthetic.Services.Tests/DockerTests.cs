using System.Net.Sockets;
using System.Text;
using Npgsql;
using Prometheus.Synthetic.Services.Containers;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Services.Tests;

/// <summary>Whether an engine is noticed, on made-up sockets; and the containers themselves wherever an engine answers.</summary>
public sealed class DockerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("synthetic-test-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK", true)]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", false)]
    [InlineData("this is no HTTP\r\n\r\n", false)]
    [InlineData("", false)] // accepts and says nothing
    public async Task An_engine_is_one_that_answers_a_ping(string answer, bool expected)
    {
        string path = Path.Combine(_folder, "docker.sock");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        Task<Socket> served = ServeAsync(listener, answer);
        Assert.Equal(expected, await DockerEngine.AnswersAsync(Environment("unix://" + path), Ct));
        (await served).Dispose();
    }

    [Fact]
    public async Task No_socket_or_the_switch_means_no_engine()
    {
        Assert.False(await DockerEngine.AnswersAsync(Environment("unix://" + Path.Combine(_folder, "absent")), Ct));
        Assert.False(await DockerEngine.AnswersAsync(n => n == "SYNTHETIC_DOCKER" ? "off" : null, Ct));
    }

    [Fact]
    public async Task Containers_serve_wherever_an_engine_answers()
    {
        await RequireEngineAsync();
        await using AcquiredService postgres = await ContainerServices.PostgresAsync(Ct);
        await using AcquiredService rabbit = await ContainerServices.RabbitMqAsync(Ct);
        Assert.Equal((ServiceSource.Docker, ServiceSource.Docker), (postgres.Source, rabbit.Source));
        await using (var connection = new NpgsqlConnection(postgres.Addresses.RequirePostgres() + ";Pooling=false"))
        {
            await connection.OpenAsync(Ct);
            Assert.Equal(17, connection.PostgreSqlVersion.Major);
        }

        ServiceStatus status = await ServiceProbe.RabbitMqAsync(rabbit.Addresses, Ct);
        Assert.True(status.Reachable, status.Problem);
        Assert.StartsWith("4.", status.ServerVersion, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_compose_stack_goes_up_and_down_wherever_an_engine_answers()
    {
        await RequireEngineAsync();
        var paths = new StackPaths(_folder);
        File.Copy(Repository.PathOf("docker-compose.yml"), paths.ComposeFile);
        var stack = new PersistentStack(
            paths,
            n =>
                n.StartsWith("SYNTHETIC_", StringComparison.Ordinal)
                    ? null
                    : System.Environment.GetEnvironmentVariable(n),
            _ => { }
        );
        try
        {
            await stack.UpAsync(Ct);
            StackReport report = await StackReport.TakeAsync(_ => null, paths, Ct);
            Assert.Equal("docker", report.Source);
            Assert.All(report.Services, s => Assert.True(s.Reachable, s.Problem));
        }
        finally
        {
            await stack.DownAsync(purge: true, CancellationToken.None);
        }
    }

    /// <summary>Docker is optional everywhere, in CI too, where the private services serve: without it this is skipped.</summary>
    private static async Task RequireEngineAsync()
    {
        if (!await DockerEngine.AnswersAsync(System.Environment.GetEnvironmentVariable, Ct))
            Requirement.OptionalMissing("no Docker engine answers; the private services are tested instead");
    }

    private static async Task<Socket> ServeAsync(Socket listener, string answer)
    {
        Socket connection = await listener.AcceptAsync(Ct);
        if (answer.Length > 0)
            await connection.SendAsync(Encoding.ASCII.GetBytes(answer), Ct);
        return connection;
    }

    private static Func<string, string?> Environment(string host) => n => n == "DOCKER_HOST" ? host : null;
}
