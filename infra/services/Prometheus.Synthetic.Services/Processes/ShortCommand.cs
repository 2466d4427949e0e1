using System.ComponentModel;
using System.Diagnostics;

namespace Prometheus.Synthetic.Services.Processes;

/// <summary>A command that runs to its end while we wait.</summary>
internal static class ShortCommand
{
    /// <summary>Exit code and everything written, both streams one after the other.</summary>
    public sealed record Result(int ExitCode, string Output);

    /// <exception cref="ServiceMissingException">The program does not exist.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the command has been ended.</exception>
    public static async Task<Result> RunAsync(
        IEnumerable<string> command,
        IEnumerable<KeyValuePair<string, string>>? environment = null,
        string? folder = null,
        CancellationToken ct = default
    )
    {
        ProcessStartInfo start = StartInfo(command, environment, folder);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        using Process process = Start(start);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new(process.ExitCode, await output + await error);
    }

    /// <exception cref="ServiceMissingException">The command failed; the message ends with what it wrote last.</exception>
    public static async Task RequireAsync(
        string what,
        IEnumerable<string> command,
        IEnumerable<KeyValuePair<string, string>>? environment = null,
        string? folder = null,
        CancellationToken ct = default
    )
    {
        Result result = await RunAsync(command, environment, folder, ct);
        if (result.ExitCode != 0)
            throw new ServiceMissingException($"{what} failed with code {result.ExitCode}: {Tail(result.Output)}");
    }

    /// <summary>The last lines of a long text, in one line.</summary>
    public static string Tail(string text, int lines = 6) =>
        string.Join(
            " | ",
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(lines)
        );

    internal static ProcessStartInfo StartInfo(
        IEnumerable<string> command,
        IEnumerable<KeyValuePair<string, string>>? environment,
        string? folder
    )
    {
        string[] words = [.. command];
        var start = new ProcessStartInfo(words[0], words.Skip(1)) { UseShellExecute = false };
        if (folder is not null)
            start.WorkingDirectory = folder;
        foreach ((string name, string value) in environment ?? [])
            start.Environment[name] = value;
        return start;
    }

    internal static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new ServiceMissingException($"{start.FileName} cannot be started: {e.Message}", e);
        }
    }
}
