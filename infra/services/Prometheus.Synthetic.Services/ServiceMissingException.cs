namespace Prometheus.Synthetic.Services;

/// <summary>
/// PostgreSQL or RabbitMQ is not configured, cannot be started, or does not answer. The message says which, what was
/// tried and what to do.
/// </summary>
public sealed class ServiceMissingException : Exception
{
    public ServiceMissingException(string message)
        : base(message) { }

    public ServiceMissingException(string message, Exception inner)
        : base(message, inner) { }
}
