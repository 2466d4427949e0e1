using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Messaging.Replay;

namespace Prometheus.Synthetic.Cli.Commands.Messages;

/// <summary>The options that choose among failed messages.</summary>
internal sealed class DeadMessageOptions
{
    private readonly Option<string?> _queue = new("--queue") { Description = "Source queue or error queue." };
    private readonly Option<string?> _type = new("--type") { Description = "Contract name of the message." };
    private readonly Option<string?> _exception = new("--exception")
    {
        Description = "Part of the exception's type name.",
    };
    private readonly Option<string?> _older = new("--older-than")
    {
        Description = "Failed before: date, instant, or age such as 24h.",
    };
    private readonly Option<string?> _newer = new("--newer-than") { Description = "Failed at or after." };
    private readonly Option<string?> _id = new("--id") { Description = "AMQP message id." };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _queue, _type, _exception, _older, _newer, _id })
            command.Add(option);
    }

    public DeadMessageFilter Read(ParseResult parsed, CliContext cli) =>
        new(
            parsed.GetValue(_queue),
            parsed.GetValue(_type),
            parsed.GetValue(_exception),
            OperatorScope.Instant("--older-than", parsed.GetValue(_older), cli.Clock),
            OperatorScope.Instant("--newer-than", parsed.GetValue(_newer), cli.Clock),
            parsed.GetValue(_id)
        );
}
