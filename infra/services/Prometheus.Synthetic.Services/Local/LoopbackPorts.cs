using System.Net;
using System.Net.Sockets;

namespace Prometheus.Synthetic.Services.Local;

/// <summary>Free TCP ports of the loopback interface.</summary>
internal static class LoopbackPorts
{
    /// <summary>
    /// Distinct free ports, held together until all are known. Another program may still take one before the service
    /// binds it; the service then ends at once and its starter tries again with others.
    /// </summary>
    public static int[] Free(int count)
    {
        var listeners = new List<TcpListener>(count);
        try
        {
            for (int i = 0; i < count; i++)
            {
                var listener = new TcpListener(IPAddress.Loopback, 0);
                listener.Start();
                listeners.Add(listener);
            }

            return [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(l => l.Dispose());
        }
    }

    /// <summary>Whether a service could listen on every one of these ports now.</summary>
    public static bool AreFree(params IEnumerable<int> ports)
    {
        foreach (int port in ports)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
            }
            catch (SocketException)
            {
                return false;
            }
        }

        return true;
    }
}
