using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Engine.Planning;

/// <summary>Which attempt at a request comes next.</summary>
public static class Attempts
{
    /// <summary>1 for a new request; the same attempt while it is generating; the next after a failure, cancellation or deletion.</summary>
    public static int Next(ScenarioSetDocument? latest) =>
        latest switch
        {
            null => 1,
            { Status: ScenarioSetStatus.Failed or ScenarioSetStatus.Cancelled or ScenarioSetStatus.Deleted } =>
                latest.Attempt + 1,
            _ => latest.Attempt,
        };
}
