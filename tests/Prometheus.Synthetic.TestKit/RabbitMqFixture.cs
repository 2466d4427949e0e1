using System.Net;
using System.Net.Http.Json;
using Prometheus.Synthetic.Services;
using Xunit;

namespace Prometheus.Synthetic.TestKit;

/// <summary>
/// An empty virtual host for one test collection, as <c>IClassFixture</c> or <c>ICollectionFixture</c>. Named after the
/// collection, deleted and created before its first test and never after, so that queues can be looked into.
/// </summary>
public sealed class RabbitMqFixture : IAsyncLifetime
{
    private Exception? _missing;
    private Uri? _address;
    private HttpClient? _management;

    /// <summary>AMQP URI with credentials and this virtual host. Without a broker the test skips, or fails with CI=true.</summary>
    public Uri Address => Present(_address);

    /// <summary>Client of the management API, e.g. <c>GET api/queues/{VirtualHost}</c>.</summary>
    public HttpClient Management => Present(_management);

    public string VirtualHost { get; } = CollectionName.Current();

    public async ValueTask InitializeAsync()
    {
        try
        {
            ServiceAddresses broker = await TestServices.RabbitMqAsync();
            _management = ServiceProbe.ManagementClient(broker.RequireRabbitMqManagement());
            Uri amqp = broker.RequireRabbitMq();
            await RecreateAsync(_management, VirtualHost, Uri.UnescapeDataString(amqp.UserInfo.Split(':')[0]));
            _address = new UriBuilder(amqp) { Path = "/" + VirtualHost }.Uri;
        }
        catch (Exception e)
        {
            // A fixture cannot skip its tests; each test does when it asks for the broker.
            _missing = e;
        }
    }

    public ValueTask DisposeAsync()
    {
        _management?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Deletes a virtual host with all its queues and creates it anew, with all rights for <paramref name="user"/>.</summary>
    public static async Task RecreateAsync(HttpClient management, string virtualHost, string user)
    {
        string name = Uri.EscapeDataString(virtualHost);
        using (HttpResponseMessage deleted = await management.DeleteAsync($"api/vhosts/{name}"))
        {
            if (deleted.StatusCode != HttpStatusCode.NotFound)
                deleted.EnsureSuccessStatusCode();
        }

        using (HttpResponseMessage created = await management.PutAsJsonAsync($"api/vhosts/{name}", new { }))
            created.EnsureSuccessStatusCode();
        using HttpResponseMessage allowed = await management.PutAsJsonAsync(
            $"api/permissions/{name}/{Uri.EscapeDataString(user)}",
            new
            {
                configure = ".*",
                write = ".*",
                read = ".*",
            }
        );
        allowed.EnsureSuccessStatusCode();
    }

    private T Present<T>(T? value)
        where T : class
    {
        if (_missing is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_missing);
        return value ?? throw new InvalidOperationException("The fixture has not been initialised.");
    }
}
