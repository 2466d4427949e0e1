using System.CommandLine;
using System.Text;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Messaging.Replay;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Cli.Commands.Messages;

/// <summary><c>messages show</c>.</summary>
internal static class ShowMessage
{
    public static Command Create(CliContext cli)
    {
        var id = new Argument<string>("id") { Description = "AMQP message id, as `messages list` shows it." };
        Option<bool> json = CliOptions.Json();
        var command = new Command("show", "Show one failed message with its body and what a replay would do.")
        {
            id,
            json,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                await using OperatorScope scope = OperatorScope.Open(cli);
                IReadOnlyList<DeadMessage> found = await scope
                    .Get<DeadLetterOffice>()
                    .BrowseAsync(new DeadMessageFilter(Id: parsed.GetValue(id)), ct);
                foreach (DeadMessage m in found)
                {
                    string would = await DeadMessagePrinter.ForecastAsync(scope, m, ct);
                    string body = Encoding.UTF8.GetString(m.Body.Span);
                    if (parsed.GetValue(json))
                    {
                        cli.Console.WriteJson(
                            new
                            {
                                Message = DeadMessagePrinter.View(m),
                                Body = body,
                                Replay = would,
                            }
                        );
                        continue;
                    }

                    DeadMessagePrinter.Print(cli, m);
                    cli.Console.WriteWrapped("  a replay: ", would);
                    cli.Console.WriteLine(body.Length <= 4_000 ? body : body[..4_000] + $"… ({m.Body.Length} bytes)");
                }

                if (found.Count == 0)
                    throw new ScenarioRefusedException(
                        ErrorCodes.NotFound,
                        "id",
                        $"no failed message has the id '{parsed.GetValue(id)}'; 'messages list' shows those there are, "
                            + "'messages journal' those that did not fail"
                    );
                return ExitCodes.Ok;
            }
        );
        return command.WithExamples("./synthetic messages show a9b1c7de-4f21-5b60-8d3c-6e7f80912a3b");
    }
}
