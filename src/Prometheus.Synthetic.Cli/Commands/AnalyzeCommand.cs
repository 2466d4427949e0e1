using System.CommandLine;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Scenarios.Analysis;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Storage.Market.Import;

namespace Prometheus.Synthetic.Cli.Commands;

/// <summary><c>analyze</c>: what a series, an instrument, a universe or a CSV file looks like, and a spec that suits it.</summary>
public static class AnalyzeCommand
{
    public static Command Create(CliContext cli)
    {
        var series = new Argument<string[]>("SERIES")
        {
            Description =
                "Instrument, factor or macro series ids; or a CSV file, then names of its columns (all if none).",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var instruments = new Option<string[]>("--instrument")
        {
            Description = "Instrument id; repeat for several.",
            AllowMultipleArgumentsPerToken = true,
        };
        var markets = new Option<string[]>("--market")
        {
            Description = "Market id; repeat for several. All of its instruments unless the filter says less.",
            AllowMultipleArgumentsPerToken = true,
        };
        var universe = new Option<string?>("--universe-filter") { Description = "Universe filter as JSON." };
        var asOf = new Option<string?>("--as-of")
        {
            Description = "Only data up to this day (yyyy-MM-dd); the last day with data when absent.",
        };
        var start = new Option<string?>("--base-date-start") { Description = "First day looked at (yyyy-MM-dd)." };
        var end = new Option<string?>("--base-date-end") { Description = "Last day looked at (yyyy-MM-dd)." };
        var horizon = new Option<int>("--horizon-days")
        {
            Description = "Horizon that the suggested spec is for.",
            DefaultValueFactory = _ => 30,
        };
        var values = new Option<string?>("--values")
        {
            Description = "Of a CSV file: prices, returns, log-returns or levels. Detected when absent.",
        };
        values.AcceptOnlyFromAmong("prices", "returns", "log-returns", "levels");
        var replicates = new Option<int?>(FitAnalysis.Field)
        {
            Description =
                $"Also test which margins and which copula fit, by parametric bootstrap with so many replicates, {ParametricBootstrap.FewestReplicates} to {ParametricBootstrap.MostReplicates}; takes seconds a series and more with every pair.",
        };
        Option<bool> json = CliOptions.Json();
        var command = new Command("analyze", "Look at history before choosing a generator spec, and suggest one.")
        {
            series,
            instruments,
            markets,
            universe,
            asOf,
            start,
            end,
            horizon,
            values,
            replicates,
            json,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                var question = new AnalysisQuestion(
                    parsed.GetValue(series) ?? [],
                    parsed.GetValue(instruments) ?? [],
                    parsed.GetValue(markets) ?? [],
                    CliOptions.JsonOf("universe_filter", parsed.GetValue(universe)),
                    CliOptions.Date("as_of_date", parsed.GetValue(asOf)),
                    CliOptions.Date("base_date_start", parsed.GetValue(start)),
                    CliOptions.Date("base_date_end", parsed.GetValue(end)),
                    parsed.GetValue(values) switch
                    {
                        "prices" => ImportValues.Prices,
                        "returns" => ImportValues.Returns,
                        "log-returns" => ImportValues.LogReturns,
                        "levels" => ImportValues.Levels,
                        _ => null,
                    }
                );
                int steps = parsed.GetValue(horizon);
                if (steps is < 1 or > Scenarios.Generation.GenerationShape.MaxHorizonDays)
                    throw new ScenarioRefusedException(
                        ErrorCodes.OutOfRange,
                        "--horizon-days",
                        $"{steps} is outside 1..{Scenarios.Generation.GenerationShape.MaxHorizonDays} trading days"
                    );
                AnalysisSubject subject = await question.LoadAsync(cli, ct);
                var analysis = PanelAnalysis.Of(subject.Snapshot);
                var spec = SuggestedSpec.For(analysis, steps);
                JsonObject request = subject.Request(spec, steps);
                FitAnalysis? fit = parsed.GetValue(replicates) is { } asked
                    ? await FitAsync(cli.Console, subject, analysis, asked, ct)
                    : null;
                if (parsed.GetValue(json))
                    cli.Console.WriteJson(
                        new
                        {
                            analysis,
                            goodnessOfFit = fit,
                            subject.Notes,
                            suggestion = new
                            {
                                spec.Category,
                                generatorSpec = spec.GeneratorSpec,
                                spec.Reasons,
                                request,
                            },
                        }
                    );
                else
                    AnalysisPrinter.Print(cli.Console, analysis, fit, subject.Notes, spec, request);
                return ExitCodes.Ok;
            }
        );
        return command.WithExamples(
            "./synthetic analyze --market US_EQ --as-of 2020-03-31",
            "./synthetic analyze EQUITY:UFIN01 MKT VIX --json",
            "./synthetic analyze prices.csv.gz AAPL --horizon-days 10",
            "./synthetic analyze EQUITY:UFIN01 --goodness-of-fit 200"
        );
    }

    private static Task<FitAnalysis> FitAsync(
        CliConsole console,
        AnalysisSubject subject,
        PanelAnalysis analysis,
        int replicates,
        CancellationToken ct
    )
    {
        const string Stage = "goodness of fit";
        return GenerationDisplay.WaitAsync(
            console,
            Stage,
            p =>
                Task.Run(
                    () =>
                        FitAnalysis.Of(
                            subject.Snapshot.Panel,
                            analysis.ConstantDrivers,
                            replicates,
                            (done, total) => p.Report(new GenerationProgress(Stage, null, done, total)),
                            ct
                        ),
                    ct
                )
        );
    }
}
