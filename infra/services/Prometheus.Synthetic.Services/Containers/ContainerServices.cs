using Microsoft.Extensions.Logging.Abstractions;
using Testcontainers.PostgreSql;
using Testcontainers.RabbitMq;

namespace Prometheus.Synthetic.Services.Containers;

/// <summary>Short-lived containers. Testcontainers removes them at the end, and its reaper does if we die before.</summary>
internal static class ContainerServices
{
    /// <summary>The images of docker-compose.yml; a test compares them.</summary>
    public const string PostgresImage = "postgres:17.6";
    public const string RabbitMqImage = "rabbitmq:4.1-management";

    private const string User = "synthetic";
    private const ushort AmqpPort = 5672;
    private const ushort ManagementPort = 15672;

    public static async Task<AcquiredService> PostgresAsync(CancellationToken ct)
    {
        PostgreSqlContainer container = new PostgreSqlBuilder(PostgresImage)
            .WithDatabase("synthetic")
            .WithUsername(User)
            .WithPassword(Secrets.NewPassword())
            // The data are thrown away: speed instead of safety against power loss.
            .WithCommand("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "max_connections=200")
            .WithLogger(NullLogger.Instance)
            .Build();
        try
        {
            await container.StartAsync(ct);
            return new(new(container.GetConnectionString(), null, null), ServiceSource.Docker, container);
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    public static async Task<AcquiredService> RabbitMqAsync(CancellationToken ct)
    {
        string password = Secrets.NewPassword();
        RabbitMqContainer container = new RabbitMqBuilder(RabbitMqImage)
            .WithUsername(User)
            .WithPassword(password)
            .WithPortBinding(ManagementPort, assignRandomHostPort: true)
            .WithLogger(NullLogger.Instance)
            .Build();
        try
        {
            await container.StartAsync(ct);
            var addresses = new ServiceAddresses(
                null,
                new Uri($"amqp://{User}:{password}@{container.Hostname}:{container.GetMappedPublicPort(AmqpPort)}/"),
                new Uri(
                    $"http://{User}:{password}@{container.Hostname}:{container.GetMappedPublicPort(ManagementPort)}/"
                )
            );
            return new(addresses, ServiceSource.Docker, container);
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }
}
