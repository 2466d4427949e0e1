using System.Text.Json;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>The built command line as its own process against one database, as a shell would start it.</summary>
internal static class CommandLine
{
    private static readonly string s_program = Path.Combine(AppContext.BaseDirectory, "Prometheus.Synthetic.Cli.dll");

    public static Task<CliRun> RunAsync(string postgres, CancellationToken ct, params string[] arguments) =>
        CliRun.ProcessAsync(
            s_program,
            new Dictionary<string, string> { ["SYNTHETIC_POSTGRES"] = postgres },
            ct,
            arguments
        );

    /// <summary>Runs with <c>--json</c>: exactly one document on the output, or the test fails with what was said.</summary>
    public static async Task<JsonElement> JsonAsync(string postgres, CancellationToken ct, params string[] arguments)
    {
        CliRun run = await RunAsync(postgres, ct, [.. arguments, "--json"]);
        Assert.True(run.Code == 0, $"{string.Join(' ', arguments)} exits with {run.Code}: {run.Error}");
        return JsonSerializer.Deserialize<JsonElement>(run.Output);
    }

    /// <summary>Piped text is plain, and at most 100 columns wide but for what a caller has to copy whole.</summary>
    public static void AssertPlain(string output)
    {
        Assert.DoesNotContain('\u001b', output);
        Assert.All(output.Split('\n'), line => Assert.InRange(line.TrimEnd('\r').Length, 0, 100));
    }
}
