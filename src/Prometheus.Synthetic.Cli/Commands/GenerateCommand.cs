using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Messaging.Consumers;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Cli.Commands;

/// <summary><c>generate</c>: makes a set, by the worker or in this process.</summary>
public static class GenerateCommand
{
    public static Command Create(CliContext cli)
    {
        var local = new Option<bool>("--local")
        {
            Description = "Generate in this process instead of asking the worker.",
        };
        var shards = new Option<int?>("--shards")
        {
            Description = "With --local: cut the set into this many shards; changes no byte.",
        };
        Option<bool> json = CliOptions.Json();
        var request = new RequestOptions();
        var command = new Command("generate", "Generate a scenario set and wait for it.") { local, shards, json };
        request.AddTo(command);
        command.SetAction(
            (parsed, ct) =>
                parsed.GetValue(local)
                    ? RunLocalAsync(cli, request.Read(parsed), parsed.GetValue(shards), parsed.GetValue(json), ct)
                    : RunByWorkerAsync(cli, request.Read(parsed), parsed.GetValue(json), ct)
        );
        return command.WithExamples(
            "./synthetic generate --local --name US_EQ_TRIAL --category BOOTSTRAP --market US_EQ --horizon-days 30 "
                + "--num-paths 1000 --as-of 2026-10-30 --generator-spec '{\"block_length\":10}'",
            "./synthetic generate --local --definition desk-shocks.csv --market US_EQ --as-of 2026-10-30",
            "./synthetic generate --request contracts/samples/generate-scenario-set/v1-minimal.json"
        );
    }

    private static async Task<int> RunLocalAsync(
        CliContext cli,
        GenerateScenarioSet request,
        int? shards,
        bool json,
        CancellationToken ct
    )
    {
        if (shards is { } count)
            CliOptions.Within("--shards", count, 1, 100_000);
        await using EngineScope engine = EngineScope.Open(cli);
        Guid causation = Causation(cli, request);
        ScenarioRequest asked = Requests.ToEngine(request, causation);
        var context = new PlanContext(request.RequestedBy ?? "cli", CausationId: causation, Shards: shards);
        ScenarioSetRef made = await GenerationDisplay.WaitAsync(
            cli.Console,
            "planning",
            progress => engine.Get<ISyntheticScenarioEngine>().GenerateScenarioSetAsync(asked, context, progress, ct)
        );
        ScenarioSetDocument set = await engine
            .Get<ISyntheticScenarioEngine>()
            .GetScenarioSetMetadataAsync(made.ScenarioSetId, ct);
        SetPrinter.Print(cli, set, made.Existed, json);
        return ExitCodes.Ok;
    }

    private static async Task<int> RunByWorkerAsync(
        CliContext cli,
        GenerateScenarioSet request,
        bool json,
        CancellationToken ct
    )
    {
        await using var bus = await OperatorBus.StartAsync(cli.RequireRabbitMq(), ct);
        await using EngineScope engine = EngineScope.Open(cli);
        Guid causation = Causation(cli, request);
        // The same check as the worker's, so that a refusal shows here at once and names the same fields.
        Guid requestId = engine.Get<RequestResolver>().Resolve(Requests.ToEngine(request, causation)).RequestId;
        using GenerationWatch watch = bus.Watch(requestId);
        await bus.PublishAsync(request, causation, ct);
        ScenarioSetGenerated generated = await GenerationDisplay.WaitAsync(
            cli.Console,
            "planning",
            progress => watch.CompletionAsync(progress, ct)
        );
        ScenarioSetDocument set = await engine
            .Get<ISyntheticScenarioEngine>()
            .GetScenarioSetMetadataAsync(generated.ScenarioSetId, ct);
        SetPrinter.Print(cli, set, set.CausationId != causation, json);
        return ExitCodes.Ok;
    }

    /// <summary>An id for this act of asking: repeatable for the same question, new when a new version is forced.</summary>
    private static Guid Causation(CliContext cli, GenerateScenarioSet request) =>
        request.ForceNewVersion == true
            ? NameBasedGuid.Create($"cli:{NaturalKeys.MessageId(request):N}:{cli.Clock.GetUtcNow():O}")
            : NaturalKeys.MessageId(request);
}
