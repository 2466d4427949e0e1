namespace Prometheus.Synthetic.Storage.Schema;

/// <summary>Where the contract relations go.</summary>
public sealed record StorageOptions
{
    /// <summary>Schema of <c>scenario_sets</c> and <c>scenario_paths</c>; consumers query them unqualified.</summary>
    public string ContractSchema { get; init; } = "public";
}
