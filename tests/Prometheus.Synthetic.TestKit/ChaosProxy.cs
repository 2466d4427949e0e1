using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Prometheus.Synthetic.TestKit;

/// <summary>A TCP proxy on the loopback interface that can cut every connection and hold every byte back.</summary>
public sealed class ChaosProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> _open = [];
    private readonly CancellationTokenSource _end = new();
    private readonly string _host;
    private readonly int _port;
    private volatile TaskCompletionSource? _stall;
    private volatile bool _refusing;

    public ChaosProxy(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Closes every connection; new ones are refused until <see cref="Resume"/>.</summary>
    public void Cut()
    {
        _refusing = true;
        foreach (TcpClient client in _open.Keys)
            client.Close();
    }

    /// <summary>Keeps connections open and lets nothing through until <see cref="Resume"/>.</summary>
    public void Stall() => _stall = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume()
    {
        _refusing = false;
        TaskCompletionSource? stalled = _stall;
        _stall = null;
        stalled?.SetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        Resume();
        foreach (TcpClient client in _open.Keys)
            client.Close();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task ServeAsync(TcpClient near)
    {
        using TcpClient client = near;
        using var far = new TcpClient();
        if (_refusing)
            return;
        try
        {
            await far.ConnectAsync(_host, _port, _end.Token);
            _open[client] = _open[far] = true;
            await Task.WhenAny(
                PumpAsync(client.GetStream(), far.GetStream()),
                PumpAsync(far.GetStream(), client.GetStream())
            );
        }
        catch (Exception e)
            when (e is SocketException or IOException or OperationCanceledException or InvalidOperationException)
        {
            // A cut, or the service is down: the client sees its connection close.
        }
        finally
        {
            _open.TryRemove(client, out _);
            _open.TryRemove(far, out _);
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer, _end.Token)) > 0)
            {
                if (_stall is { } stalled)
                    await stalled.Task;
                await to.WriteAsync(buffer.AsMemory(0, read), _end.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Closed on one side: the other follows.
        }
    }
}
