using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Prometheus.Synthetic.Services;

/// <summary>Whether one service answers.</summary>
/// <param name="Service">Name of the service.</param>
/// <param name="Address">Where it was asked, without credentials; null when not configured.</param>
/// <param name="Reachable">It answered, with credentials accepted.</param>
/// <param name="ServerVersion">What it said it is; null when it did not answer.</param>
/// <param name="Problem">Why it did not answer; null when it did.</param>
public sealed record ServiceStatus(
    string Service,
    string? Address,
    bool Reachable,
    string? ServerVersion,
    string? Problem
);

/// <summary>Asks the services for their versions with the credentials that clients use.</summary>
public static class ServiceProbe
{
    public static async Task<ServiceStatus> PostgresAsync(string? connectionString, CancellationToken ct)
    {
        const string Name = "PostgreSQL";
        if (connectionString is null)
            return new(Name, null, false, null, "not configured");
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Timeout = 3, Pooling = false };
        string address = $"{settings.Host}:{settings.Port}/{settings.Database ?? settings.Username}";
        try
        {
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync(ct);
            return new(Name, address, true, connection.ServerVersion, null);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException)
        {
            return new(Name, address, false, null, OneLine(e));
        }
    }

    /// <summary>
    /// RabbitMQ by its management API when that is known; else whether something speaks AMQP 0-9-1 at the address.
    /// </summary>
    public static async Task<ServiceStatus> RabbitMqAsync(ServiceAddresses addresses, CancellationToken ct)
    {
        const string Name = "RabbitMQ";
        if (addresses.RabbitMq is not { } amqp)
            return new(Name, null, false, null, "not configured");
        string address = $"{amqp.Host}:{AmqpGreeting.PortOf(amqp)}{amqp.AbsolutePath}";
        try
        {
            string version = addresses.RabbitMqManagement is { } management
                ? await ManagementVersionAsync(management, ct)
                : await AmqpGreeting.ServerVersionAsync(amqp, ct);
            return new(Name, address, true, version, null);
        }
        catch (Exception e)
            when (e is HttpRequestException or IOException or System.Net.Sockets.SocketException or JsonException
                || (e is OperationCanceledException && !ct.IsCancellationRequested)
            )
        {
            return new(Name, address, false, null, e is OperationCanceledException ? "no answer in time" : OneLine(e));
        }
    }

    private static async Task<string> ManagementVersionAsync(Uri management, CancellationToken ct)
    {
        using HttpClient http = ManagementClient(management);
        using JsonDocument overview = JsonDocument.Parse(await http.GetStringAsync("api/overview", ct));
        return overview.RootElement.GetProperty("rabbitmq_version").GetString() ?? "unknown";
    }

    /// <summary>A client of the management API with the credentials of <paramref name="management"/>.</summary>
    public static HttpClient ManagementClient(Uri management)
    {
        string user = Uri.UnescapeDataString(management.UserInfo);
        string root = management.GetComponents(
            UriComponents.SchemeAndServer | UriComponents.Path,
            UriFormat.UriEscaped
        );
        var http = new HttpClient
        {
            BaseAddress = new Uri(root.EndsWith('/') ? root : root + "/"),
            Timeout = TimeSpan.FromSeconds(10),
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes(user))
        );
        return http;
    }

    private static string OneLine(Exception e) => e.Message.ReplaceLineEndings(" ").Trim();
}
