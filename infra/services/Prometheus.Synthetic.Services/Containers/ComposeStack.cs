using Npgsql;
using Prometheus.Synthetic.Services.Processes;

namespace Prometheus.Synthetic.Services.Containers;

/// <summary>PostgreSQL and RabbitMQ of docker-compose.yml, with passwords made here and handed over by environment.</summary>
internal sealed class ComposeStack(StackPaths paths, Action<string> progress)
{
    private const string User = "synthetic";

    /// <exception cref="ServiceMissingException">Docker or its compose plugin refuses.</exception>
    public async Task<StackFile> UpAsync(StackFile? last, CancellationToken ct)
    {
        StackFile stack = last ?? Plan();
        // Volumes remember the passwords of the first start: record them before the volumes exist.
        stack.Write(paths);
        progress("Starting PostgreSQL and RabbitMQ in Docker (the first time fetches the images)");
        await ComposeAsync("docker compose up", stack, ["up", "--detach", "--wait", "postgres", "rabbitmq"], ct);
        return stack with { Running = true };
    }

    public async Task DownAsync(StackFile stack, bool purge, CancellationToken ct)
    {
        progress(purge ? "Stopping the containers and removing their volumes" : "Stopping the containers");
        await ComposeAsync("docker compose down", stack, purge ? ["down", "--volumes"] : ["down"], ct);
    }

    private static StackFile Plan()
    {
        int[] ports = Local.LoopbackPorts.Free(3);
        (string postgres, string rabbit) = (Secrets.NewPassword(), Secrets.NewPassword());
        var addresses = new ServiceAddresses(
            Local.PrivatePostgres.ConnectionString(ports[0], postgres, Local.PrivatePostgres.Database),
            new Uri($"amqp://{User}:{rabbit}@127.0.0.1:{ports[1]}/"),
            new Uri($"http://{User}:{rabbit}@127.0.0.1:{ports[2]}/")
        );
        return new(StackKind.Docker, null, addresses, [], Running: false);
    }

    private Task ComposeAsync(string what, StackFile stack, IEnumerable<string> arguments, CancellationToken ct)
    {
        var postgres = new NpgsqlConnectionStringBuilder(stack.Addresses.Postgres);
        Uri amqp = stack.Addresses.RequireRabbitMq();
        Dictionary<string, string> environment = new()
        {
            ["SYNTHETIC_POSTGRES_PASSWORD"] = postgres.Password!,
            ["SYNTHETIC_POSTGRES_PORT"] = postgres.Port.ToString(),
            ["SYNTHETIC_RABBITMQ_PASSWORD"] = amqp.UserInfo.Split(':')[1],
            ["SYNTHETIC_RABBITMQ_PORT"] = amqp.Port.ToString(),
            ["SYNTHETIC_RABBITMQ_MANAGEMENT_PORT"] = stack.Addresses.RequireRabbitMqManagement().Port.ToString(),
        };
        return ShortCommand.RequireAsync(
            what,
            ["docker", "compose", "--project-name", ProjectName(), "--file", paths.ComposeFile, .. arguments],
            environment,
            paths.Root,
            ct
        );
    }

    /// <summary>Of this checkout alone, so that two checkouts on one machine do not share containers.</summary>
    private string ProjectName() => "synthetic-" + StackFolder.NameOf(paths);
}
