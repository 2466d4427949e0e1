namespace Prometheus.Synthetic.Faults.Tests;

/// <summary>One test after the other on one bench: what one fault left behind would show in the check after the next.</summary>
[CollectionDefinition]
public sealed class FaultCollection : ICollectionFixture<FaultBench>;
