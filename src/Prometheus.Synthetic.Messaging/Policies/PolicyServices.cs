using Microsoft.Extensions.DependencyInjection;

namespace Prometheus.Synthetic.Messaging.Policies;

/// <summary>What reading, checking and laying out policies needs; worker and command line share it.</summary>
public static class PolicyServices
{
    public static IServiceCollection AddSyntheticPolicies(this IServiceCollection services)
    {
        services.AddSingleton<PolicyCheck>();
        services.AddSingleton<RefreshPlanner>();
        return services;
    }
}
