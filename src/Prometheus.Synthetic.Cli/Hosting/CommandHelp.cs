using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>Gives a command its examples, which <c>--help</c> prints after the options.</summary>
public static class CommandHelp
{
    // Examples hang on the command itself and go with it; the parser's own types have no room for them.
    private static readonly ConditionalWeakTable<Command, string[]> s_examples = [];

    /// <param name="command">The command that the examples explain.</param>
    /// <param name="examples">Whole command lines as a user types them, e.g. <c>./synthetic status --json</c>.</param>
    public static Command WithExamples(this Command command, params string[] examples)
    {
        s_examples.AddOrUpdate(command, examples);
        return command;
    }

    /// <summary>The examples that the help of a command shows.</summary>
    public static IReadOnlyList<string> ExamplesOf(Command command) =>
        s_examples.TryGetValue(command, out string[]? examples) ? examples : [];

    /// <summary>A line that is too wide goes on in the next before one of its options, as a shell reads it.</summary>
    private static string Broken(string example)
    {
        const string Next = " \\\n      ";
        int begin = example.LastIndexOf('\n') + 1;
        if (example.Length - begin <= CliConsole.PlainWidth)
            return example;
        int cut = example.LastIndexOf(" --", begin + CliConsole.PlainWidth - 2, StringComparison.Ordinal);
        return cut <= begin ? example : Broken(example[..cut] + Next + example[(cut + 1)..]);
    }

    internal sealed class Action(HelpAction inner) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            // By itself it fills a wide terminal, and never breaks a line when piped.
            inner.MaxWidth = Math.Min(inner.MaxWidth, CliConsole.PlainWidth);
            int code = inner.Invoke(parseResult);
            Command command = parseResult.CommandResult.Command;
            TextWriter output = parseResult.InvocationConfiguration.Output;
            IReadOnlyList<string> examples = ExamplesOf(command);
            if (examples.Count > 0)
            {
                output.WriteLine(examples.Count == 1 ? "Example:" : "Examples:");
                foreach (string example in examples)
                    output.WriteLine(Broken("  " + example));
                output.WriteLine();
            }

            if (!command.Parents.Any())
            {
                output.WriteLine("Exit codes:");
                output.WriteLine($"  {ExitCodes.Ok}  done");
                output.WriteLine($"  {ExitCodes.Failed}  failed");
                output.WriteLine($"  {ExitCodes.Refused}  input refused, nothing changed");
                output.WriteLine($"  {ExitCodes.ServiceMissing}  PostgreSQL or RabbitMQ missing or not reachable");
                output.WriteLine($"  {ExitCodes.NotCovered}  answered with no: sets do not cover what is needed");
                output.WriteLine($"  {ExitCodes.Cancelled}  interrupted");
                output.WriteLine();
            }

            return code;
        }
    }
}
