using System.Diagnostics;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Services.Tests;

/// <summary>
/// The launcher with a made-up <c>dotnet</c>: whatever happens, its last line counts, and its exit code agrees. Each
/// case sets what one of the tools does by an environment variable.
/// </summary>
public sealed class LauncherTests : IDisposable
{
    private const string Summary =
        "Test run summary: X\\n  total: 9\\n  failed: {0}\\n  succeeded: {1}\\n  skipped: {2}\\n";

    private const string FakeDotnet = """
        #!/usr/bin/env bash
        echo "dotnet $*" >>"$FAKE_LOG"
        case "$*" in
          --list-sdks) echo "${FAKE_SDK-10.0.100 [/sdk]}" ;;
          build*) if [ "${FAKE_BUILD-0}" != 0 ]; then echo "/a/B.cs(1,2): error CS0001: wrong [/a/B.csproj]"; exit 1; fi ;;
          "tool restore") exit "${FAKE_TOOLS-0}" ;;
          "csharpier check ."*) echo "Error ./B.cs - Was not formatted."; exit "${FAKE_FORMAT-0}" ;;
          *"services missing"*) ;;
          *"services run --optional -- "*) shift 5; exec "$@" ;;
          test*)
            echo "long=${SYNTHETIC_LONG-} root=$SYNTHETIC_ROOT"
            # What a test prints about other runs must not be counted.
            printf '  failed: 7\n'
            printf "${FAKE_SUMMARY-}"
            exit "${FAKE_TEST-0}" ;;
          *) echo "cli:$*"; exit 5 ;;
        esac
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("synthetic-test-").FullName;

    public LauncherTests()
    {
        File.Copy(Repository.PathOf("synthetic"), Path.Combine(_root, "synthetic"));
        foreach (
            string folder in new[]
            {
                "src",
                "contracts",
                "infra",
                "tests/Samples",
                "tests/Prometheus.Synthetic.Some.Tests",
                "bin",
            }
        )
            Directory.CreateDirectory(Path.Combine(_root, folder));
        foreach (string file in new[] { "global.json", ".editorconfig", "Directory.Build.props", "A.sln" })
            File.WriteAllText(Path.Combine(_root, file), "");
        File.WriteAllText(
            Path.Combine(_root, "tests/Prometheus.Synthetic.Some.Tests/Prometheus.Synthetic.Some.Tests.csproj"),
            ""
        );
        string dotnet = Path.Combine(_root, "bin/dotnet");
        File.WriteAllText(dotnet, FakeDotnet);
        File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    public static TheoryData<string, string[], string, int> Runs =>
        new()
        {
            { "all pass", [SummaryOf(0, 12, 3)], "12 passed, 0 failed, 3 skipped", 0 },
            { "one fails", [SummaryOf(1, 11, 0), "FAKE_TEST=2"], "11 passed, 1 failed, 0 skipped", 1 },
            { "a program dies", [SummaryOf(0, 4, 0), "FAKE_TEST=139"], "4 passed, 1 failed, 0 skipped", 1 },
            { "the runner says nothing", ["FAKE_TEST=1"], "0 passed, 1 failed, 0 skipped", 1 },
            { "no test ran", [SummaryOf(0, 0, 0)], "0 passed, 0 failed, 0 skipped", 1 },
            { "all are skipped", [SummaryOf(0, 0, 8)], "0 passed, 0 failed, 8 skipped", 1 },
            { "bad format", [SummaryOf(0, 12, 0), "FAKE_FORMAT=1"], "12 passed, 1 failed, 0 skipped", 1 },
            { "no formatter", [SummaryOf(0, 12, 0), "FAKE_TOOLS=1"], "12 passed, 1 failed, 0 skipped", 1 },
            {
                "bad format and one fails",
                [SummaryOf(1, 2, 3), "FAKE_FORMAT=1", "FAKE_TEST=2"],
                "2 passed, 2 failed, 3 skipped",
                1
            },
            { "no build", [SummaryOf(0, 12, 0), "FAKE_BUILD=1"], "0 passed, 1 failed, 0 skipped", 1 },
        };

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task The_last_line_counts_and_the_exit_code_agrees(string name, string[] set, string last, int code)
    {
        Result result = await RunAsync(set, "test");
        Assert.Equal((name, last, code), (name, result.Lines[^1], result.Code));
    }

    [Fact]
    public async Task One_project_runs_alone_without_services_or_format_check_and_with_the_runners_options()
    {
        Result result = await RunAsync(
            [SummaryOf(0, 1, 0)],
            "test",
            "--project",
            "Some",
            "--filter-class",
            "*X*",
            "--faults"
        );
        Assert.Equal("1 passed, 0 failed, 0 skipped", result.Lines[^1]);
        string test = Assert.Single(result.Calls, c => c.StartsWith("dotnet test ", StringComparison.Ordinal));
        Assert.Contains("--project tests/Prometheus.Synthetic.Some.Tests/", test, StringComparison.Ordinal);
        Assert.EndsWith("--filter-class *X*", test, StringComparison.Ordinal);
        Assert.Contains($"long=1 root={_root}", result.Lines);
        Assert.DoesNotContain(result.Calls, c => c.Contains("services", StringComparison.Ordinal));
        Assert.DoesNotContain(result.Calls, c => c.Contains("csharpier", StringComparison.Ordinal));

        Result unknown = await RunAsync([], "test", "--project", "Other");
        Assert.Equal(2, unknown.Code);
        Assert.Contains(unknown.Lines, l => l.Contains("There are: Some", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unchanged_tree_is_not_built_again_and_a_changed_one_is()
    {
        Directory.CreateDirectory(Path.Combine(_root, "src/Prometheus.Synthetic.Cli/bin/Release/net10.0"));
        File.WriteAllText(
            Path.Combine(_root, "src/Prometheus.Synthetic.Cli/bin/Release/net10.0/Prometheus.Synthetic.Cli.dll"),
            ""
        );
        string source = Path.Combine(_root, "src/B.cs");
        File.WriteAllText(source, "");
        Assert.Equal(1, await BuildsAsync());
        Assert.Equal(0, await BuildsAsync());
        File.SetLastWriteTimeUtc(source, File.GetLastWriteTimeUtc(source).AddMinutes(1));
        Assert.Equal(1, await BuildsAsync());
        File.SetLastWriteTimeUtc(source, File.GetLastWriteTimeUtc(source).AddMinutes(-2));
        Assert.Equal(0, await BuildsAsync());
        File.Delete(source);
        Assert.Equal(1, await BuildsAsync());

        async Task<int> BuildsAsync() =>
            (await RunAsync([], "sets", "list")).Calls.Count(c =>
                c.StartsWith("dotnet build", StringComparison.Ordinal)
            );
    }

    [Fact]
    public async Task Anything_else_goes_to_the_command_line_with_its_exit_code()
    {
        Result result = await RunAsync([], "sets", "list", "--tag", "a b");
        Assert.Equal(5, result.Code);
        Assert.EndsWith("sets list --tag a b", result.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_Sdk_is_named_as_what_is_missing()
    {
        Result result = await RunAsync(["FAKE_SDK=9.0.100 [/sdk]"], "status");
        Assert.Equal(1, result.Code);
        Assert.Contains(".NET 10 SDK", result.Lines[^1], StringComparison.Ordinal);
    }

    private sealed record Result(int Code, IReadOnlyList<string> Lines, IReadOnlyList<string> Calls);

    private static string SummaryOf(int failed, int passed, int skipped) =>
        "FAKE_SUMMARY=" + Summary.Replace("{0}", $"{failed}").Replace("{1}", $"{passed}").Replace("{2}", $"{skipped}");

    private async Task<Result> RunAsync(string[] set, params string[] arguments)
    {
        string log = Path.Combine(_root, "calls");
        File.WriteAllText(log, "");
        var start = new ProcessStartInfo(
            "bash",
            ["-c", "exec \"$@\" 2>&1", "run", Path.Combine(_root, "synthetic"), .. arguments]
        )
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        foreach (
            string name in start
                .Environment.Keys.Where(n => n.StartsWith("SYNTHETIC_", StringComparison.Ordinal))
                .ToList()
        )
            start.Environment.Remove(name);
        start.Environment["PATH"] = Path.Combine(_root, "bin") + ":" + start.Environment["PATH"];
        start.Environment["FAKE_LOG"] = log;
        foreach (string variable in set)
            start.Environment[variable.Split('=')[0]] = variable[(variable.IndexOf('=') + 1)..];
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(process.ExitCode, output.TrimEnd('\n').Split('\n'), await File.ReadAllLinesAsync(log));
    }
}
