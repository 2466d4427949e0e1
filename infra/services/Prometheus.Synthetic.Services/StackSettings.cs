using Npgsql;

namespace Prometheus.Synthetic.Services;

/// <summary>Resolves the addresses of the services without starting anything.</summary>
public static class StackSettings
{
    /// <summary>The environment first, then the stack that <c>./synthetic up</c> recorded, each service for itself.</summary>
    /// <exception cref="ServiceMissingException">A variable or the recorded stack cannot be understood.</exception>
    public static ServiceAddresses Resolve(Func<string, string?> environment, StackPaths paths)
    {
        ServiceAddresses given = FromEnvironment(environment);
        return given is { IsComplete: true, RabbitMqManagement: not null }
            ? given
            : given.Or(StackFile.Read(paths) is { Running: true } up ? up.Addresses : ServiceAddresses.None);
    }

    /// <exception cref="ServiceMissingException">A variable is malformed; its value is not repeated, it holds a secret.</exception>
    public static ServiceAddresses FromEnvironment(Func<string, string?> environment)
    {
        try
        {
            return new(
                ReadPostgres(environment),
                ReadUri(ServiceVariables.RabbitMq, environment, "amqp", "amqps"),
                ReadUri(ServiceVariables.RabbitMqManagement, environment, "http", "https")
            );
        }
        catch (InvalidOperationException e)
        {
            throw new ServiceMissingException(e.Message, e);
        }
    }

    private static string? ReadPostgres(Func<string, string?> environment)
    {
        string? text = ServiceVariables.Read(ServiceVariables.Postgres, environment);
        if (text is null)
            return null;
        try
        {
            var parsed = new NpgsqlConnectionStringBuilder(text);
            if (string.IsNullOrEmpty(parsed.Host))
                throw new InvalidOperationException($"{ServiceVariables.Postgres} names no Host.");
            return text;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new InvalidOperationException(
                $"{ServiceVariables.Postgres} is not an Npgsql connection string such as "
                    + "Host=127.0.0.1;Port=5432;Database=synthetic;Username=synthetic;Password=…",
                e
            );
        }
    }

    private static Uri? ReadUri(string variable, Func<string, string?> environment, params string[] schemes)
    {
        string? text = ServiceVariables.Read(variable, environment);
        if (text is null)
            return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || !schemes.Contains(uri.Scheme))
        {
            throw new InvalidOperationException(
                $"{variable} is not a URI of the form {schemes[0]}://user:password@host:port/"
            );
        }

        return uri;
    }
}
