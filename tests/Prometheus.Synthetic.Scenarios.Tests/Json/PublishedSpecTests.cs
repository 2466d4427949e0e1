using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Historical;

namespace Prometheus.Synthetic.Scenarios.Tests.Json;

/// <summary>The schemas that other teams write their requests by say what the parsers accept.</summary>
public sealed class PublishedSpecTests
{
    [Fact]
    public void Historical_windows() =>
        new PublishedSpec("historical.schema.json", e => HistoricalSpec.Parse(e))
        {
            ReadElsewhere = ["seed"],
        }.HoldsAtEveryLevel();

    [Fact]
    public void Block_bootstrap() =>
        new PublishedSpec("block-bootstrap.schema.json", e => BlockBootstrapSpec.Parse(e))
        {
            ReadElsewhere = ["seed"],
        }.HoldsAtEveryLevel();
}
