namespace Prometheus.Synthetic.Storage.Market;

/// <summary>An instrument to register, with its issuer when it has one.</summary>
internal sealed record NewInstrument(
    string InstrumentId,
    string MarketId,
    string AssetClass,
    string Symbol,
    string Currency
)
{
    public string? IssuerId { get; init; }

    public string IssuerType { get; init; } = "COMPANY";

    public string? IssuerName { get; init; }

    public string? Country { get; init; }

    public string? Sector { get; init; }

    public string? Industry { get; init; }

    public string Status { get; init; } = "ACTIVE";

    public string Metadata { get; init; } = "{}";
}
