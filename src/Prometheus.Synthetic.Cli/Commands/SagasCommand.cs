using System.CommandLine;
using System.Globalization;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.FragilityRefresh;
using Prometheus.Synthetic.Messaging.Inspection;
using Prometheus.Synthetic.Messaging.MonthlyRefresh;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Audit;

namespace Prometheus.Synthetic.Cli.Commands;

/// <summary><c>sagas</c>: generations and refreshes as they stand; calling them off and trying again what ended short.</summary>
public static class SagasCommand
{
    public static Command Create(CliContext cli) =>
        new("sagas", "Generations and refreshes: where they stand, cancel, retry.")
        {
            List(cli),
            Show(cli),
            Cancel(cli),
            Retry(cli),
        };

    private static Argument<Guid> Id() =>
        new("id") { Description = "Request id or refresh id, as `sagas list` shows it." };

    private static Command List(CliContext cli)
    {
        var open = new Option<bool>("--open") { Description = "Only those that have not ended." };
        var limit = new Option<int>("--limit")
        {
            Description = "At most so many, 1 to 10000.",
            DefaultValueFactory = _ => 50,
        };
        Option<bool> json = CliOptions.Json();
        var command = new Command("list", "Show sagas, those that got further last first.") { open, limit, json };
        command.SetAction(
            async (parsed, ct) =>
            {
                int most = CliOptions.Within("--limit", parsed.GetValue(limit), 1, 10_000);
                await using OperatorScope scope = OperatorScope.Open(cli);
                IReadOnlyList<SagaStatus> sagas = await scope
                    .Get<SagaStatusReader>()
                    .ListAsync(parsed.GetValue(open), most, ct);
                if (parsed.GetValue(json))
                    cli.Console.WriteJson(sagas);
                else if (sagas.Count == 0)
                    cli.Console.WriteLine("No sagas.");
                else
                    foreach (SagaStatus saga in sagas)
                        PrintLine(cli, saga);
                return ExitCodes.Ok;
            }
        );
        return command.WithExamples("./synthetic sagas list --open", "./synthetic sagas list --json");
    }

    private static Command Show(CliContext cli)
    {
        Argument<Guid> id = Id();
        Option<bool> json = CliOptions.Json();
        var command = new Command("show", "Show one saga with its parts and errors.") { id, json };
        command.SetAction(
            async (parsed, ct) =>
            {
                await using OperatorScope scope = OperatorScope.Open(cli);
                SagaStatus saga = await RequireAsync(scope, parsed.GetValue(id), ct);
                if (parsed.GetValue(json))
                {
                    cli.Console.WriteJson(saga);
                    return ExitCodes.Ok;
                }

                PrintLine(cli, saga);
                cli.Console.WriteLine(
                    $"  started {Instant(saga.StartedAt)}, last progress {Instant(saga.ProgressedAt)}"
                );
                if (saga.DrivenAgainAt(CliSettings.StalledAfter(cli)) is { } again)
                    cli.Console.WriteLine($"  without progress it is driven again from {Instant(again)}");
                if (saga.ScenarioSetId is { } set)
                    cli.Console.WriteLine($"  set {set}");
                foreach (PartStatus part in saga.Parts)
                    cli.Console.WriteLine(
                        $"  {part.Part, -22} {part.State, -10} {part.ScenarioSetId ?? part.RequestId}"
                    );
                foreach (string error in saga.Errors)
                    cli.Console.WriteWrapped("  ", error);
                return ExitCodes.Ok;
            }
        );
        return command.WithExamples("./synthetic sagas show af77cd78-3ba4-5bed-828d-6095afb644e3");
    }

