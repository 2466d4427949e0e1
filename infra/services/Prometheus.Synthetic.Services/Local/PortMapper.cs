using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Prometheus.Synthetic.Services.Processes;

namespace Prometheus.Synthetic.Services.Local;

/// <summary>
/// Erlang's port mapper, epmd, of one broker alone. RabbitMQ insists on one, and Erlang by itself starts a daemon where it
/// finds none: one that no record names and that outlives the broker. So it is started here, recorded and awaited, and
/// <see cref="NoOther"/> forbids every Erlang of the broker to start another.
/// </summary>
internal static class PortMapper
{
    public const string Name = "epmd";

    /// <summary>Flags of Erlang (<c>ERL_ZFLAGS</c>), which the helpers that RabbitMQ starts inherit too.</summary>
    public const string NoOther = "-start_epmd false";

    /// <summary>Length 1, then the request for all names (Erlang distribution protocol, NAMES_REQ).</summary>
    private static readonly byte[] s_namesRequest = [0, 1, (byte)'n'];

    /// <returns>Its process, as soon as it answers.</returns>
    /// <exception cref="ServiceMissingException">It does not start; the message says why.</exception>
    public static async Task<StackProcess> StartAsync(
        string program,
        string folder,
        int port,
        IReadOnlyDictionary<string, string> environment,
        ServiceAccount? account,
        CancellationToken ct
    )
    {
        string[] command = [program, "-port", port.ToString(), "-address", "127.0.0.1"];
        var mapper = new DetachedProcess(Name, command, environment, Signal.Terminate) { Account = account };
        StackProcess process = mapper.Start(folder);
        try
        {
            await Readiness.AwaitAsync(mapper, process, folder, c => ProbeAsync(port, c), ct);
            // Another's may answer at this port, so that ours could not have it.
            return ProcessIdentity.IsAlive(process) ? process : throw mapper.Died(folder);
        }
        catch
        {
            await DetachedProcess.StopAsync(
                process,
                Signal.Terminate,
                TimeSpan.FromSeconds(10),
                CancellationToken.None
            );
            throw;
        }
    }

    private static async Task<ServiceStatus> ProbeAsync(int port, CancellationToken ct)
    {
        string address = $"127.0.0.1:{port}";
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, ct);
            NetworkStream stream = client.GetStream();
            await stream.WriteAsync(s_namesRequest, ct);
            var answer = new byte[4];
            await stream.ReadExactlyAsync(answer, ct);
            // It begins its answer with its own port.
            return BinaryPrimitives.ReadInt32BigEndian(answer) == port
                ? new(Name, address, true, null, null)
                : new(Name, address, false, null, "what answers is no port mapper");
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return new(Name, address, false, null, e.Message);
        }
    }
}
