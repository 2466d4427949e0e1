namespace Prometheus.Synthetic.Faults.Worker;

/// <summary>The system's clock, wrong by a constant.</summary>
public sealed class SkewedClock(TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
}
