namespace Prometheus.Synthetic.Services;

/// <summary>Where a service came from.</summary>
public enum ServiceSource
{
    Environment,
    Docker,
    PrivateProcess,
}

/// <summary>A service to use until disposed. What was only found is left alone; what was started is stopped.</summary>
public sealed class AcquiredService : IAsyncDisposable
{
    private readonly IAsyncDisposable? _owned;

    internal AcquiredService(ServiceAddresses addresses, ServiceSource source, IAsyncDisposable? owned)
    {
        Addresses = addresses;
        Source = source;
        _owned = owned;
    }

    /// <summary>Addresses of this service; the members of the other one are null.</summary>
    public ServiceAddresses Addresses { get; }

    public ServiceSource Source { get; }

    public ValueTask DisposeAsync() => _owned?.DisposeAsync() ?? ValueTask.CompletedTask;
}
