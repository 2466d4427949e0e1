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

    /// <summary>The service ended because another program holds its port: another port may do.</summary>
    internal bool LostPort { get; init; }
}
