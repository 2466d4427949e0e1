namespace Prometheus.Synthetic.Services.Tests;

/// <summary>Where addresses come from: environment, files named there, the recorded stack.</summary>
public sealed class StackSettingsTests : IDisposable
{
    private readonly StackPaths _paths = new(Directory.CreateTempSubdirectory("synthetic-test-").FullName);

    public void Dispose() => Directory.Delete(_paths.Root, recursive: true);

    [Fact]
    public void The_environment_wins_over_the_recorded_stack_service_by_service()
    {
        Recorded(running: true).Write(_paths);
        ServiceAddresses both = StackSettings.Resolve(
            Environment(("SYNTHETIC_POSTGRES", "Host=db;Database=prod"), ("SYNTHETIC_RABBITMQ", "amqps://u:p@mq/v")),
            _paths
        );
        Assert.Equal("Host=db;Database=prod", both.Postgres);
        Assert.Equal("mq", both.RabbitMq!.Host);
        // The recorded management API belongs to another broker.
        Assert.Null(both.RabbitMqManagement);

        ServiceAddresses one = StackSettings.Resolve(Environment(("SYNTHETIC_POSTGRES", "Host=db")), _paths);
        Assert.Equal("Host=db", one.Postgres);
        Assert.Equal(Recorded(running: true).Addresses.RabbitMq, one.RabbitMq);
        Assert.Equal(Recorded(running: true).Addresses.RabbitMqManagement, one.RabbitMqManagement);
    }

    [Fact]
    public void A_file_holds_a_value_and_may_not_contradict_the_variable()
    {
        string secret = Path.Combine(_paths.Root, "secret");
        File.WriteAllText(secret, "Host=db;Password=s3cret\n");
        ServiceAddresses read = StackSettings.FromEnvironment(Environment(("SYNTHETIC_POSTGRES_FILE", secret)));
        Assert.Equal("Host=db;Password=s3cret", read.Postgres);

        var both = Assert.Throws<ServiceMissingException>(() =>
            StackSettings.FromEnvironment(
                Environment(("SYNTHETIC_POSTGRES_FILE", secret), ("SYNTHETIC_POSTGRES", "Host=other"))
            )
        );
        Assert.Contains("both set", both.Message, StringComparison.Ordinal);
        var absent = Assert.Throws<ServiceMissingException>(() =>
            StackSettings.FromEnvironment(Environment(("SYNTHETIC_RABBITMQ_FILE", secret + ".absent")))
        );
        Assert.Contains("SYNTHETIC_RABBITMQ_FILE", absent.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SYNTHETIC_POSTGRES", "s3cret")]
    [InlineData("SYNTHETIC_POSTGRES", "Hots=db;Password=s3cret")]
    [InlineData("SYNTHETIC_POSTGRES", "Password=s3cret")]
    [InlineData("SYNTHETIC_RABBITMQ", "mq:5672?s3cret")]
    [InlineData("SYNTHETIC_RABBITMQ", "http://u:s3cret@mq/")]
    [InlineData("SYNTHETIC_RABBITMQ_MANAGEMENT", "amqp://u:s3cret@mq/")]
    public void A_malformed_value_is_refused_by_name_and_never_repeated(string variable, string value)
    {
        var refused = Assert.Throws<ServiceMissingException>(() =>
            StackSettings.FromEnvironment(Environment((variable, value)))
        );
        Assert.Contains(variable, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_recorded_stack_reads_back_and_is_for_its_owner_only()
    {
        StackFile written = Recorded(running: true);
        written.Write(_paths);
        StackFile read = StackFile.Read(_paths)!;
        Assert.Equal(written with { Processes = [] }, read with { Processes = [] });
        Assert.Equal(written.Processes, read.Processes);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_paths.StackFile));
    }

    [Fact]
    public void A_stack_that_is_down_or_absent_names_no_service()
    {
        Assert.Equal(ServiceAddresses.None, StackSettings.Resolve(Environment(), _paths));
        Recorded(running: false).Write(_paths);
        Assert.Equal(ServiceAddresses.None, StackSettings.Resolve(Environment(), _paths));
        Assert.Throws<ServiceMissingException>(() => ServiceAddresses.None.RequirePostgres());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"version\":99,\"kind\":\"PRIVATE\",\"addresses\":{},\"processes\":[],\"running\":true}")]
    public void A_damaged_description_is_reported_by_its_path(string text)
    {
        Directory.CreateDirectory(_paths.State);
        File.WriteAllText(_paths.StackFile, text);
        var damaged = Assert.Throws<ServiceMissingException>(() => StackFile.Read(_paths));
        Assert.Contains(_paths.StackFile, damaged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_survive_the_way_through_an_environment()
    {
        ServiceAddresses addresses = Recorded(running: true).Addresses;
        Dictionary<string, string> environment = new(addresses.ToEnvironment());
        Assert.Equal(addresses, StackSettings.FromEnvironment(environment.GetValueOrDefault));
    }

    private StackFile Recorded(bool running) =>
        new(
            StackKind.Private,
            _paths.Root,
            new(
                "Host=127.0.0.1;Port=1234;Username=synthetic;Password=abc;Database=synthetic",
                new Uri("amqp://synthetic:def@127.0.0.1:1235/"),
                new Uri("http://synthetic:def@127.0.0.1:1236/")
            ),
            [new StackProcess("postgres", 4711, 99)],
            running
        );

    private static Func<string, string?> Environment(params (string Name, string Value)[] variables) =>
        variables.ToDictionary(v => v.Name, v => v.Value).GetValueOrDefault;
}
