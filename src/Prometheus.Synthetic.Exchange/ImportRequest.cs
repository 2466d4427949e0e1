namespace Prometheus.Synthetic.Exchange;

/// <summary>What an import is told besides the file. What an exported file says of itself need not be said again.</summary>
public sealed record ImportRequest
{
    /// <summary>Name of the lineage; for an exported file its own name with <c>_IMPORT</c> when absent.</summary>
    public string? Name { get; init; }

    public string? Description { get; init; }

    /// <summary>The date whose knowledge the paths stand for; from the file's header when absent.</summary>
    public DateOnly? AsOfDate { get; init; }

    /// <summary>Markets covered; from the header or from the instruments when absent.</summary>
    public IReadOnlyList<string> Markets { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Marks the set as a defensive test; a file that says so needs no option.</summary>
    public bool DefensiveTest { get; init; }

    /// <summary>Unit of each macro series by id; from the header when absent.</summary>
    public IReadOnlyDictionary<string, string> MacroUnits { get; init; } = new Dictionary<string, string>();
}
