using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Messaging.Replay;

namespace Prometheus.Synthetic.Cli.Commands.Messages;

/// <summary>A failed message as operators see it.</summary>
internal static class DeadMessagePrinter
{
    private const int ReasonLength = 300;

    public static Guid? IdOf(DeadMessage m) => Guid.TryParse(m.MessageId, out Guid id) ? id : null;

    /// <summary>What handling it again would do.</summary>
    public static Task<string> ForecastAsync(OperatorScope scope, DeadMessage m, CancellationToken ct) =>
        scope.Get<ReplayForecast>().OfAsync(m.MessageType, IdOf(m), m.Body, ct);

    /// <summary>For JSON and the audit trail; without the body.</summary>
    public static object View(DeadMessage m) =>
        new
        {
            m.DeadQueue,
            m.SourceQueue,
            m.MessageType,
            m.MessageId,
            m.Exception,
            m.Reason,
            m.FailedAt,
            m.ContentType,
            Bytes = m.Body.Length,
        };

    public static void Print(CliContext cli, DeadMessage m)
    {
        cli.Console.WriteLine($"{m.MessageId ?? "(no id)", -36} {m.MessageType}");
        cli.Console.WriteLine($"  {m.DeadQueue}, {m.Body.Length} bytes");
        if (m.Exception.Length > 0 || m.Reason.Length > 0)
            cli.Console.WriteWrapped("  ", $"{m.Exception.Split('.')[^1]}: {Shorten(m.Reason)}");
    }

    private static string Shorten(string reason) =>
        reason.Length <= ReasonLength ? reason : reason[..(ReasonLength - 3)] + "...";
}
