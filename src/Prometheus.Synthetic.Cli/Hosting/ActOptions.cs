using System.CommandLine;
using Prometheus.Synthetic.Engine.Lifecycle;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>Who and why, for commands that leave a line in the audit trail.</summary>
public sealed class ActOptions
{
    private readonly Option<string?> _reason = new("--reason") { Description = "Why; kept in the audit trail." };
    private readonly Option<string?> _by = new("--by") { Description = "Who, if not the user of this terminal." };

    public void AddTo(Command command)
    {
        command.Add(_reason);
        command.Add(_by);
    }

    public Act Read(ParseResult parsed) =>
        new(parsed.GetValue(_by) is { Length: > 0 } by ? by : Environment.UserName, parsed.GetValue(_reason));
}
