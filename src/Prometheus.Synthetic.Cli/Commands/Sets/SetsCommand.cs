using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Cli.Commands.Sets;

/// <summary><c>sets …</c>: the scenario library. Each subcommand is in its own file.</summary>
public static class SetsCommand
{
    public static Command Create(CliContext cli) =>
        new("sets", "Look into the scenario library.")
        {
            ListSets.Create(cli),
            ShowSet.Create(cli),
            ShowPaths.Create(cli),
            PlotSet.Create(cli),
            CompareSets.Create(cli),
            AssessBattery.Create(cli),
            ShowPlausibility.Create(cli),
            AuditSet.Create(cli),
            ReportSet.Create(cli),
            VerifySets.Create(cli),
            EvictSets.Create(cli),
            RehydrateSets.Create(cli),
            DeleteSet.Create(cli),
            TagSet.Create(cli),
            RetentionCommand.Create(cli),
            ExportSet.Create(cli),
            ImportSet.Create(cli),
        };

    internal static Argument<string> SetArgument() =>
        new("set")
        {
            Description =
                "Id, beginning of an id (4 characters or more), lineage name (its current version) or name:version.",
        };

    /// <summary>What is wrong with <c>--category</c>; null when it is left out or known.</summary>
    internal static FieldError? UnknownCategory(string? category) =>
        category is null || ScenarioCategory.All.Contains(category, StringComparer.Ordinal)
            ? null
            : new FieldError(
                ErrorCodes.UnknownValue,
                "--category",
                $"'{category}' is not a scenario category; known: {string.Join(", ", ScenarioCategory.All)}"
                    + Spelling.Suggest(category, ScenarioCategory.All)
            );

    internal static async Task<ScenarioSetDocument> FindAsync(EngineScope engine, string text, CancellationToken ct)
    {
        Guid id = await engine.Get<SetFinder>().FindAsync(text, ct);
        return await engine.Get<ISyntheticScenarioEngine>().GetScenarioSetMetadataAsync(id, ct);
    }
}
