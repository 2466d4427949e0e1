using Microsoft.Extensions.DependencyInjection;

namespace Prometheus.Synthetic.Exchange;

/// <summary>Composes export and import; a host that offers neither does not carry their libraries.</summary>
public static class ExchangeServices
{
    /// <summary>Needs <c>AddSyntheticEngine</c>.</summary>
    public static IServiceCollection AddSyntheticExchange(this IServiceCollection services)
    {
        services.AddSingleton<SetExporter>();
        services.AddSingleton<SetImporter>();
        return services;
    }
}
