namespace Prometheus.Synthetic.Storage.Market.Simulation;

/// <param name="Code">Three letters, part of the symbols.</param>
/// <param name="Beta">Added to the market exposure of the sector's companies.</param>
internal sealed record SectorSpec(string Id, string Code, string[] Industries, double Beta);

/// <param name="Debt">Public debt as a share of output: the weakness of the sovereign.</param>
internal sealed record CountrySpec(string Code, string Name, string Currency, double Debt);

/// <summary>Who is listed where. Companies are invented; countries, currencies and sectors are real categories.</summary>
/// <param name="Letter">First letter of the symbols.</param>
/// <param name="Listings">Companies that list after the history begins.</param>
/// <param name="Delistings">Companies that leave before it ends.</param>
internal sealed record EquityRoster(
    string MarketId,
    string Name,
    string Region,
    string Timezone,
    string Letter,
    int Ordinal,
    CountrySpec[] Countries,
    int[] Listings,
    int[] Delistings
)
{
    public const int Companies = 80;

    public static SectorSpec[] Sectors { get; } =
    [
        new("TECHNOLOGY", "TEC", ["Software", "Semiconductors"], 0.20),
        new("HEALTH_CARE", "HLT", ["Pharmaceuticals", "Medical Devices"], -0.20),
        new("CONSUMER_STAPLES", "STA", ["Food", "Household Products"], -0.30),
        new("FINANCIALS", "FIN", ["Banks", "Insurance"], 0.20),
        new("ENERGY", "ENE", ["Oil and Gas"], 0.10),
        new("INDUSTRIALS", "IND", ["Machinery", "Transport"], 0.05),
        new("MATERIALS", "MAT", ["Chemicals", "Metals"], 0.10),
        new("UTILITIES", "UTI", ["Electric Utilities"], -0.35),
        new("CONSUMER_DISCRETIONARY", "DIS", ["Retail", "Automobiles"], 0.10),
        new("REAL_ESTATE", "REA", ["Commercial Property"], 0.00),
    ];

    public static EquityRoster UnitedStates { get; } =
        new(
            "US_EQ",
            "United States equities (simulated)",
            "US",
            "America/New_York",
            "U",
            0,
            [new("US", "United States", "USD", 1.0)],
            [5, 25, 46, 68],
            [12, 57]
        );

    public static EquityRoster Europe { get; } =
        new(
            "EU_EQ",
            "European equities (simulated)",
            "EU",
            "Europe/Berlin",
            "E",
            1,
            [
                new("DE", "Germany", "EUR", 0.65),
                new("FR", "France", "EUR", 1.10),
                new("IT", "Italy", "EUR", 1.40),
                new("ES", "Spain", "EUR", 1.05),
                new("NL", "Netherlands", "EUR", 0.50),
                new("GR", "Greece", "EUR", 1.65),
                new("GB", "United Kingdom", "GBP", 1.00),
                new("CH", "Switzerland", "CHF", 0.40),
            ],
            [7, 28, 49],
            [35]
        );

    /// <summary>One company per sector and block of ten; blocks go round the countries, so each has a bank.</summary>
    public CountrySpec CountryOf(int company) => Countries[company / Sectors.Length % Countries.Length];

    public static int SectorOf(int company) => company % Sectors.Length;

    /// <summary>Every country's first company of a sector is of its first industry, so every country has a bank.</summary>
    public string IndustryOf(int company)
    {
        string[] industries = Sectors[SectorOf(company)].Industries;
        return industries[company / Sectors.Length / Countries.Length % industries.Length];
    }
}
