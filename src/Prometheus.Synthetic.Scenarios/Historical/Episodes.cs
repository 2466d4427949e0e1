using Prometheus.Synthetic.Scenarios.Selection;

namespace Prometheus.Synthetic.Scenarios.Historical;

/// <summary>
/// The episodes that <c>generator_spec.episodes</c> can name. Peaks and troughs are closing levels of the S&amp;P 500.
/// A change of any date is a new <see cref="Version"/>, which every set made from an episode records.
/// </summary>
public static class Episodes
{
    public const int Version = 1;

    public static IReadOnlyList<Episode> All { get; } =
    [
        Of(
            "BLACK_MONDAY_1987",
            "Stock market crash of 1987",
            "1987-08-25",
            "1987-12-04",
            "S&P 500 closing peak to trough, around the crash of 19 October (Federal Reserve History, Stock Market Crash of 1987)"
        ),
        Of(
            "ASIA_LTCM_1997_1998",
            "Asian crisis, Russian default and LTCM",
            "1997-07-02",
            "1998-10-15",
            "float of the Thai baht to the Federal Reserve's cut between meetings (Federal Reserve History, Asian Financial Crisis; Near Failure of Long-Term Capital Management)"
        ),
        Of("DOTCOM_2000_2002", "Dot-com bear market", "2000-03-24", "2002-10-09", "S&P 500 closing peak to trough"),
        Of(
            "GFC_2007_2009",
            "Global financial crisis",
            "2007-10-09",
            "2009-03-09",
            "S&P 500 closing peak to trough (Federal Reserve History, The Great Recession)"
        ),
        Of(
            "EURO_DEBT_2010_2012",
            "Euro area sovereign debt crisis",
            "2010-04-23",
            "2012-07-26",
            "Greece's request for support to the ECB president's 'whatever it takes' (ECB, speech of 26 July 2012)"
        ),
        Of(
            "US_DOWNGRADE_2011",
            "Downgrade of the United States",
            "2011-08-01",
            "2011-08-31",
            "the month of S&P's downgrade of 5 August 2011 (S&P Global Ratings)"
        ),
        Of(
            "CHINA_DEVALUATION_2015",
            "Devaluation of the renminbi",
            "2015-08-11",
            "2015-08-31",
            "change of the fixing (People's Bank of China, 11 August 2015) to the end of the month"
        ),
        Of("Q4_2018", "Sell-off of late 2018", "2018-09-20", "2018-12-24", "S&P 500 closing peak to trough"),
        Of("COVID_2020", "COVID-19 crash", "2020-02-19", "2020-03-23", "S&P 500 closing peak to trough"),
        Of(
            "INFLATION_2022",
            "Inflation and rate shock of 2022",
            "2022-01-03",
            "2022-10-12",
            "S&P 500 closing peak to trough"
        ),
        Of(
            "REGIONAL_BANKS_2023",
            "Failure of US regional banks and Credit Suisse",
            "2023-03-08",
            "2023-03-31",
            "announcements of Silvergate and Silicon Valley Bank to the end of the month (FDIC press releases of 10 and 12 March 2023)"
        ),
    ];

    public static IReadOnlyList<string> Ids { get; } = [.. All.Select(e => e.Id)];

    /// <summary>The episode of that id, or null.</summary>
    public static Episode? Find(string id) => All.FirstOrDefault(e => e.Id == id);

    private static Episode Of(string id, string title, string start, string end, string source) =>
        new(
            id,
            title,
            new DateSpan(DateOnly.ParseExact(start, "yyyy-MM-dd"), DateOnly.ParseExact(end, "yyyy-MM-dd")),
            source
        );
}
