using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;

namespace Prometheus.Synthetic.Cli.Commands;

/// <summary><c>down</c>: stops what <c>up</c> started.</summary>
public static class DownCommand
{
    public static Command Create(CliContext cli)
    {
        var purge = new Option<bool>("--purge") { Description = "Remove the data and the credentials too." };
        var command = new Command(
            "down",
            "Stop the stack that `up` started. Its data are kept unless --purge is given."
        )
        {
            purge,
        };
        command.SetAction((parsed, ct) => RunAsync(cli, parsed.GetValue(purge), ct));
        return command.WithExamples("./synthetic down", "./synthetic down --purge");
    }

    private static async Task<int> RunAsync(CliContext cli, bool purge, CancellationToken ct)
    {
        bool acted = await UpCommand.StackOf(cli).DownAsync(purge, ct);
        cli.Console.WriteLine(
            (acted, purge) switch
            {
                (false, _) => "Nothing was running.",
                (true, false) => "Stopped; the data are kept.",
                (true, true) => "Stopped; data and credentials removed.",
            }
        );
        return ExitCodes.Ok;
    }
}
