using System.Net.Sockets;
using MassTransit;
using Npgsql;
using RabbitMQ.Client.Exceptions;

namespace Prometheus.Synthetic.Messaging.Consumers;

/// <summary>Which failures go away by themselves: database, broker or network is down, slow or restarting; we are stopping.</summary>
public static class Transient
{
    public static bool Is(Exception e) =>
        e switch
        {
            OperationCanceledException => true,
            PostgresException p => p.IsTransient
                || p.SqlState is "57P01" or "57P02" or "57P03" or "40001" or "40P01" or "53300" or "55P03" or "57014",
            // Everything else from the driver is the connection.
            NpgsqlException => true,
            RabbitMQClientException or RabbitMqConnectionException or MassTransit.ConnectionException => true,
            TransportException or TimeoutException or IOException or SocketException or ObjectDisposedException => true,
            AggregateException { InnerExceptions: { Count: > 0 } all } => all.All(Is),
            { InnerException: { } inner } => Is(inner),
            _ => false,
        };
}
