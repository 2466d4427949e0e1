using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Services;
using Spectre.Console;

namespace Prometheus.Synthetic.Cli.Commands;

/// <summary><c>status</c>: which services are configured, where from, and whether they answer.</summary>
public static class StatusCommand
{
    public static Command Create(CliContext cli)
    {
        Option<bool> json = CliOptions.Json();
        var command = new Command(
            "status",
            "Show which services are configured, where they run and whether they answer."
        )
        {
            json,
        };
        command.SetAction((parsed, ct) => RunAsync(cli, parsed.GetValue(json), ct));
        return command.WithExamples("./synthetic status", "./synthetic status --json");
    }

    /// <returns><see cref="ExitCodes.Ok"/> when every service answers, else <see cref="ExitCodes.ServiceMissing"/>.</returns>
    private static async Task<int> RunAsync(CliContext cli, bool json, CancellationToken ct)
    {
        StackReport report = await StackReport.TakeAsync(cli.Environment, cli.Paths, ct);
        if (json)
            cli.Console.WriteJson(report);
        else
            Print(report, cli.Console);
        return report.Services.All(s => s.Reachable) ? ExitCodes.Ok : ExitCodes.ServiceMissing;
    }

    private static void Print(StackReport report, CliConsole console)
    {
        var table = new Table().Border(console.OutputIsTerminal ? TableBorder.Rounded : TableBorder.Ascii);
        table.AddColumns("Service", "Address", "From", "Answers", "Version");
        foreach (ServiceStatus s in report.Services)
        {
            table.AddRow(
                Markup.Escape(s.Service),
                Markup.Escape(s.Address ?? "-"),
                Markup.Escape(s.Address is null ? "-" : report.Source),
                s.Reachable ? "[green]yes[/]" : "[red]no[/]",
                Markup.Escape(s.ServerVersion ?? s.Problem ?? "-")
            );
        }

        console.Out.Write(table);
        foreach (ProcessStatus p in report.Processes)
            console.WriteLine($"{p.Name}: pid {p.Pid}, {(p.Alive ? "running" : "gone")}");
        if (report.Data is not null)
            console.WriteLine($"data: {report.Data}");
        if (report.Services.Any(s => !s.Reachable))
            console.WriteLine("`./synthetic up` starts what is missing.");
    }
}
