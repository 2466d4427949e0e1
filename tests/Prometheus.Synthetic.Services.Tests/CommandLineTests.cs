using System.CommandLine;
using System.Reflection;
using System.Text.Json;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Services.Tests;

/// <summary>Conventions that hold for every command, and what a failure turns into.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("synthetic-test-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Every_command_explains_itself_with_an_example_in_its_help()
    {
        Command root = CliRoot.Create(AllCommands());
        List<string[]> leaves = [.. Leaves(root, [])];
        Assert.Contains(leaves, l => l is ["status"]);
        foreach (string[] path in leaves)
        {
            _output.GetStringBuilder().Clear();
            Assert.Equal(ExitCodes.Ok, await CliRoot.RunAsync(root, [.. path, "--help"], Context()));
            string help = _output.ToString();
            string name = string.Join(' ', path);
            Assert.Contains("Usage:\n  synthetic " + name, help.ReplaceLineEndings("\n"), StringComparison.Ordinal);
            Assert.Contains("  ./synthetic " + name, help, StringComparison.Ordinal);
            Assert.All(help.Split('\n'), l => Assert.InRange(l.TrimEnd('\r').Length, 0, CliConsole.PlainWidth));
        }
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("status", "--jsn")]
    [InlineData("down", "--purge=perhaps")]
    public async Task A_wrong_command_line_is_refused_with_code_2_and_one_clear_line(params string[] args)
    {
        Assert.Equal(ExitCodes.Refused, await RunAsync(args));
        Assert.Empty(_output.ToString());
        string[] lines = _error.ToString().TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("error: ", lines[0], StringComparison.Ordinal);
        Assert.Contains("--help", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--limit: 'x' was given; give a whole number", "sets", "list", "--limit", "x")]
    [InlineData("--status: 'open' was given; one of ", "sets", "list", "--status", "open")]
    [InlineData("--theme: 'red' was given; one of dark, light is allowed", "demo", "--theme", "red")]
    [InlineData("id: 'x' was given; give a UUID", "sagas", "show", "x")]
    [InlineData("--limit: 0 was given; 1 to ", "sagas", "list", "--limit", "0")]
    [InlineData("--category: 'BOOTSTRP' is not a scenario category; known: ", "sets", "list", "--category", "BOOTSTRP")]
    [InlineData("the folder of 'nowhere/x.gif' is not there", "sets", "plot", "A", "--out", "nowhere/x.gif")]
    [InlineData("the ending '.gif' says no format", "sets", "plot", "A", "--out", "x.gif")]
    [InlineData(
        "month: 'June' is no month; write yyyy-MM",
        "events",
        "publish",
        "monthly-refresh-due",
        "--market",
        "A",
        "--as-of",
        "2026-06-30",
        "--month",
        "June"
    )]
    [InlineData("generator_spec: is not JSON: ", "generate", "--generator-spec", "{block")]
    public async Task A_wrong_value_is_refused_by_its_option_with_what_is_allowed(string said, params string[] args)
    {
        Assert.Equal(ExitCodes.Refused, await CliRoot.RunAsync(CliRoot.Create(AllCommands()), args, Context()));
        Assert.Empty(_output.ToString());
        Assert.Contains(said, _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("System.", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_used_is_refused_by_every_command_that_reads_one()
    {
        string empty = Write("empty", []);
        string binary = Write("binary", [0x1b, (byte)'[', 0xff, 0xfe, 0, 7, 13, 10]);
        string list = Write("list", "[1, 2"u8.ToArray());
        string[][] readers =
        [
            ["generate", "--local", "--request"],
            ["generate", "--local", "--market", "A", "--as-of", "2026-06-30", "--definition"],
            ["events", "publish", "generate-scenario-set", "--file"],
            ["events", "publish", "monthly-refresh-due", "--file"],
            ["events", "publish", "fragility-computed", "--file"],
            ["sets", "battery", "--market", "A", "--needs"],
            ["definitions", "check"],
            ["policies", "check"],
            ["demo", "--panel"],
        ];
        foreach (string[] reader in readers)
        {
            string[] files = reader[0] == "demo" ? [] : [empty, binary, list];
            foreach (string file in (string[])[.. files, _root, Path.Combine(_root, "none")])
            {
                _output.GetStringBuilder().Clear();
                _error.GetStringBuilder().Clear();
                int code = await CliRoot.RunAsync(CliRoot.Create(AllCommands()), [.. reader, file], Context());
                string said = _output.ToString() + _error;
                Assert.True(code == ExitCodes.Refused, $"{string.Join(' ', reader)} {file} ends with {code}: {said}");
                Assert.DoesNotContain('\u001b', said);
                Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
                Assert.DoesNotContain("Prometheus.Synthetic.", said, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_refusal_prints_each_field_and_a_failure_one_sentence()
    {
        Assert.Equal(
            ExitCodes.Refused,
            await RunThrowingAsync(
                new ScenarioRefusedException([
                    new("out-of-range", "horizon_days", "0 was given; 1 to 60 are allowed."),
                    new("unknown-market", "market_id", "XX is not a market."),
                ])
            )
        );
        Assert.Contains(
            "  horizon_days: 0 was given; 1 to 60 are allowed. [out-of-range]",
            _error.ToString(),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "  market_id: XX is not a market. [unknown-market]",
            _error.ToString(),
            StringComparison.Ordinal
        );

        _error.GetStringBuilder().Clear();
        Assert.Equal(ExitCodes.Failed, await RunThrowingAsync(new InvalidOperationException("The\ndisk is full.")));
        Assert.StartsWith("error: The disk is full.", _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _error.ToString(), StringComparison.Ordinal);

        _error.GetStringBuilder().Clear();
        Assert.Equal(
            ExitCodes.Failed,
            await RunThrowingAsync(new InvalidOperationException("The disk is full."), "--verbose")
        );
        Assert.Contains("   at ", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_service_has_a_code_of_its_own()
    {
        Assert.Equal(
            ExitCodes.ServiceMissing,
            await RunThrowingAsync(new ServiceMissingException("PostgreSQL is not configured."))
        );
        var refused = new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionRefused);
        Assert.Equal(
            ExitCodes.ServiceMissing,
            await RunThrowingAsync(new Npgsql.NpgsqlException("Failed to connect", refused))
        );
        Assert.Contains("./synthetic up", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-program")]
    [InlineData("/")]
    public async Task A_program_that_cannot_be_started_is_refused_by_name(string program)
    {
        // Both services count as given, so that none is started.
        int code = await RunAsync(
            ["services", "run", "--", program],
            ("SYNTHETIC_POSTGRES", "Host=127.0.0.1;Port=1"),
            ("SYNTHETIC_RABBITMQ", "amqp://nobody:nothing@127.0.0.1:1/")
        );
        Assert.Equal(ExitCodes.Refused, code);
        Assert.Contains($"command: '{program}' cannot be started", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_prints_json_alone_without_credentials_and_plain_text_without_control_characters()
    {
        const string Nowhere = "Host=127.0.0.1;Port=1;Username=u;Password=s3cret";
        Assert.Equal(ExitCodes.ServiceMissing, await RunAsync(["status", "--json"], ("SYNTHETIC_POSTGRES", Nowhere)));
        using JsonDocument report = JsonDocument.Parse(_output.ToString());
        JsonElement postgres = report.RootElement.GetProperty("services")[0];
        Assert.Equal("127.0.0.1:1/u", postgres.GetProperty("address").GetString());
        Assert.False(postgres.GetProperty("reachable").GetBoolean());
        Assert.Equal("environment", report.RootElement.GetProperty("source").GetString());
        Assert.DoesNotContain("s3cret", _output.ToString(), StringComparison.Ordinal);

        _output.GetStringBuilder().Clear();
        await RunAsync(["status"], ("SYNTHETIC_POSTGRES", Nowhere));
        string text = _output.ToString();
        Assert.DoesNotContain('\u001b', text);
        Assert.All(text.Split('\n'), l => Assert.True(l.Length <= CliConsole.PlainWidth, l));
    }

    private string Write(string name, byte[] content)
    {
        string file = Path.Combine(_root, name);
        File.WriteAllBytes(file, content);
        return file;
    }

    private static IEnumerable<string[]> Leaves(Command command, string[] path) =>
        command.Subcommands.Count == 0 ? [path] : command.Subcommands.SelectMany(c => Leaves(c, [.. path, c.Name]));

    /// <summary>
    /// Every command that the program could register: each class named …Command with Create(CliContext), without those
    /// that are a subcommand of another.
    /// </summary>
    private IEnumerable<Command> AllCommands()
    {
        Command[] all =
        [
            .. typeof(CliRoot)
                .Assembly.GetTypes()
                .Where(t => t.Name.EndsWith("Command", StringComparison.Ordinal))
                .Select(t => t.GetMethod("Create", BindingFlags.Public | BindingFlags.Static, [typeof(CliContext)]))
                .OfType<MethodInfo>()
                .Select(m => (Command)m.Invoke(null, [Context()])!),
        ];
        HashSet<(string, string?)> nested = [.. all.SelectMany(Below).Select(c => (c.Name, c.Description))];
        return all.Where(c => !nested.Contains((c.Name, c.Description)));
    }

    private static IEnumerable<Command> Below(Command command) =>
        command.Subcommands.SelectMany(c => Below(c).Prepend(c));

    private Task<int> RunAsync(string[] args, params (string Name, string Value)[] environment)
    {
        CliContext context = Context(environment);
        Command[] commands =
        [
            Cli.Commands.StatusCommand.Create(context),
            Cli.Commands.DownCommand.Create(context),
            Cli.Commands.ServicesCommand.Create(context),
        ];
        return CliRoot.RunAsync(CliRoot.Create(commands), args, context);
    }

    private Task<int> RunThrowingAsync(Exception exception, params string[] options)
    {
        var command = new Command("fail");
        command.SetAction((_, _) => Task.FromException<int>(exception));
        return CliRoot.RunAsync(CliRoot.Create(command), ["fail", .. options], Context());
    }

    private CliContext Context(params (string Name, string Value)[] environment) =>
        new(
            new CliConsole(_output, _error),
            new StackPaths(_root),
            environment.ToDictionary(v => v.Name, v => v.Value).GetValueOrDefault,
            TimeProvider.System
        );
}
