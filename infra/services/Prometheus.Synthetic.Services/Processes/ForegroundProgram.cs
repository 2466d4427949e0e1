using System.Diagnostics;

namespace Prometheus.Synthetic.Services.Processes;

/// <summary>A program that has this command's terminal, and ends when the command is asked to.</summary>
public static class ForegroundProgram
{
    /// <summary>
    /// Runs it to its end. When cancelled it gets SIGTERM and the time it needs to finish; its own timeout bounds the wait.
    /// </summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="ServiceMissingException">The program does not exist.</exception>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> command,
        IEnumerable<KeyValuePair<string, string>> environment,
        CancellationToken ct
    )
    {
        using Process program = ShortCommand.Start(ShortCommand.StartInfo(command, environment, folder: null));
        try
        {
            await program.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            if (!program.HasExited)
                Posix.Send(program.Id, Signal.Terminate);
            await program.WaitForExitAsync(CancellationToken.None);
        }

        return program.ExitCode;
    }
}
