namespace Prometheus.Synthetic.Messaging.Replay;

/// <summary>Marks a message that an operator sent again: what ended short is tried again, which a mere copy never does.</summary>
public static class ReplayHeader
{
    public const string Name = "x-synthetic-replay";
}
