using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Engine.Lifecycle;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>What an operator does to a set beside the running worker.</summary>
public static class OperatorActs
{
    public static async Task DeleteAsync(string postgres, Guid id, CancellationToken ct)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSyntheticEngine(postgres);
        await using ServiceProvider engine = services.BuildServiceProvider();
        Assert.True(
            await engine
                .GetRequiredService<SetLifecycle>()
                .DeleteAsync(id, new Act("tests", "to be asked for again"), ct)
        );
    }
}
