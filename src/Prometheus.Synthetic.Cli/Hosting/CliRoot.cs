using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Reflection;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>The root command, and the one place where a command runs and its failure becomes a message and a code.</summary>
public static class CliRoot
{
    /// <summary>Time a command gets to stop cleanly after Ctrl-C or SIGTERM.</summary>
    private static readonly TimeSpan s_terminationTimeout = TimeSpan.FromSeconds(30);

    public static Command Create(params IEnumerable<Command> commands)
    {
        // A plain command, so that usage lines carry the name of the launcher and not that of an assembly.
        var root = new Command("synthetic", "Prometheus.Synthetic: versioned synthetic market scenario sets.");
        var help = new HelpOption { Recursive = true };
        help.Action = new CommandHelp.Action((HelpAction)help.Action!);
        root.Add(help);
        root.Add(new Option<bool>("--version") { Description = "Print the version.", Action = new VersionAction() });
        root.Add(CliOptions.Verbose());
        foreach (Command command in commands)
            root.Add(command);
        return root.WithExamples("./synthetic demo", "./synthetic up", "./synthetic status --json");
    }

    /// <returns>One of <see cref="ExitCodes"/>, or the code that the command returned.</returns>
    public static async Task<int> RunAsync(Command root, IReadOnlyList<string> args, CliContext cli)
    {
        if (args.Count == 0)
            args = ["--help"];
        ParseResult parsed = root.Parse(args);
        var invocation = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = s_terminationTimeout,
            Output = cli.Console.Out.Profile.Out.Writer,
            Error = cli.Console.Error.Profile.Out.Writer,
        };
        if (parsed.Action is ParseErrorAction)
        {
            CliErrors.ReportParse(parsed, cli.Console);
            return ExitCodes.Refused;
        }

        try
        {
            return await parsed.InvokeAsync(invocation);
        }
        catch (Exception e)
        {
            return CliErrors.Report(e, parsed.GetValue<bool>(CliOptions.VerboseName), cli.Console);
        }
    }

    private sealed class VersionAction : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            Assembly assembly = typeof(CliRoot).Assembly;
            string? version = assembly
                .GetCustomAttribute<AssemblyInformationalVersionAttribute>()
                ?.InformationalVersion;
            parseResult.InvocationConfiguration.Output.WriteLine(version ?? "unknown");
            return ExitCodes.Ok;
        }
    }
}
