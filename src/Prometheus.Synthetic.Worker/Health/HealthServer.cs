using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Worker.Health;

/// <summary>
/// <c>GET /health/live</c>: the process answers. <c>GET /health/ready</c>: database, schema and bus are there, with lag
/// and queue depths. Listens before anything else starts, so that a worker that waits can say for what.
/// </summary>
public sealed partial class HealthServer(HealthOptions options, ReadinessProbe probe, ILogger<HealthServer> log)
    : IHostedService
{
    private WebApplication? _app;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Port == 0)
            return;
        int first = options.Port ?? HealthOptions.FirstPort;
        int tries = options.Port is null ? HealthOptions.Tries : 1;
        for (int port = first; ; port++)
        {
            WebApplication app = Build($"http://{options.Address}:{port}");
            try
            {
                await app.StartAsync(cancellationToken);
                _app = app;
                LogListening(log, options.Address, port);
                return;
            }
            catch (IOException e)
            {
                await app.DisposeAsync();
                if (port + 1 < first + tries)
                    continue;
                if (options.Port is not null)
                    throw new ScenarioRefusedException(
                        ErrorCodes.Conflict,
                        "SYNTHETIC_HEALTH__PORT",
                        $"the health endpoints cannot listen at {options.Port}: {e.Message}; free it, or leave the variable out"
                    );
                // Not asked for, so no reason not to work.
                LogNone(log, HealthOptions.FirstPort, port);
                return;
            }
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is null)
            return;
        await _app.StopAsync(cancellationToken);
        await _app.DisposeAsync();
    }

    private WebApplication Build(string url)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        WebApplication app = builder.Build();
        app.Urls.Add(url);
        app.Run(context =>
            context.Request.Path.Value switch
            {
                "/health/live" => WriteAsync(context, StatusCodes.Status200OK, new { status = "live" }),
                "/health/ready" => ReadyAsync(context),
                _ => WriteAsync(
                    context,
                    StatusCodes.Status404NotFound,
                    new { error = "there are /health/live and /health/ready" }
                ),
            }
        );
        return app;
    }

    private async Task ReadyAsync(HttpContext context)
    {
        ReadinessReport report = await probe.TakeAsync(context.RequestAborted);
        int code = report.Obstacles.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await WriteAsync(context, code, report);
    }

    private static async Task WriteAsync<T>(HttpContext context, int code, T body)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(context.Response.Body, body, cancellationToken: context.RequestAborted);
    }

    [LoggerMessage(LogLevel.Information, "Health at http://{Address}:{Port}/health/ready")]
    private static partial void LogListening(ILogger log, string address, int port);

    [LoggerMessage(
        LogLevel.Warning,
        "No free port for the health endpoints between {First} and {Last}; working without"
    )]
    private static partial void LogNone(ILogger log, int first, int last);
}
