using System.Net.Sockets;
using System.Text.Json;
using Prometheus.Synthetic.Services.Processes;

namespace Prometheus.Synthetic.Services.Containers;

/// <summary>Finds out, quickly and quietly, whether a Docker engine answers.</summary>
public static class DockerEngine
{
    /// <summary>Set to <c>off</c> or <c>0</c>, makes as if no engine answered.</summary>
    public const string SwitchVariable = "SYNTHETIC_DOCKER";

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(1500);

    /// <summary>
    /// True when an engine answers a ping within a second and a half. Sockets are asked directly; only a context or a
    /// remote host, which may need TLS or SSH, is left to the Docker client.
    /// </summary>
    public static async Task<bool> AnswersAsync(Func<string, string?> environment, CancellationToken ct)
    {
        if (environment(SwitchVariable) is "off" or "0" or "false")
            return false;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(s_patience);
        try
        {
            string? host = environment("DOCKER_HOST");
            if (host is not null && host.StartsWith("unix://", StringComparison.Ordinal))
                return await PingAsync(host["unix://".Length..], patience.Token);
            if (!string.IsNullOrEmpty(host) || UsesContext(environment))
                return await ClientReachesServerAsync(patience.Token);
            foreach (string socket in Sockets(environment).Where(File.Exists))
            {
                if (await PingAsync(socket, patience.Token))
                    return true;
            }

            return false;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }

    private static IEnumerable<string> Sockets(Func<string, string?> environment)
    {
        yield return "/var/run/docker.sock";
        if (environment("XDG_RUNTIME_DIR") is { Length: > 0 } runtime)
            yield return Path.Combine(runtime, "docker.sock");
        if (environment("HOME") is { Length: > 0 } home)
        {
            yield return Path.Combine(home, ".docker/run/docker.sock");
            yield return Path.Combine(home, ".docker/desktop/docker.sock");
        }
    }

    /// <summary>Whether the client's configuration names a context other than the default sockets.</summary>
    private static bool UsesContext(Func<string, string?> environment)
    {
        if (environment("DOCKER_CONTEXT") is { Length: > 0 } context)
            return context != "default";
        string folder = environment("DOCKER_CONFIG") ?? Path.Combine(environment("HOME") ?? "/", ".docker");
        try
        {
            using JsonDocument config = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "config.json")));
            return config.RootElement.TryGetProperty("currentContext", out JsonElement current)
                && current.GetString() is { Length: > 0 } and not "default";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return false;
        }
    }

    private static async Task<bool> PingAsync(string socket, CancellationToken ct)
    {
        using var handler = new SocketsHttpHandler();
        handler.ConnectCallback = async (_, c) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), c);
                return new NetworkStream(connection, ownsSocket: true);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        };
        using var http = new HttpClient(handler);
        try
        {
            using HttpResponseMessage answer = await http.GetAsync("http://docker/_ping", ct);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException)
        {
            return false;
        }
    }

    private static async Task<bool> ClientReachesServerAsync(CancellationToken ct)
    {
        try
        {
            string[] command = ["docker", "version", "--format", "{{.Server.Version}}"];
            return (await ShortCommand.RunAsync(command, ct: ct)).ExitCode == 0;
        }
        catch (ServiceMissingException)
        {
            return false; // no client either
        }
    }
}
