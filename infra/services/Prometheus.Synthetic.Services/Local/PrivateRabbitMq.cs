using Prometheus.Synthetic.Services.Processes;

namespace Prometheus.Synthetic.Services.Local;

/// <summary>Ports of a private broker, all on the loopback interface.</summary>
/// <param name="Amqp">AMQP 0-9-1.</param>
/// <param name="Management">HTTP API.</param>
/// <param name="Distribution">Erlang distribution, for Erlang's own tools.</param>
/// <param name="Epmd">Port mapper of this broker alone.</param>
internal sealed record RabbitMqPorts(int Amqp, int Management, int Distribution, int Epmd)
{
    public static RabbitMqPorts Free()
    {
        int[] p = LoopbackPorts.Free(4);
        return new(p[0], p[1], p[2], p[3]);
    }
}

/// <summary>
/// A RabbitMQ broker of our own: loopback only, management API, its own node name, home, cookie and port mapper.
/// </summary>
internal static class PrivateRabbitMq
{
    public const string Name = "rabbitmq";
    public const string User = "synthetic";

    /// <param name="folder">Existing folder; everything goes to <c>rabbitmq</c> below it.</param>
    /// <param name="durable">False lets the broker be ended by force, which is quick; its data are thrown away then.</param>
    /// <exception cref="ServiceMissingException">Not installed, or it does not start; the message says why.</exception>
    public static async Task<(IReadOnlyList<StackProcess> Processes, ServiceAddresses Addresses)> StartAsync(
        string folder,
        RabbitMqPorts ports,
        string password,
        bool durable,
        CancellationToken ct
    )
    {
        LocalPrograms programs = LocalPrograms.Find();
        if (programs is not { RabbitMqServer: { } script, Epmd: { } mapper })
        {
            throw new ServiceMissingException("RabbitMQ is not installed (Debian, Ubuntu: package rabbitmq-server).");
        }

        ServiceAccount? account = ServiceAccount.ForRoot("rabbitmq");
        string home = Path.Combine(folder, "rabbitmq");
        PrivateFolder.Create(home, account);
        PrivateFolder.Create(Path.Combine(home, "conf.d"), account);
        PrivateFolder.WriteFile(Path.Combine(home, "enabled_plugins"), "[rabbitmq_management].\n", account);
        PrivateFolder.WriteFile(Path.Combine(home, "rabbitmq.conf"), Configuration(ports, password), account);

        Dictionary<string, string> environment = Variables(home, ports);
        var broker = new DetachedProcess(Name, [script], environment, durable ? Signal.Terminate : Signal.Kill)
        {
            Account = account,
        };
        var addresses = new ServiceAddresses(
            null,
            new Uri($"amqp://{User}:{password}@127.0.0.1:{ports.Amqp}/"),
            new Uri($"http://{User}:{password}@127.0.0.1:{ports.Management}/")
        );

        var started = new List<StackProcess>();
        try
        {
            started.Add(await PortMapper.StartAsync(mapper, folder, ports.Epmd, environment, account, ct));
            started.Add(broker.Start(folder));
            await Readiness.AwaitAsync(broker, started[^1], folder, c => ServiceProbe.RabbitMqAsync(addresses, c), ct);
            return (started, addresses);
        }
        catch
        {
            foreach (StackProcess process in started.AsEnumerable().Reverse())
                await DetachedProcess.StopAsync(
                    process,
                    Signal.Terminate,
                    TimeSpan.FromSeconds(10),
                    CancellationToken.None
                );
            throw;
        }
    }

    private static string Configuration(RabbitMqPorts ports, string password) =>
        $"""
            listeners.tcp.local = 127.0.0.1:{ports.Amqp}
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {ports.Management}
            default_user = {User}
            default_pass = {password}
            log.file.level = warning
            log.console = false

            """;

    private static Dictionary<string, string> Variables(string home, RabbitMqPorts ports) =>
        new()
        {
            ["HOME"] = home,
            ["ERL_EPMD_PORT"] = ports.Epmd.ToString(),
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_ZFLAGS"] = PortMapper.NoOther,
            // Fixed, because the folder of the data carries it.
            ["RABBITMQ_NODENAME"] = "synthetic@localhost",
            ["RABBITMQ_NODE_PORT"] = ports.Amqp.ToString(),
            ["RABBITMQ_DIST_PORT"] = ports.Distribution.ToString(),
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(home, "data"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(home, "log"),
            ["RABBITMQ_PID_FILE"] = Path.Combine(home, "pid"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(home, "rabbitmq.conf"),
            // What the machine's own broker is told in /etc/rabbitmq is none of this one's business.
            ["RABBITMQ_CONFIG_FILES"] = Path.Combine(home, "conf.d"),
            ["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(home, "advanced.config"),
            ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(home, "rabbitmq-env.conf"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(home, "enabled_plugins"),
            // Runs the virtual machine in place of the script, so that the recorded process is the broker itself.
            ["RABBITMQ_ALLOW_INPUT"] = "1",
            // Idle schedulers sleep at once instead of spinning: the machine belongs to the generators.
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] =
                "-noinput -kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
        };
}
