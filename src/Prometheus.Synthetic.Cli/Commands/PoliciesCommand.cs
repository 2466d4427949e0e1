using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Messaging.Policies;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;

namespace Prometheus.Synthetic.Cli.Commands;

/// <summary><c>policies</c>: what the refreshes of each market family make, and whether this version can make it.</summary>
public static class PoliciesCommand
{
    public static Command Create(CliContext cli) =>
        new("policies", "Policies of the monthly and the fragility refresh.") { List(cli), Check(cli) };

    private static Option<string?> Folder() =>
        new("--folder") { Description = "Folder of the policy files; SYNTHETIC_POLICIES, else the ready-made ones." };

    private static Command List(CliContext cli)
    {
        Option<string?> folder = Folder();
        Option<bool> json = CliOptions.Json();
        var command = new Command("list", "Show the policies and the sets they make.") { folder, json };
        command.SetAction(parsed =>
        {
            PolicyLibrary library = PolicyLibrary.Load(FolderOf(cli, parsed.GetValue(folder)), NewCheck(cli));
            if (parsed.GetValue(json))
                cli.Console.WriteJson(library.All);
            else if (!library.All.Any())
                cli.Console.WriteLine("No policies: no refresh would make anything.");
            else
                foreach (RefreshPolicy policy in library.All)
                    Print(cli, policy);
            return ExitCodes.Ok;
        });
        return command.WithExamples("./synthetic policies list", "./synthetic policies list --json");
    }

    private static Command Check(CliContext cli)
    {
        var files = new Argument<string[]>("file")
        {
            Description = "Policy files; all of the folder when none is named.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string?> folder = Folder();
        Option<bool> json = CliOptions.Json();
        var command = new Command("check", "Check policies as the worker does when it starts.") { files, folder, json };
        command.SetAction(parsed =>
        {
            PolicyCheck check = NewCheck(cli);
            IReadOnlyList<PolicyFinding> findings = parsed.GetValue(files) is { Length: > 0 } named
                ? [.. named.Select(f => File.Exists(f) ? PolicyLibrary.InspectFile(f, check) : Missing(f))]
                : PolicyLibrary.Inspect(FolderOf(cli, parsed.GetValue(folder)), check);
            if (parsed.GetValue(json))
                cli.Console.WriteJson(findings);
            else
                foreach (PolicyFinding finding in findings)
                    Print(cli, finding);
            return findings.Any(f => f.Errors.Count > 0) ? ExitCodes.Refused : ExitCodes.Ok;
        });
        return command.WithExamples(
            "./synthetic policies check",
            "./synthetic policies check infra/policies/us-eq.yaml --json"
        );
    }

    private static PolicyCheck NewCheck(CliContext cli) =>
        new(new RequestResolver(ScenarioFamilies.All, CliSettings.Read(cli).Limits));

    private static string FolderOf(CliContext cli, string? given) =>
        given ?? (cli.Environment("SYNTHETIC_POLICIES") is { Length: > 0 } set ? set : PolicyLibrary.ReadyMade);

    private static PolicyFinding Missing(string file) =>
        new(file, null, [new FieldError(ErrorCodes.NotFound, file, "there is no such file")]);

    private static void Print(CliContext cli, RefreshPolicy policy)
    {
        cli.Console.WriteLine($"{policy.Name} version {policy.Version}, {policy.Market}");
        cli.Console.WriteLine($"  {policy.Hash}");
        foreach (PolicyPart part in policy.Monthly)
            cli.Console.WriteLine(
                $"  monthly    {part.Part, -22} {part.Category, -20} {part.NumPaths, 6} × {part.HorizonDays} days"
            );
        foreach (PolicyPart part in policy.Fragility)
            cli.Console.WriteLine(
                $"  fragility  {part.Part, -22} radius {part.Targets!.Severity, -13} {part.NumPaths, 6} × {part.HorizonDays} days"
            );
    }

    private static void Print(CliContext cli, PolicyFinding finding)
    {
        string what = finding.Policy is { } p ? $"{p.Name} version {p.Version}, {p.Market}" : "not read";
        cli.Console.WriteLine(
            $"{finding.File}: {what}: {(finding.Errors.Count == 0 ? "ok" : $"{finding.Errors.Count} errors")}"
        );
        foreach (FieldError error in finding.Errors)
            cli.Console.WriteWrapped("  ", error.ToString());
    }
}
