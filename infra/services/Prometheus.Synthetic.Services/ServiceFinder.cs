using Prometheus.Synthetic.Services.Containers;
using Prometheus.Synthetic.Services.Local;
using Prometheus.Synthetic.Services.Processes;

namespace Prometheus.Synthetic.Services;

/// <summary>
/// Finds or starts the services that tests and one-off commands use, in this order: addresses in the environment; Docker
/// when an engine answers; private processes of this machine, which end with this process whatever its death.
/// </summary>
/// <param name="environment">Reads one environment variable; null when unset.</param>
/// <param name="notice">Receives one line when something unusual happens, e.g. Docker answers but cannot start a container.</param>
public sealed class ServiceFinder(Func<string, string?> environment, Action<string>? notice = null)
{
    /// <summary>Another program may take a free port before our service does; then other ports are tried.</summary>
    private const int Attempts = 3;

    /// <exception cref="ServiceMissingException">None of the three ways leads to a PostgreSQL; the message says why.</exception>
    public Task<AcquiredService> PostgresAsync(CancellationToken ct)
    {
        ServiceAddresses given = StackSettings.FromEnvironment(environment);
        return given.Postgres is not null
            ? Found(given with { RabbitMq = null, RabbitMqManagement = null })
            : StartAsync("PostgreSQL", ContainerServices.PostgresAsync, PrivatePostgresAsync, ct);
    }

    /// <exception cref="ServiceMissingException">None of the three ways leads to a RabbitMQ; the message says why.</exception>
    public Task<AcquiredService> RabbitMqAsync(CancellationToken ct)
    {
        ServiceAddresses given = StackSettings.FromEnvironment(environment);
        return given.RabbitMq is not null
            ? Found(given with { Postgres = null })
            : StartAsync("RabbitMQ", ContainerServices.RabbitMqAsync, PrivateRabbitMqAsync, ct);
    }

    /// <summary>
    /// Debian packages without which nothing can be started here; empty when every service is named in the environment
    /// or runs already, or a Docker engine answers.
    /// </summary>
    public async Task<IReadOnlyList<string>> MissingPackagesAsync(StackPaths paths, CancellationToken ct)
    {
        IReadOnlyList<string> missing = LocalPrograms.Find().MissingPackages;
        return
            missing.Count == 0
            || StackSettings.Resolve(environment, paths).IsComplete
            || await DockerEngine.AnswersAsync(environment, ct)
            ? []
            : missing;
    }

    private static Task<AcquiredService> Found(ServiceAddresses addresses) =>
        Task.FromResult(new AcquiredService(addresses, ServiceSource.Environment, owned: null));

    private async Task<AcquiredService> StartAsync(
        string service,
        Func<CancellationToken, Task<AcquiredService>> container,
        Func<CancellationToken, Task<AcquiredService>> process,
        CancellationToken ct
    )
    {
        string docker = "no Docker engine answers";
        if (await DockerEngine.AnswersAsync(environment, ct))
        {
            try
            {
                return await container(ct);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                docker = $"Docker answers but cannot start {service}: {e.Message.ReplaceLineEndings(" ")}";
                notice?.Invoke(docker + "; trying a private process");
            }
        }

        try
        {
            return await process(ct);
        }
        catch (ServiceMissingException e)
        {
            throw new ServiceMissingException(
                $"{service} cannot be had: {docker}; as a private process: {e.Message}",
                e
            );
        }
    }

    private static Task<AcquiredService> PrivatePostgresAsync(CancellationToken ct) =>
        GuardedAsync(
            async folder =>
            {
                int port = LoopbackPorts.Free(1)[0];
                var server = await PrivatePostgres.StartAsync(folder, port, Secrets.NewPassword(), durable: false, ct);
                return new(server.ConnectionString, null, null);
            },
            ct
        );

    private static Task<AcquiredService> PrivateRabbitMqAsync(CancellationToken ct) =>
        GuardedAsync(
            async folder =>
                (
                    await PrivateRabbitMq.StartAsync(
                        folder,
                        RabbitMqPorts.Free(),
                        Secrets.NewPassword(),
                        durable: false,
                        ct
                    )
                ).Addresses,
            ct
        );

    private static async Task<AcquiredService> GuardedAsync(
        Func<string, Task<ServiceAddresses>> start,
        CancellationToken ct
    )
    {
        if (!OperatingSystem.IsLinux())
            throw new ServiceMissingException("private processes are supported on Linux only; start Docker");
        for (int attempt = 1; ; attempt++)
        {
            ct.ThrowIfCancellationRequested();
            Guardian guardian = Guardian.Start();
            try
            {
                return new(await start(guardian.Folder), ServiceSource.PrivateProcess, guardian);
            }
            catch (ServiceMissingException e) when (attempt < Attempts && e.LostPort)
            {
                await guardian.DisposeAsync();
            }
            catch
            {
                await guardian.DisposeAsync();
                throw;
            }
        }
    }
}
