using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Exchange;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Market;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>The engine as a command uses it: composed on the configured database, disposed with the command.</summary>
public sealed class EngineScope : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private EngineScope(ServiceProvider services) => _services = services;

    /// <exception cref="Services.ServiceMissingException">No PostgreSQL is configured.</exception>
    public static EngineScope Open(CliContext cli)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(cli.Clock);
        services.AddSyntheticEngine(cli);
        services.AddSyntheticExchange();
        foreach (IDocumentRegistration registration in SagaDocuments.All)
            services.AddSingleton(registration);
        return new EngineScope(services.BuildServiceProvider());
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
