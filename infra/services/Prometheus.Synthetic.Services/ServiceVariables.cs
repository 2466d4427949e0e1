namespace Prometheus.Synthetic.Services;

/// <summary>
/// The environment variables that name the services. Each has a variant with the suffix <c>_FILE</c> that names a file
/// holding the value, as orchestrators mount secrets. Depends on nothing, so that a host may compile this file in.
/// </summary>
public static class ServiceVariables
{
    /// <summary>Npgsql connection string.</summary>
    public const string Postgres = "SYNTHETIC_POSTGRES";

    /// <summary>AMQP URI with credentials and virtual host.</summary>
    public const string RabbitMq = "SYNTHETIC_RABBITMQ";

    /// <summary>HTTP URI of RabbitMQ's management API with user information.</summary>
    public const string RabbitMqManagement = "SYNTHETIC_RABBITMQ_MANAGEMENT";

    public const string FileSuffix = "_FILE";

    /// <summary>Value of a variable or of the file that its <c>_FILE</c> variant names; null when neither is set.</summary>
    /// <exception cref="InvalidOperationException">Both are set, or the file cannot be read or is empty.</exception>
    public static string? Read(string variable, Func<string, string?> environment)
    {
        string? direct = NullIfBlank(environment(variable));
        string? file = NullIfBlank(environment(variable + FileSuffix));
        if (file is null)
            return direct;
        if (direct is not null)
            throw new InvalidOperationException($"{variable} and {variable}{FileSuffix} are both set; keep one.");
        try
        {
            return NullIfBlank(File.ReadAllText(file))
                ?? throw new InvalidOperationException($"{variable}{FileSuffix} names {file}, which is empty.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"{variable}{FileSuffix} names {file}, which cannot be read: {e.Message}",
                e
            );
        }
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
