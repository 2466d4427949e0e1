namespace Prometheus.Synthetic.Worker;

/// <summary>The worker cannot start as it is configured; the message says what to change.</summary>
public sealed class WorkerConfigurationException : Exception
{
    public WorkerConfigurationException(string message)
        : base(message) { }

    public WorkerConfigurationException(string message, Exception inner)
        : base(message, inner) { }
}
