using System.CommandLine;
using System.Globalization;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Exchange;
using Prometheus.Synthetic.Messaging.Consumers;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Services;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Cli.Commands.Sets;

/// <summary><c>sets import</c>: a file of paths becomes a set of category CUSTOM.</summary>
public static class ImportSet
{
    public static Command Create(CliContext cli)
    {
        var file = new Argument<string>("file")
        {
            Description =
                "Parquet, Arrow IPC or CSV file: exported by 'sets export', or made by hand in the same columns.",
        };
        var name = new Option<string?>("--name") { Description = "Name of the lineage." };
        var description = new Option<string?>("--description") { Description = "What the set is for." };
        var asOf = new Option<string?>("--as-of") { Description = "The date the paths stand for (yyyy-MM-dd)." };
        var markets = new Option<string[]>("--market")
        {
            Description = "Market id; repeat for several. Taken from the instruments when absent.",
            AllowMultipleArgumentsPerToken = true,
        };
        var tags = new Option<string[]>("--tag")
        {
            Description = "Tag; repeat for several.",
            AllowMultipleArgumentsPerToken = true,
        };
        var defensive = new Option<bool>("--defensive-test") { Description = "Mark the set as a defensive test." };
        var units = new Option<string[]>("--macro-unit")
        {
            Description = "Unit of a macro series' level changes, as ID=unit; repeat for several.",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<bool> json = CliOptions.Json();
        var act = new ActOptions();
        var command = new Command(
            "import",
            "Bring a file of paths in as a set of category CUSTOM. Everything is checked before anything is written; the set "
                + "is announced when a broker is configured."
        )
        {
            file,
            name,
            description,
            asOf,
            markets,
            tags,
            defensive,
            units,
            json,
        };
        act.AddTo(command);
        command.SetAction(
            async (parsed, ct) =>
            {
                var request = new ImportRequest
                {
                    Name = parsed.GetValue(name),
                    Description = parsed.GetValue(description),
                    AsOfDate = CliOptions.Date("--as-of", parsed.GetValue(asOf)),
                    Markets = parsed.GetValue(markets) ?? [],
                    Tags = parsed.GetValue(tags) ?? [],
                    DefensiveTest = parsed.GetValue(defensive),
                    MacroUnits = Units(parsed.GetValue(units) ?? []),
                };
                Act who = act.Read(parsed);
                await using EngineScope engine = EngineScope.Open(cli);
                ScenarioSetRef made = await engine
                    .Get<SetImporter>()
                    .ImportAsync(parsed.GetValue(file)!, request, who, new StageNotices(cli.Console), ct);
                ScenarioSetDocument set = await engine
                    .Get<ISyntheticScenarioEngine>()
                    .GetScenarioSetMetadataAsync(made.ScenarioSetId, ct);
                await AnnounceAsync(cli, set, ct);
                if (parsed.GetValue(json))
                    cli.Console.WriteJson(set);
                else
                {
                    SetPrinter.Print(cli, set, existed: false, json: false);
                    if (made.Existed)
                        cli.Console.WriteLine("The set existed: the same paths had been imported under this name.");
                }

                return ExitCodes.Ok;
            }
        );
        return command.WithExamples(
            "./synthetic sets import baseline.parquet --name US_EQ_BASELINE_COPY",
            "./synthetic sets import stress.csv --name DESK_STRESS_10D --as-of 2026-10-30 --macro-unit DGS10=percent"
        );
    }

    /// <summary>
    /// Tells the other engines of the set, as the worker tells of those it generates; again for a set that was imported
    /// before. The set is sealed by then, so a silent broker fails nothing.
    /// </summary>
    private static async Task AnnounceAsync(CliContext cli, ScenarioSetDocument set, CancellationToken ct)
    {
        if (cli.Addresses().RabbitMq is not { } broker)
        {
            cli.Console.Notice("No RabbitMQ is configured: the set is sealed and was not announced.");
            return;
        }

        try
        {
            await using var bus = await OperatorBus.StartAsync(broker, ct);
            await bus.DispatchAsync(Announcement.Of(set), ct);
        }
        catch (ServiceMissingException e)
        {
            cli.Console.Notice(
                $"The set is sealed and was not announced: {e.Message} The same import, once the broker answers, announces it."
            );
        }
    }

    private static SortedDictionary<string, string> Units(string[] given)
    {
        var units = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in given)
        {
            int at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0 || at == pair.Length - 1)
                throw new ScenarioRefusedException(
                    ErrorCodes.WrongType,
                    "--macro-unit",
                    $"'{pair}' is not ID=unit, e.g. DGS10=percent"
                );
            units[pair[..at]] = pair[(at + 1)..];
        }

        return units;
    }
}
