namespace Prometheus.Synthetic.Storage.Market;

/// <summary>An instrument with what is known of its issuer.</summary>
public sealed record InstrumentRow(string InstrumentId, string MarketId, string AssetClass)
{
    public string? IssuerId { get; init; }

    public string? Symbol { get; init; }

    public string? Currency { get; init; }

    public string? IssuerType { get; init; }

    public string? Sector { get; init; }

    public string? Industry { get; init; }

    public string? Country { get; init; }

    internal SortedDictionary<string, string> Attributes()
    {
        var attributes = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["market_id"] = MarketId,
            ["asset_class"] = AssetClass,
        };
        Add("issuer_id", IssuerId);
        Add("sector", Sector);
        Add("industry", Industry);
        Add("country", Country);
        Add("currency", Currency);
        return attributes;

        void Add(string key, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                attributes[key] = value;
        }
    }
}

/// <summary>A market as registered.</summary>
public sealed record MarketRow(string MarketId, string? Name, string? Region);

/// <summary>An entity's score on one day. Class and score are null where the publishing model gives none.</summary>
public sealed record EntityScore(string EntityType, string EntityId, double? Score, string? Class)
{
    public IReadOnlyDictionary<string, double> Components { get; init; } =
        new SortedDictionary<string, double>(StringComparer.Ordinal);
}

/// <summary>All scores one model gave on one day.</summary>
public sealed record ScoreSheet(ScoreTable Table, string ModelId, DateOnly Date, IReadOnlyList<EntityScore> Scores);
