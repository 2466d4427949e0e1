namespace Prometheus.Synthetic.Services;

/// <summary>Where PostgreSQL and RabbitMQ are; a member is null when nothing names that service.</summary>
/// <param name="Postgres">Npgsql connection string.</param>
/// <param name="RabbitMq">AMQP URI with credentials and virtual host, e.g. <c>amqp://user:secret@127.0.0.1:5672/</c>.</param>
/// <param name="RabbitMqManagement">HTTP URI of the management API with user information, ending in a slash.</param>
public sealed record ServiceAddresses(string? Postgres, Uri? RabbitMq, Uri? RabbitMqManagement)
{
    public static ServiceAddresses None { get; } = new(null, null, null);

    /// <summary>Both services are named; the management API is a convenience of tests and of <c>status</c>.</summary>
    public bool IsComplete => Postgres is not null && RabbitMq is not null;

    /// <summary>This, with what is missing taken from <paramref name="other"/>.</summary>
    public ServiceAddresses Or(ServiceAddresses other) =>
        new(
            Postgres ?? other.Postgres,
            RabbitMq ?? other.RabbitMq,
            // A management address belongs to its broker: never mix one broker's API with another's queues.
            RabbitMqManagement ?? (RabbitMq is null || RabbitMq == other.RabbitMq ? other.RabbitMqManagement : null)
        );

    /// <exception cref="ServiceMissingException">No PostgreSQL is named.</exception>
    public string RequirePostgres() =>
        Postgres ?? throw Missing("PostgreSQL", ServiceVariables.Postgres, "an Npgsql connection string");

    /// <exception cref="ServiceMissingException">No RabbitMQ is named.</exception>
    public Uri RequireRabbitMq() => RabbitMq ?? throw Missing("RabbitMQ", ServiceVariables.RabbitMq, "an AMQP URI");

    /// <exception cref="ServiceMissingException">No management API is named.</exception>
    public Uri RequireRabbitMqManagement() =>
        RabbitMqManagement
        ?? throw Missing(
            "RabbitMQ's management API",
            ServiceVariables.RabbitMqManagement,
            "an HTTP URI with user:password"
        );

    /// <summary>The environment variables that hand these addresses to another process.</summary>
    public IEnumerable<KeyValuePair<string, string>> ToEnvironment()
    {
        if (Postgres is not null)
            yield return new(ServiceVariables.Postgres, Postgres);
        if (RabbitMq is not null)
            yield return new(ServiceVariables.RabbitMq, RabbitMq.AbsoluteUri);
        if (RabbitMqManagement is not null)
            yield return new(ServiceVariables.RabbitMqManagement, RabbitMqManagement.AbsoluteUri);
    }

    private static ServiceMissingException Missing(string service, string variable, string form) =>
        new($"{service} is not configured: start a stack with `./synthetic up`, or set {variable} ({form}).");
}
