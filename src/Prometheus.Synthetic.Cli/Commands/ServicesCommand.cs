using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Services;

namespace Prometheus.Synthetic.Cli.Commands;

/// <summary><c>services run -- COMMAND</c>: runs a command with services of its own, stopped and removed afterwards.</summary>
public static class ServicesCommand
{
    public static Command Create(CliContext cli)
    {
        var words = new Argument<string[]>("command")
        {
            Description = "The command and its arguments, after --.",
            Arity = ArgumentArity.OneOrMore,
        };
        var optional = new Option<bool>("--optional")
        {
            Description = "Run the command even when a service cannot be had, with a notice.",
        };
        var run = new Command(
            "run",
            "Run a command with PostgreSQL and RabbitMQ named in its environment: those already named there, else new "
                + "ones in Docker or as private processes, which are removed when the command ends."
        )
        {
            optional,
            words,
        };
        run.SetAction((parsed, ct) => RunAsync(cli, parsed.GetValue(words)!, parsed.GetValue(optional), ct));
        run.WithExamples("./synthetic services run -- dotnet test --project tests/Prometheus.Synthetic.Storage.Tests");
        var missing = new Command(
            "missing",
            "Print the Debian packages that must be installed before the services can be started; nothing when they "
                + "are named in the environment, Docker answers, or all is installed."
        );
        missing.SetAction((_, ct) => PrintMissingAsync(cli, ct));
        missing.WithExamples("./synthetic services missing");
        return new Command("services", "Short-lived services for one command, and what they need.") { run, missing };
    }

    private static async Task<int> PrintMissingAsync(CliContext cli, CancellationToken ct)
    {
        IReadOnlyList<string> packages = await new ServiceFinder(cli.Environment).MissingPackagesAsync(cli.Paths, ct);
        if (packages.Count > 0)
            cli.Console.WriteLine(string.Join(' ', packages));
        return ExitCodes.Ok;
    }

    private static async Task<int> RunAsync(CliContext cli, string[] words, bool optional, CancellationToken ct)
    {
        var finder = new ServiceFinder(cli.Environment, cli.Console.Notice);
        // Both start at once: the broker takes the longer.
        Task<AcquiredService?> first = TryAsync(finder.PostgresAsync(ct), optional, cli.Console);
        Task<AcquiredService?> second = TryAsync(finder.RabbitMqAsync(ct), optional, cli.Console);
        try
        {
            AcquiredService?[] services = await Task.WhenAll(first, second);
            ServiceAddresses addresses = services
                .OfType<AcquiredService>()
                .Aggregate(ServiceAddresses.None, (all, s) => all.Or(s.Addresses));
            return await RunCommandAsync(words, addresses, ct);
        }
        finally
        {
            foreach (Task<AcquiredService?> task in new[] { first, second })
            {
                // The other one may still be starting when this one failed: it is ours to stop, too.
                await task.ContinueWith(
                    _ => { },
                    CancellationToken.None,
                    TaskContinuationOptions.None,
                    TaskScheduler.Default
                );
                if (task is { IsCompletedSuccessfully: true, Result: { } service })
                    await service.DisposeAsync();
            }
        }
    }

    private static async Task<AcquiredService?> TryAsync(Task<AcquiredService> start, bool optional, CliConsole console)
    {
        try
        {
            return await start;
        }
        catch (ServiceMissingException e) when (optional)
        {
            console.Notice(e.Message);
            return null;
        }
    }

    private static async Task<int> RunCommandAsync(string[] words, ServiceAddresses addresses, CancellationToken ct)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1)) { UseShellExecute = false };
        foreach ((string name, string value) in addresses.ToEnvironment())
        {
            start.Environment[name] = value;
            // The value is given outright; the file variant beside it would contradict.
            start.Environment.Remove(name + ServiceVariables.FileSuffix);
        }

        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                "command",
                $"'{words[0]}' cannot be started: {e.Message}; name a program on the PATH or by its path"
            );
        }

        using (process)
        {
            try
            {
                await process.WaitForExitAsync(ct);
                return process.ExitCode;
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
                throw;
            }
        }
    }
}
