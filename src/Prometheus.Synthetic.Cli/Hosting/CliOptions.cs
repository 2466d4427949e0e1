using System.CommandLine;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>Options that mean the same in every command.</summary>
public static class CliOptions
{
    public const string VerboseName = "--verbose";

    /// <summary><c>--json</c>, for every command that reads: one JSON document on standard output, nothing else.</summary>
    public static Option<bool> Json() =>
        new("--json") { Description = "Print one JSON document (snake_case) on standard output instead of text." };

    internal static Option<bool> Verbose() =>
        new(VerboseName)
        {
            Description = "Print the whole exception with its stack trace when something fails.",
            Recursive = true,
        };
}
