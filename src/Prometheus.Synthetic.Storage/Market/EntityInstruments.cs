namespace Prometheus.Synthetic.Storage.Market;

/// <summary>Which instruments express an entity of the stability and fragility engines.</summary>
public static class EntityInstruments
{
    /// <summary>
    /// ISSUER: its instruments; a sovereign without any is expressed by the banks of its country, which hold its paper.
    /// SECTOR: instruments of issuers in the sector, and of a sector issuer of that id. MARKET: the market's
    /// instruments. FX: the currency's or pair's FX instruments. POSITION: the instrument itself. PORTFOLIO: none,
    /// because holdings are not this engine's to read.
    /// </summary>
    public static bool Expresses(InstrumentRow i, string entityType, string entityId) =>
        entityType switch
        {
            "ISSUER" => i.IssuerId == entityId,
            "SECTOR" => i.Sector == entityId || (i.IssuerType is "SECTOR" or "INDEX" && i.IssuerId == entityId),
            "MARKET" => i.MarketId == entityId,
            "POSITION" => i.InstrumentId == entityId,
            "FX" => i.AssetClass == "FX"
                && (
                    i.InstrumentId == entityId
                    || i.Symbol == entityId
                    || (entityId.Length == 3 && (i.Symbol ?? string.Empty).Contains(entityId, StringComparison.Ordinal))
                ),
            _ => false,
        };

    /// <summary>Ids of the instruments among <paramref name="instruments"/>, ordinal order.</summary>
    /// <param name="sovereignCountries">Country of each sovereign issuer, for sovereigns without instruments.</param>
    public static IReadOnlyList<string> Of(
        string entityType,
        string entityId,
        IReadOnlyList<InstrumentRow> instruments,
        IReadOnlyDictionary<string, string> sovereignCountries
    )
    {
        string[] own =
        [
            .. instruments
                .Where(i => Expresses(i, entityType, entityId))
                .Select(i => i.InstrumentId)
                .Order(StringComparer.Ordinal),
        ];
        if (own.Length > 0 || entityType != "ISSUER" || !sovereignCountries.TryGetValue(entityId, out string? country))
            return own;
        return
        [
            .. instruments
                .Where(i => i.Country == country && IsBank(i))
                .Select(i => i.InstrumentId)
                .Order(StringComparer.Ordinal),
        ];
    }

    private static bool IsBank(InstrumentRow i) =>
        (i.Industry ?? string.Empty).Contains("bank", StringComparison.OrdinalIgnoreCase)
        || (i.Sector ?? string.Empty).Contains("bank", StringComparison.OrdinalIgnoreCase);
}
