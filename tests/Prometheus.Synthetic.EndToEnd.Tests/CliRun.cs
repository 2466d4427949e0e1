using System.CommandLine;
using System.Diagnostics;
using Prometheus.Synthetic.Cli.Commands;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Services;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>What one run of a command left behind.</summary>
public sealed record CliRun(int Code, string Output, string Error)
{
    /// <summary>Runs a built program as a process of its own, both streams piped.</summary>
    public static async Task<CliRun> ProcessAsync(
        string program,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken ct,
        params string[] arguments
    )
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(ct);
        Task<string> error = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return new(process.ExitCode, await output, await error);
    }
}

/// <summary>
/// The operators' commands in this process, with streams and an environment of their own: all but the start of a
/// program, which takes longer than most commands.
/// </summary>
public sealed class InProcessCli(string root, IReadOnlyDictionary<string, string> environment)
{
    public async Task<CliRun> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var cli = new CliContext(
            new CliConsole(output, error),
            new StackPaths(root),
            environment.GetValueOrDefault,
            TimeProvider.System,
            [.. environment.Keys]
        );
        Command commands = CliRoot.Create(CliCommands.All(cli));
        int code = await CliRoot.RunAsync(commands, arguments, cli);
        return new(code, output.ToString(), error.ToString());
    }
}
