using Prometheus.Synthetic.Services.Containers;
using Prometheus.Synthetic.TestKit;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Prometheus.Synthetic.Services.Tests;

/// <summary>What can be said of docker-compose.yml and the Dockerfile without an engine.</summary>
public sealed class ComposeFileTests
{
    private static readonly Dictionary<object, object> s_compose = Read();

    [Fact]
    public void Tests_and_compose_run_the_same_images()
    {
        Assert.Equal(ContainerServices.PostgresImage, At("services", "postgres", "image"));
        Assert.Equal(ContainerServices.RabbitMqImage, At("services", "rabbitmq", "image"));
    }

    [Fact]
    public void Every_published_port_is_on_loopback()
    {
        int published = 0;
        foreach (string service in Services())
        {
            if (!Map("services", service).TryGetValue("ports", out object? ports))
                continue;
            foreach (object port in (List<object>)ports)
            {
                published++;
                Assert.StartsWith("127.0.0.1:", (string)port, StringComparison.Ordinal);
            }
        }

        Assert.Equal(3, published);
    }

    [Fact]
    public void No_password_is_written_down()
    {
        string text = File.ReadAllText(Repository.PathOf("docker-compose.yml"));
        foreach (string variable in new[] { "SYNTHETIC_POSTGRES_PASSWORD", "SYNTHETIC_RABBITMQ_PASSWORD" })
        {
            Assert.Contains($"${{{variable}:?", text, StringComparison.Ordinal);
            Assert.DoesNotContain($"${{{variable}:-", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_worker_waits_for_the_schema_and_a_healthy_broker()
    {
        Assert.Equal("service_completed_successfully", At("services", "worker", "depends_on", "migrate", "condition"));
        Assert.Equal("service_healthy", At("services", "worker", "depends_on", "rabbitmq", "condition"));
        Assert.Equal("service_healthy", At("services", "migrate", "depends_on", "postgres", "condition"));
        Assert.NotEmpty(Map("services", "postgres", "healthcheck"));
        Assert.NotEmpty(Map("services", "rabbitmq", "healthcheck"));
        // What the check asks is where the worker listens; HealthTests run it against one.
        Assert.Contains(
            $"/{At("services", "worker", "environment", "SYNTHETIC_HEALTH__PORT")} ",
            ((List<object>)Map("services", "worker", "healthcheck")["test"]).Last() as string,
            StringComparison.Ordinal
        );
        // The worker gets its addresses the way every process of the system does, and they can be understood.
        Dictionary<string, string> environment = Map("services", "worker", "environment")
            .ToDictionary(p => (string)p.Key, p => (string)p.Value);
        ServiceAddresses read = StackSettings.FromEnvironment(n =>
            environment
                .GetValueOrDefault(n)
                ?.Replace("${", "", StringComparison.Ordinal)
                .Replace("}", "", StringComparison.Ordinal)
        );
        Assert.True(read.IsComplete);
        Assert.Equal("rabbitmq", read.RabbitMq!.Host);
    }

    [Fact]
    public void Volumes_and_build_files_that_are_named_exist()
    {
        string[] volumes = [.. Map("volumes").Keys.Cast<string>()];
        foreach (string service in Services())
        {
            if (Map("services", service).TryGetValue("volumes", out object? mounts))
                Assert.All((List<object>)mounts, m => Assert.Contains(((string)m).Split(':')[0], volumes));
        }

        string dockerfile = At("services", "worker", "build", "dockerfile");
        string[] lines = File.ReadAllLines(Repository.PathOf(dockerfile));
        string[] copied =
        [
            .. lines
                .Where(l =>
                    l.StartsWith("COPY ", StringComparison.Ordinal) && !l.Contains("--", StringComparison.Ordinal)
                )
                .SelectMany(l => l.Split(' ').Skip(1).SkipLast(1)),
        ];
        Assert.NotEmpty(copied);
        Assert.All(copied, c => Assert.True(Path.Exists(Repository.PathOf(c)), $"{c} does not exist"));
        // Nothing is sent to the build that it does not copy, and everything that it copies is.
        string[] allowed = File.ReadAllLines(Repository.PathOf(dockerfile) + ".dockerignore");
        Assert.All(copied, c => Assert.Contains("!" + c, allowed));
    }

    private static IEnumerable<string> Services() => Map("services").Keys.Cast<string>();

    private static string At(params string[] path) => (string)Map(path[..^1])[path[^1]];

    private static Dictionary<object, object> Map(params string[] path) =>
        path.Aggregate(s_compose, (map, key) => (Dictionary<object, object>)map[key]);

    private static Dictionary<object, object> Read()
    {
        using var reader = new StreamReader(Repository.PathOf("docker-compose.yml"));
        return new Deserializer().Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(reader)));
    }
}
