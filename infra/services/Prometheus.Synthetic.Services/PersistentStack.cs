using Npgsql;
using Prometheus.Synthetic.Services.Containers;
using Prometheus.Synthetic.Services.Local;
using Prometheus.Synthetic.Services.Processes;

namespace Prometheus.Synthetic.Services;

/// <summary>
/// The stack of <c>./synthetic up</c>: outlives the command, keeps its data over <c>down</c> and <c>up</c>, and is described
/// in <see cref="StackPaths.StackFile"/>. With Docker it is docker-compose.yml, else private processes.
/// </summary>
/// <param name="progress">Receives one line for each step.</param>
public sealed class PersistentStack(StackPaths paths, Func<string, string?> environment, Action<string> progress)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Starts what does not run yet; a stack that runs is left as it is.</summary>
    /// <returns>The addresses, and whether anything had to be started.</returns>
    /// <exception cref="ServiceMissingException">A service cannot be started; what this call started is stopped again.</exception>
    public async Task<(ServiceAddresses Addresses, bool Started)> UpAsync(CancellationToken ct)
    {
        using FileStream turn = TakeTurn();
        ServiceAddresses given = StackSettings.FromEnvironment(environment);
        if (given.IsComplete)
        {
            progress("Both services are named in the environment: nothing to start.");
            return (given, false);
        }

        StackFile? last = StackFile.Read(paths);
        if (last is { Running: true } && await AnswersAsync(last.Addresses, ct))
            return (last.Addresses, false);

        bool docker = last is null
            ? await DockerEngine.AnswersAsync(environment, ct)
            // Data are kept either here or in volumes: a stack stays of its kind until it is purged.
            : last.Kind == StackKind.Docker;
        StackFile stack = docker
            ? await new ComposeStack(paths, progress).UpAsync(last, ct)
            : await UpPrivateAsync(last, ct);
        stack.Write(paths);
        return (stack.Addresses, true);
    }

    /// <summary>Stops what <see cref="UpAsync"/> started, by process id, and with <paramref name="purge"/> removes its data.</summary>
    /// <returns>False when there was nothing to stop or to remove.</returns>
    public async Task<bool> DownAsync(bool purge, CancellationToken ct)
    {
        using FileStream turn = TakeTurn();
        StackFile? stack = StackFile.Read(paths);
        if (stack is null)
            return purge && await RemoveOrphanAsync(StackFolder.PathOf(paths), ct);
        IReadOnlyList<StackProcess> processes = stack.AllProcesses(paths);
        bool acted = stack.Running || processes.Any(ProcessIdentity.IsAlive);
        await StopAsync(processes, ct);
        if (stack.Kind == StackKind.Docker)
        {
            await new ComposeStack(paths, progress).DownAsync(stack, purge, ct);
        }
        else if (purge && stack.Data is { } data && Directory.Exists(data))
        {
            progress($"Removing {data}");
            StackFolder.Remove(data);
            acted = true;
        }

        if (purge)
        {
            File.Delete(paths.StackFile);
            return true;
        }

        (stack with { Processes = [], Running = false }).Write(paths);
        return acted;
    }

    /// <summary>Data that no record describes: what runs over them is known by its own record.</summary>
    private async Task<bool> RemoveOrphanAsync(string data, CancellationToken ct)
    {
        if (!Directory.Exists(data))
            return false;
        await StopAsync([.. DetachedProcess.Recorded(data)], ct);
        progress($"Removing {data}");
        StackFolder.Remove(data);
        return true;
    }

    /// <summary>
    /// Starts a program that belongs to the stack, e.g. the worker, detached, with the stack's addresses in its
    /// environment, and records it so that <c>down</c> stops it first. Its output goes to <c>.synthetic/NAME.log</c>.
    /// One that runs already under that name is left as it is.
    /// </summary>
    /// <returns>Its process and the log file.</returns>
    /// <exception cref="ServiceMissingException">No private stack runs, or the program ended within half a second.</exception>
    public async Task<(StackProcess Process, string Log)> StartProgramAsync(
        string name,
        IReadOnlyList<string> command,
        CancellationToken ct
    )
    {
        using FileStream turn = TakeTurn();
        var program = new DetachedProcess(
            name,
            command,
            StackSettings.Resolve(environment, paths).ToEnvironment().ToDictionary(StringComparer.Ordinal),
            Signal.Terminate
        );
        StackFile stack = StackFile.Read(paths) is { Running: true } up
            ? up
            : throw new ServiceMissingException("No stack runs; `./synthetic up` starts one.");
        if (stack.Processes.FirstOrDefault(p => p.Name == name && ProcessIdentity.IsAlive(p)) is { } running)
            return (running, program.LogFile(paths.State));
        StackProcess process = program.Start(paths.State);
        (stack with { Processes = [.. stack.Processes.Where(p => p.Name != name), process] }).Write(paths);
        await Task.Delay(TimeSpan.FromMilliseconds(500), ct);
        return ProcessIdentity.IsAlive(process)
            ? (process, program.LogFile(paths.State))
            : throw program.Died(paths.State);
    }

    private async Task<StackFile> UpPrivateAsync(StackFile? last, CancellationToken ct)
    {
        if (!OperatingSystem.IsLinux())
            throw new ServiceMissingException("No Docker engine answers, and private services run on Linux only.");
        IReadOnlyList<string> missing = LocalPrograms.Find().MissingPackages;
        if (missing.Count > 0)
        {
            throw new ServiceMissingException(
                "No Docker engine answers and the servers are not installed. Start Docker, or install the packages: "
                    + $"apt-get install --no-install-recommends {string.Join(' ', missing)}"
            );
        }

        // A half-stopped stack (one process died, the machine was restarted, `up` itself was killed) is stopped whole, then
        // started whole.
        await StopAsync(last?.AllProcesses(paths) ?? [], ct);
        string data = last?.Data ?? StackFolder.PathOf(paths);
        if (last is null && PrivatePostgres.HasData(data))
        {
            throw new ServiceMissingException(
                $"{data} holds data of an earlier checkout at this place, and their passwords are gone; `./synthetic down --purge` removes them."
            );
        }

        var passwords = (
            Postgres: PasswordOf(last?.Addresses.Postgres),
            RabbitMq: PasswordOf(last?.Addresses.RabbitMq)
        );
        (int postgresPort, RabbitMqPorts rabbitPorts) = ChoosePorts(last);

        // Credentials are recorded before the data that need them come into being.
        var planned = new StackFile(
            StackKind.Private,
            data,
            new(
                PrivatePostgres.ConnectionString(postgresPort, passwords.Postgres, PrivatePostgres.Database),
                new Uri($"amqp://{PrivateRabbitMq.User}:{passwords.RabbitMq}@127.0.0.1:{rabbitPorts.Amqp}/"),
                new Uri($"http://{PrivateRabbitMq.User}:{passwords.RabbitMq}@127.0.0.1:{rabbitPorts.Management}/")
            ),
            [],
            Running: false
        );
        planned.Write(paths);
        StackFolder.Create(data);
        planned.Write(paths); // now with the data too
        File.Delete(Path.Combine(data, DetachedProcess.RecordName));

        progress("Starting PostgreSQL and RabbitMQ");
        Task<(StackProcess Process, string ConnectionString)> postgres = PrivatePostgres.StartAsync(
            data,
            postgresPort,
            passwords.Postgres,
            durable: true,
            ct
        );
        Task<(IReadOnlyList<StackProcess> Processes, ServiceAddresses Addresses)> rabbit = PrivateRabbitMq.StartAsync(
            data,
            rabbitPorts,
            passwords.RabbitMq,
            durable: true,
            ct
        );
        try
        {
            await Task.WhenAll(postgres, rabbit);
        }
        catch
        {
            // Each stops its own when it fails; the other one is ours to stop.
            if (postgres.IsCompletedSuccessfully)
                await StopAsync([(await postgres).Process], CancellationToken.None);
            if (rabbit.IsCompletedSuccessfully)
                await StopAsync((await rabbit).Processes, CancellationToken.None);
            throw;
        }

        return planned with
        {
            Addresses = (await rabbit).Addresses with { Postgres = (await postgres).ConnectionString },
            Processes = [(await postgres).Process, .. (await rabbit).Processes],
            Running = true,
        };
    }

    /// <summary>In the opposite order of starting: programs, broker, port mapper, database.</summary>
    private async Task StopAsync(IReadOnlyList<StackProcess> processes, CancellationToken ct)
    {
        foreach (StackProcess process in processes.Reverse().Where(ProcessIdentity.IsAlive))
        {
            progress($"Stopping {process.Name} (pid {process.Pid})");
            Signal signal = process.Name == PrivatePostgres.Name ? Signal.Interrupt : Signal.Terminate;
            await DetachedProcess.StopAsync(process, signal, s_patience, ct);
        }
    }

    private static async Task<bool> AnswersAsync(ServiceAddresses addresses, CancellationToken ct) =>
        (await ServiceProbe.PostgresAsync(addresses.Postgres, ct)).Reachable
        && (await ServiceProbe.RabbitMqAsync(addresses, ct)).Reachable;

    /// <summary>The ports of last time while they are free, so that bookmarks and open clients go on working.</summary>
    private static (int Postgres, RabbitMqPorts RabbitMq) ChoosePorts(StackFile? last)
    {
        int[] free = LoopbackPorts.Free(5);
        if (last?.Addresses is { Postgres: { } postgres, RabbitMq: { } amqp, RabbitMqManagement: { } management })
        {
            int[] before = [new NpgsqlConnectionStringBuilder(postgres).Port, amqp.Port, management.Port];
            if (LoopbackPorts.AreFree(before))
                before.CopyTo(free, 0);
        }

        return (free[0], new(free[1], free[2], free[3], free[4]));
    }

    private static string PasswordOf(string? connectionString) =>
        connectionString is null
            ? Secrets.NewPassword()
            : new NpgsqlConnectionStringBuilder(connectionString).Password!;

    private static string PasswordOf(Uri? amqp) => amqp?.UserInfo.Split(':')[1] ?? Secrets.NewPassword();

    /// <summary>Two commands at once would start two stacks over the same data.</summary>
    private FileStream TakeTurn()
    {
        Directory.CreateDirectory(paths.State);
        try
        {
            return new FileStream(
                Path.Combine(paths.State, "stack.lock"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (IOException e)
        {
            throw new ServiceMissingException(
                "Another command is starting or stopping this stack; try again when it is done.",
                e
            );
        }
    }
}
