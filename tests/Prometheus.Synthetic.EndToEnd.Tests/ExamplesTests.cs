using System.CommandLine;
using System.Text.Json;
using Prometheus.Synthetic.Cli.Commands;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Services;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>
/// Every example that a command's help shows does what it says when it is typed, in the order of the help, on a simulated
/// market with a worker; and its lines fit where they are piped to.
/// </summary>
public sealed class ExamplesTests(SimulatedMarket market) : IClassFixture<SimulatedMarket>, IDisposable
{
    /// <summary>They start services or programs, need a failed message, or would simulate the market anew; others test them.</summary>
    private static readonly string[] s_elsewhere =
    [
        "up",
        "down",
        "demo",
        "worker",
        "status",
        "services run",
        "market simulate",
        "messages show",
    ];

    /// <summary>Examples that would only take longer than another one of the same command.</summary>
    private static readonly string[] s_longer = ["sets verify --all", "monthly-refresh-due --file"];

    private readonly string _folder = Directory.CreateTempSubdirectory("synthetic-examples-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_example_of_every_command_works()
    {
        await market.ReadyAsync(Ct);
        ExampleFiles.WriteTo(_folder);
        await using WorkerProcess worker = market.Worker(("HEALTH__PORT", 0));
        // What the library's examples are about: a refresh, and a second version of its baseline.
        await MakeAsync(worker);
        var failures = new List<string>();
        int run = 0;
        foreach (string example in Examples())
        {
            CliRun result = await RunAsync(Words(example));
            run++;
            bool asked = example switch
            {
                // What has ended cannot be called off any more.
                _ when example.Contains("sagas cancel", StringComparison.Ordinal) => result.Code == ExitCodes.Refused
                    && result.Error.Contains("wrong-state", StringComparison.Ordinal),
                _ when example.Contains("sets battery", StringComparison.Ordinal) => result.Code
                    is ExitCodes.Ok
                        or ExitCodes.NotCovered,
                _ => result.Code == ExitCodes.Ok,
            };
            if (!asked)
                failures.Add($"{example}\n  ended with {result.Code}: {result.Output}{result.Error}");
            else if (example.EndsWith("--json", StringComparison.Ordinal))
                JsonDocument.Parse(result.Output).Dispose();
            else if (!example.Contains("definitions show", StringComparison.Ordinal)) // prints the definition's JSON
                failures.AddRange(
                    result
                        .Output.Replace(_folder, string.Empty, StringComparison.Ordinal)
                        .Split('\n')
                        .Where(l => l.Length > CliConsole.PlainWidth || l.Contains('\u001b', StringComparison.Ordinal))
                        .Select(l => $"{example}\n  prints what is too wide or no plain text: {l}")
                );
        }

        Assert.True(failures.Count == 0, string.Join("\n", failures) + "\n" + worker.Tail);
        Assert.True(run > 50, $"only {run} examples ran");
    }

    private async Task MakeAsync(WorkerProcess worker)
    {
        string[] refresh =
        [
            "events",
            "publish",
            "monthly-refresh-due",
            "--market",
            "US_EQ",
            "--month",
            "2026-10",
            "--as-of",
            "2026-10-30",
        ];
        // Until the worker has made its queues nobody listens.
        await SmallMarket.UntilAsync(
            "the worker's queues",
            async () => (await RunAsync(refresh)).Code == ExitCodes.Ok,
            worker
        );
        await SmallMarket.UntilAsync(
            "the refresh",
            async () =>
            {
                CliRun sagas = await RunAsync("sagas", "list", "--open", "--json");
                return sagas.Code == ExitCodes.Ok
                    && JsonDocument.Parse(sagas.Output).RootElement.GetArrayLength() == 0
                    && (await RunAsync("sets", "show", "US_EQ_GFC_2008")).Code == ExitCodes.Ok;
            },
            worker
        );
        CliRun second = await RunAsync(
            Words(
                "./synthetic generate --local --name US_EQ_BASELINE_BOOTSTRAP_30D --category BOOTSTRAP --market US_EQ "
                    + "--horizon-days 30 --num-paths 200 --as-of 2026-10-30 --generator-spec '{\"block_length\":10}'"
            )
        );
        Assert.True(second.Code == ExitCodes.Ok, second.Error);
    }

    /// <summary>
    /// In the order of the help: what a later one names, an earlier one has made. Imports come last, or the market would be
    /// another one and every set of the refresh be made again.
    /// </summary>
    private IEnumerable<string> Examples() =>
        CliCommands
            .All(Context(new StringWriter(), new StringWriter()))
            .SelectMany(c => Below(c, c.Name))
            .Where(c => !s_elsewhere.Contains(c.Path, StringComparer.Ordinal))
            .OrderBy(c => c.Path == "import" ? 1 : 0)
            .SelectMany(c => CommandHelp.ExamplesOf(c.Command))
            .Where(e => !s_longer.Any(l => e.Contains(l, StringComparison.Ordinal)));

    private static IEnumerable<(string Path, Command Command)> Below(Command command, string path) =>
        command.Subcommands.SelectMany(c => Below(c, $"{path} {c.Name}")).Prepend((path, command));

    /// <summary>The words as a shell would hand them over; files lie in this test's folder, or in the repository.</summary>
    private string[] Words(string example)
    {
        string[] endings = [".csv", ".csv.gz", ".json", ".yaml", ".png", ".svg", ".parquet", ".md"];
        var words = new List<string>();
        foreach (string word in CommandLineParser(example).Skip(1))
        {
            bool file = endings.Any(e => word.EndsWith(e, StringComparison.Ordinal));
            string root = word.Contains('/', StringComparison.Ordinal) ? Repository.Root : _folder;
            words.Add(file ? Path.Combine(root, word) : word);
        }

        // Without a name a chart goes to the current folder, which is not this test's.
        if (words is ["sets", "plot", ..] && !words.Contains("--out"))
            words.AddRange(["--out", Path.Combine(_folder, "chart" + (words.Contains("svg") ? ".svg" : ".png"))]);
        return [.. words];
    }

    /// <summary>Blanks part words, a backslash at the end of a line goes on in the next, single quotes keep what they hold.</summary>
    private static IEnumerable<string> CommandLineParser(string line)
    {
        bool quoted = false;
        var word = new System.Text.StringBuilder();
        foreach (char c in line.Replace("\\\n", " ", StringComparison.Ordinal) + " ")
        {
            if (c == '\'')
                quoted = !quoted;
            else if (c != ' ' || quoted)
                word.Append(c);
            else if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }
    }

    private async Task<CliRun> RunAsync(params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        CliContext cli = Context(output, error);
        int code = await CliRoot.RunAsync(CliRoot.Create(CliCommands.All(cli)), words, cli);
        return new(code, output.ToString(), error.ToString());
    }

    private CliContext Context(TextWriter output, TextWriter error) =>
        new(
            new CliConsole(output, error),
            new StackPaths(_folder),
            new Dictionary<string, string>
            {
                ["SYNTHETIC_POSTGRES"] = market.Postgres.ConnectionString,
                ["SYNTHETIC_RABBITMQ"] = market.Rabbit.Address.AbsoluteUri,
            }.GetValueOrDefault,
            TimeProvider.System
        );
}
