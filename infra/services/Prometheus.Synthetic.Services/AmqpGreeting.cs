using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Prometheus.Synthetic.Services;

/// <summary>
/// Asks a broker what it is without logging in: AMQP 0-9-1 begins with the server's <c>connection.start</c>, whose
/// properties carry product and version (AMQP 0-9-1, sections 1.4.2.1 and 4.2). Keeps a whole client out of this library.
/// </summary>
internal static class AmqpGreeting
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public static int PortOf(Uri amqp) =>
        amqp.Port > 0 ? amqp.Port
        : amqp.Scheme == "amqps" ? 5671
        : 5672;

    /// <exception cref="IOException">What answers is no AMQP 0-9-1 broker.</exception>
    /// <exception cref="SocketException">Nothing answers.</exception>
    public static async Task<string> ServerVersionAsync(Uri amqp, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(s_patience);
        using var client = new TcpClient();
        await client.ConnectAsync(amqp.Host, PortOf(amqp), patience.Token);
        Stream stream = client.GetStream();
        if (amqp.Scheme == "amqps")
        {
            var tls = new SslStream(stream);
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = amqp.Host },
                patience.Token
            );
            stream = tls;
        }

        await using Stream owned = stream;
        await owned.WriteAsync("AMQP\0\0\u0009\u0001"u8.ToArray(), patience.Token);
        var head = new byte[7];
        await owned.ReadExactlyAsync(head, patience.Token);
        int size = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(3));
        if (head[0] != 1 || size is < 4 or > 65536)
            throw new IOException("what answers is not an AMQP 0-9-1 broker");
        var payload = new byte[size];
        await owned.ReadExactlyAsync(payload, patience.Token);
        return Property(payload, "version") ?? "unknown";
    }

    /// <summary>A long-string entry of the property table: length-prefixed name, type 'S', 32-bit length, text.</summary>
    private static string? Property(byte[] payload, string name)
    {
        byte[] key = [(byte)name.Length, .. Encoding.ASCII.GetBytes(name), (byte)'S'];
        int at = payload.AsSpan().IndexOf(key);
        if (at < 0 || at + key.Length + 4 > payload.Length)
            return null;
        int length = BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(at + key.Length));
        int start = at + key.Length + 4;
        return length >= 0 && start + length <= payload.Length ? Encoding.UTF8.GetString(payload, start, length) : null;
    }
}
