using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Contracts;

namespace Prometheus.Synthetic.Cli.Commands.Events;

/// <summary><c>events publish generate-scenario-set</c>: asks and does not wait; <c>generate</c> waits.</summary>
internal static class PublishGenerateScenarioSet
{
    public static Command Create(CliContext cli)
    {
        var request = new RequestOptions();
        Option<Guid?> id = Publishing.MessageId();
        Option<bool> json = CliOptions.Json();
        var command = new Command("generate-scenario-set", "Ask for one scenario set.") { id, json };
        request.AddTo(command);
        command.SetAction(
            (parsed, ct) =>
            {
                GenerateScenarioSet message = request.Read(parsed);
                Publishing.Require(
                    ("name", message.Name, "--name"),
                    ("category", message.Category, "--category"),
                    ("horizon_days", message.HorizonDays, "--horizon-days"),
                    ("num_paths", message.NumPaths, "--num-paths"),
                    ("markets", message.Markets, "--market"),
                    ("as_of_date", message.AsOfDate ?? message.BaseDateEnd, "--as-of")
                );
                Guid messageId = Publishing.IdOf(
                    cli,
                    parsed.GetValue(id),
                    NaturalKeys.MessageId(message),
                    message.ForceNewVersion
                );
                return Publishing.PublishAsync(cli, message, messageId, parsed.GetValue(json), ct);
            }
        );
        return command.WithExamples(
            "./synthetic events publish generate-scenario-set --file contracts/samples/generate-scenario-set/v1-minimal.json",
            "./synthetic events publish generate-scenario-set --name US_EQ_TRIAL --category BOOTSTRAP --market US_EQ "
                + "--horizon-days 30 --num-paths 1000 --as-of 2026-10-30"
        );
    }
}