    private static Command Cancel(CliContext cli)
    {
        Argument<Guid> id = Id();
        var reason = new Option<string>("--reason") { Description = "Why; it is recorded.", Required = true };
        var command = new Command("cancel", "Call a generation or refresh off. Sealed sets stay.") { id, reason };
        command.SetAction(
            async (parsed, ct) =>
            {
                await using OperatorScope scope = OperatorScope.Open(cli);
                SagaStatus saga = await RequireAsync(scope, parsed.GetValue(id), ct);
                if (!saga.Open)
                    throw new ScenarioRefusedException(
                        ErrorCodes.WrongState,
                        "id",
                        $"{saga.Kind} {saga.Id} is {saga.State}; only what has not ended can be cancelled"
                    );
                string why = parsed.GetValue(reason)!;
                if (saga.Kind == "generation")
                {
                    Guid? cause = (await scope.Get<SagaStatusReader>().GenerationAsync(saga.Id, ct))!
                        .Progress!
                        .Start
                        .CausationMessageId;
                    await SendAsync(
                        cli,
                        new CancelScenarioSetGeneration
                        {
                            RequestId = saga.Id,
                            Reason = why,
                            RequestedBy = OperatorScope.Actor,
                            CausationMessageId = cause,
                        },
                        ct
                    );
                }
                else
                    await SendAsync(
                        cli,
                        new CancelRefresh
                        {
                            RefreshId = saga.Id,
                            Reason = why,
                            RequestedBy = OperatorScope.Actor,
                        },
                        ct
                    );
                await scope.AuditAsync(
                    AuditActions.SagaCancelled,
                    null,
                    why,
                    new
                    {
                        saga.Kind,
                        saga.Id,
                        saga.About,
                        saga.State,
                    },
                    ct
                );
                cli.Console.WriteWrapped(string.Empty, $"{saga.Kind} {saga.Id} ({saga.About}): cancellation sent");
                return ExitCodes.Ok;
            }
        );
        return command.WithExamples(
            "./synthetic sagas cancel af77cd78-3ba4-5bed-828d-6095afb644e3 --reason 'wrong month'"
        );
    }

    private static Command Retry(CliContext cli)
    {
        Argument<Guid> id = Id();
        var command = new Command("retry", "Try again what ended without a set, or drive what is stuck.") { id };
        command.SetAction(
            async (parsed, ct) =>
            {
                await using OperatorScope scope = OperatorScope.Open(cli);
                SagaStatus saga = await RequireAsync(scope, parsed.GetValue(id), ct);
                await SendAsync(cli, await AgainAsync(scope.Get<SagaStatusReader>(), saga, ct), ct);
                await scope.AuditAsync(
                    AuditActions.SagaRetried,
                    null,
                    "retry",
                    new
                    {
                        saga.Kind,
                        saga.Id,
                        saga.About,
                        saga.State,
                    },
                    ct
                );
                cli.Console.WriteWrapped(
                    string.Empty,
                    $"{saga.Kind} {saga.Id} ({saga.About}, {saga.State}): asked for again"
                );
                return ExitCodes.Ok;
            }
        );
        return command.WithExamples("./synthetic sagas retry af77cd78-3ba4-5bed-828d-6095afb644e3");
    }

    private static async Task<object> AgainAsync(SagaStatusReader sagas, SagaStatus saga, CancellationToken ct)
    {
        int? ended = saga.Open ? null : saga.Attempt;
        switch (saga.Kind)
        {
            case "generation":
                StartScenarioSetGeneration start = (await sagas.GenerationAsync(saga.Id, ct))!.Progress!.Start;
                return start with { RetryOfAttempt = saga.State == "Completed" ? null : ended };
            case "monthly-refresh":
                MonthlyRefreshSaga monthly = (await sagas.MonthlyAsync(saga.Id, ct))!;
                return MonthlyRefreshMessages.Write(
                    monthly.Progress!.Start with
                    {
                        RetryOfRound = ended,
                    },
                    monthly.Month
                );
            default:
                FragilityRefreshSaga fragility = (await sagas.FragilityAsync(saga.Id, ct))!;
                return FragilityRefreshMessages.Write(
                    fragility.Progress!.Start with
                    {
                        RetryOfRound = ended,
                    },
                    fragility.ModelId
                );
        }
    }

    private static async Task SendAsync(CliContext cli, object message, CancellationToken ct)
    {
        await using OperatorBus bus = await OperatorBus.StartAsync(cli.RequireRabbitMq(), ct);
        await bus.DispatchAsync(message, ct);
    }

    private static async Task<SagaStatus> RequireAsync(OperatorScope scope, Guid id, CancellationToken ct) =>
        await scope.Get<SagaStatusReader>().FindAsync(id, ct)
        ?? throw new ScenarioRefusedException(ErrorCodes.NotFound, "id", $"{id} is no saga; 'sagas list' shows them");

    private static void PrintLine(CliContext cli, SagaStatus saga) =>
        cli.Console.WriteWrapped($"{saga.Id} {saga.Kind, -17} {saga.State, -10} {saga.Done}/{saga.Total} ", saga.About);

    private static string Instant(DateTimeOffset at) =>
        at.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
