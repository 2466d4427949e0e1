using System.CommandLine;
using System.Net.Sockets;
using Npgsql;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Services;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>Turns a failure into what an operator reads and a script branches on.</summary>
public static class CliErrors
{
    /// <summary>Writes <paramref name="e"/> to the error stream and says with which code to exit.</summary>
    public static int Report(Exception e, bool verbose, CliConsole console)
    {
        int code = CodeOf(e);
        switch (e)
        {
            case OperationCanceledException when !verbose:
                console.Notice("cancelled");
                break;
            case ScenarioRefusedException refused:
                console.Notice(refused.Errors.Count == 1 ? "refused:" : $"refused, {refused.Errors.Count} errors:");
                foreach (FieldError error in refused.Errors)
                    console.Notice($"  {Printable(error.ToString())}");
                break;
            default:
                console.Notice($"error: {Printable(Sentence(e, code))}");
                break;
        }

        if (verbose)
            console.Notice(e.ToString());
        else if (code == ExitCodes.Failed)
            console.Notice($"({CliOptions.VerboseName} prints where it happened)");
        return code;
    }

    /// <summary>Errors of the command line itself, e.g. an unknown option, each on its line.</summary>
    public static void ReportParse(ParseResult parsed, CliConsole console)
    {
        string[] messages = [.. parsed.Errors.Select(ParseSentences.Of).Distinct(StringComparer.Ordinal)];
        // With an unknown word the parser also misses a command, which is no second error to a person.
        string[] telling = [.. messages.Where(m => m != "Required command was not provided.")];
        foreach (string message in telling.Length > 0 ? telling : messages)
            console.Notice($"error: {Printable(message)}");
        console.Notice($"See: {CommandLineOf(parsed)} --help");
    }

    public static int CodeOf(Exception e)
    {
        for (Exception? at = e; at is not null; at = at.InnerException)
        {
            switch (at)
            {
                case ScenarioRefusedException:
                    return ExitCodes.Refused;
                case ServiceMissingException or SocketException:
                case NpgsqlException { IsTransient: true } and not PostgresException:
                    return ExitCodes.ServiceMissing;
                case OperationCanceledException and not TaskCanceledException { InnerException: TimeoutException }:
                    return ExitCodes.Cancelled;
            }
        }

        return ExitCodes.Failed;
    }

    private static string Sentence(Exception e, int code)
    {
        // An aggregate or a type initialiser says nothing itself; what it carries does.
        while (e is AggregateException or TypeInitializationException && e.InnerException is { } inner)
            e = inner;
        string text = e.Message.ReplaceLineEndings(" ").Trim();
        if (code == ExitCodes.ServiceMissing && e is not ServiceMissingException)
            text += ". Is the stack running? `./synthetic status` shows it, `./synthetic up` starts it.";
        return text;
    }

    /// <summary>What a file or an argument holds is quoted in errors, and must not steer the terminal.</summary>
    private static string Printable(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : text;

    private static string CommandLineOf(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (
            Command? at = parsed.CommandResult.Command;
            at is not null;
            at = at.Parents.OfType<Command>().FirstOrDefault()
        )
            names.Push(at.Name);
        return "./" + string.Join(' ', names);
    }
}
