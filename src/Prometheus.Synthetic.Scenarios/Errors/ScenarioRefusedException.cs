namespace Prometheus.Synthetic.Scenarios.Errors;

/// <summary>
/// The request cannot be served and trying again will not help until the request or the data change.
/// CLI, log, failure event and HTTP all print <see cref="Exception.Message"/>, so its text is the same everywhere.
/// </summary>
public sealed class ScenarioRefusedException : Exception
{
    public ScenarioRefusedException(IReadOnlyList<FieldError> errors)
        : base(string.Join("; ", errors))
    {
        if (errors.Count == 0)
            throw new ArgumentException("A refusal names at least one error.", nameof(errors));
        Errors = errors;
    }

    public ScenarioRefusedException(string code, string field, string message)
        : this([new FieldError(code, field, message)]) { }

    public IReadOnlyList<FieldError> Errors { get; }
}
