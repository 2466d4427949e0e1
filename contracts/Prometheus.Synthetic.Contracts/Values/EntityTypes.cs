namespace Prometheus.Synthetic.Contracts;

/// <summary>Values of <c>entity_type</c>: what the stability and fragility engines score.</summary>
public static class EntityTypes
{
    public const string Market = "MARKET";
    public const string Issuer = "ISSUER";
    public const string Sector = "SECTOR";
    public const string Fx = "FX";
    public const string Portfolio = "PORTFOLIO";
    public const string Position = "POSITION";

    public static IReadOnlyList<string> All { get; } = [Market, Issuer, Sector, Fx, Portfolio, Position];
}
