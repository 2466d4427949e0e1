using System.Net.Sockets;
using Npgsql;

namespace Prometheus.Synthetic.Messaging.Consumers;

/// <summary>Which failures go away by themselves: the database or the network is down, slow or restarting.</summary>
public static class Transient
{
    public static bool Is(Exception e) =>
        e switch
        {
            OperationCanceledException => true,
            NpgsqlException { IsTransient: true } => true,
            PostgresException p => p.SqlState
                is "57P01"
                    or "57P02"
                    or "57P03"
                    or "40001"
                    or "40P01"
                    or "53300"
                    or "55P03",
            NpgsqlException => true,
            TimeoutException or IOException or SocketException => true,
            { InnerException: { } inner } => Is(inner),
            _ => false,
        };
}
