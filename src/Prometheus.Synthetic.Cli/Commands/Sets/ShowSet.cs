using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Engine.Audit;
using Prometheus.Synthetic.Engine.Diagnostics;
using Prometheus.Synthetic.Engine.Sealing;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Cli.Commands.Sets;

/// <summary><c>sets show</c>: the audit sheet and the diagnostics of one set.</summary>
internal static class ShowSet
{
    private const int LabelWidth = 27;

    public static Command Create(CliContext cli)
    {
        Argument<string> set = SetsCommand.SetArgument();
        Option<bool> json = CliOptions.Json();
        var command = new Command(
            "show",
            "Show one set: where it comes from, what is in it and what it is like, what verified it, what was done to it."
        )
        {
            set,
            json,
        };
        command.SetAction((parsed, ct) => RunAsync(cli, parsed.GetValue(set)!, parsed.GetValue(json), ct));
        return command.WithExamples(
            "./synthetic sets show US_EQ_BASELINE_BOOTSTRAP_30D",
            "./synthetic sets show US_EQ_BASELINE_BOOTSTRAP_30D:1 --json"
        );
    }

    private static async Task<int> RunAsync(CliContext cli, string text, bool json, CancellationToken ct)
    {
        await using EngineScope engine = EngineScope.Open(cli);
        ScenarioSetDocument set = await SetsCommand.FindAsync(engine, text, ct);
        SetDiagnosis diagnosis = await engine.Get<SetDiagnosisReader>().ReadAsync(set, ct);
        AuditSheet sheet = await engine.Get<AuditSheetReader>().ReadAsync(set.Id, ct);
        if (json)
        {
            cli.Console.WriteJson(Json(sheet, diagnosis));
            return ExitCodes.Ok;
        }

        foreach (AuditSection section in AuditSections.Of(sheet).Where(s => s.Lines.Count > 0))
        {
            cli.Console.WriteLine(section.Title);
            foreach ((string label, string value) in section.Lines)
                cli.Console.WriteLabelled("  " + label, value, LabelWidth);
            cli.Console.WriteLine(string.Empty);
        }

        DiagnosticsPrinter.Print(diagnosis, cli.Console);
        return ExitCodes.Ok;
    }

    /// <summary>The record as it was sealed, and beside its members what came later: the same that the sheet says in words.</summary>
    private static JsonObject Json(AuditSheet sheet, SetDiagnosis diagnosis)
    {
        JsonObject record = Node(sheet.Set).AsObject();
        record["diagnostics"] = JsonSerializer.SerializeToNode(diagnosis, SetSealer.ReportJson);
        record["current"] = sheet.Current;
        record["later_tags"] = Node(sheet.LaterTags);
        record["drivers_kept"] = Node(sheet.Drivers);
        record["versions"] = Node(sheet.Versions);
        record["verifications"] = Node(sheet.Verifications);
        record["audit_trail"] = Node(sheet.Trail);
        return record;

        static JsonNode Node<T>(T value) => JsonSerializer.SerializeToNode(value, CliConsole.JsonOptions)!;
    }
}
