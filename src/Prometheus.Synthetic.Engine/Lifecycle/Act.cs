using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Audit;

namespace Prometheus.Synthetic.Engine.Lifecycle;

/// <summary>Who does something to a set, why, and because of which message.</summary>
public sealed record Act(string Actor, string? Reason = null, Guid? MessageId = null)
{
    /// <summary>The audit entry of the act.</summary>
    public AuditEntry Entry(string action, Guid? scenarioSetId = null) =>
        new(action, Actor, EngineVersion.Product)
        {
            ScenarioSetId = scenarioSetId,
            Reason = Reason,
            MessageId = MessageId,
        };

    /// <summary>What is wrong with the reason of an act that needs one, or null.</summary>
    public FieldError? ReasonProblem() =>
        string.IsNullOrWhiteSpace(Reason)
            ? new(ErrorCodes.Missing, "reason", "is missing; say why, the audit trail keeps it")
        : Reason.Length > 2000 ? new(ErrorCodes.OutOfRange, "reason", $"has {Reason.Length} characters; at most 2000")
        : null;

    /// <exception cref="ScenarioRefusedException">No reason is given.</exception>
    public void RequireReason()
    {
        if (ReasonProblem() is { } problem)
            throw new ScenarioRefusedException([problem]);
    }
}
