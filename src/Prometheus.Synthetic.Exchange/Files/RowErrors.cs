using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Exchange.Files;

/// <summary>What is wrong with the rows of a file, collected so that one attempt shows all of it; at most twenty errors.</summary>
internal sealed class RowErrors
{
    private const int Most = 20;
    private readonly List<FieldError> _errors = [];

    public bool Any => _errors.Count > 0;

    /// <exception cref="ScenarioRefusedException">This was the twentieth.</exception>
    public void Add(string code, string column, string message)
    {
        _errors.Add(new FieldError(code, column, message));
        if (_errors.Count == Most)
            ThrowIfAny();
    }

    /// <exception cref="ScenarioRefusedException">Anything was wrong.</exception>
    public void ThrowIfAny()
    {
        if (Any)
            throw new ScenarioRefusedException([.. _errors]);
    }
}
