namespace Prometheus.Synthetic.Messaging.Generation;

/// <summary>Where a generation stands. Names are the saga's states.</summary>
public enum GenerationStage
{
    Planning,
    Generating,
    Sealing,
    Completed,
    Failed,
    Cancelled,
}
