using Prometheus.Synthetic.Services;

namespace Prometheus.Synthetic.TestKit;

/// <summary>
/// PostgreSQL and RabbitMQ of this test process, each found or started once, when a test first asks. What was started
/// ends with the process: private processes have a guardian, containers a reaper. So nothing is stopped here.
/// </summary>
public static class TestServices
{
    private static readonly ServiceFinder s_finder = new(Environment.GetEnvironmentVariable);
    private static readonly Lazy<Task<AcquiredService>> s_postgres = new(() =>
        s_finder.PostgresAsync(CancellationToken.None)
    );
    private static readonly Lazy<Task<AcquiredService>> s_rabbitMq = new(() =>
        s_finder.RabbitMqAsync(CancellationToken.None)
    );

    /// <summary>Npgsql connection string of a role that may create databases. Without a server the test skips, or fails in CI.</summary>
    public static async Task<string> PostgresAsync() => (await RequireAsync(s_postgres)).RequirePostgres();

    /// <summary>Broker and management API. Without a broker the test skips, or fails in CI.</summary>
    public static Task<ServiceAddresses> RabbitMqAsync() => RequireAsync(s_rabbitMq);

    private static async Task<ServiceAddresses> RequireAsync(Lazy<Task<AcquiredService>> service)
    {
        try
        {
            return (await service.Value).Addresses;
        }
        catch (ServiceMissingException e)
        {
            Requirement.Missing(e.Message);
            throw;
        }
    }
}
