using Prometheus.Synthetic.Scenarios.Tests.Json;
using Prometheus.Synthetic.Storage.Market;

namespace Prometheus.Synthetic.Storage.Tests.Market;

public sealed class UniverseFilterSchemaTests
{
    [Fact]
    public void The_published_schema_says_what_the_parser_accepts() =>
        new PublishedSpec("universe-filter.schema.json", e => UniverseFilter.Parse(e)).HoldsAtEveryLevel();
}
