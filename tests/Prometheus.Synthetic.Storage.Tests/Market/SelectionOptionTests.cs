using System.Globalization;
using System.Text.Json;
using Npgsql;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Storage.Tests.Market;

/// <summary>
/// Classes, currencies, liquidity, ragged history, the as-of cut and regimes with their confidence, on six instruments
/// over 120 weekdays: LATE lists half way, GONE ends five days before the others. Two models
/// label the region's days, the newer one from the 91st to the last, the older all but the last.
/// </summary>
public sealed class SelectionOptionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly DateOnly[] s_days =
    [
        .. Enumerable
            .Range(0, 240)
            .Select(new DateOnly(2024, 1, 1).AddDays)
            .Where(d => d.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
            .Take(120),
    ];

    // Volumes at a close near 100: traded values of about 10, 5, 3, 2, 1 and 0.5 million.
    private static readonly (string Id, string Class, string Currency, int From, int To, int Volume)[] s_instruments =
    [
        ("EQUITY:BIG", "EQUITY", "USD", 0, 120, 100_000),
        ("EQUITY:EURO", "EQUITY", "EUR", 0, 120, 50_000),
        ("EQUITY:GONE", "EQUITY", "USD", 0, 115, 30_000),
        ("EQUITY:LATE", "EQUITY", "USD", 60, 120, 20_000),
        ("EQUITY:MID", "EQUITY", "USD", 0, 120, 10_000),
        ("ETF:FUND", "ETF", "USD", 0, 120, 5_000),
    ];

    public async ValueTask InitializeAsync()
    {
        await MarketSchema.EnsureAsync(postgres.DataSource, new MarketTables(), CancellationToken.None);
        await using NpgsqlCommand command = postgres.DataSource.CreateCommand(MarketSql());
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("{}", "EQUITY:BIG EQUITY:EURO EQUITY:MID ETF:FUND")]
    [InlineData("""{"asset_classes":["ETF"]}""", "ETF:FUND")]
    [InlineData("""{"exclude_asset_classes":["ETF"]}""", "EQUITY:BIG EQUITY:EURO EQUITY:MID")]
    [InlineData("""{"currencies":["EUR"]}""", "EQUITY:EURO")]
    [InlineData("""{"min_traded_value":4000000}""", "EQUITY:BIG EQUITY:EURO")]
    [InlineData("""{"max_instruments":1}""", "EQUITY:BIG")]
    [InlineData("""{"history_policy":"listed_whole_window"}""", "EQUITY:BIG EQUITY:EURO EQUITY:MID ETF:FUND")]
    [InlineData("""{"min_coverage":0.4,"max_days_lost":1}""", "EQUITY:BIG EQUITY:EURO EQUITY:LATE EQUITY:MID ETF:FUND")]
    public async Task Filters_keep_what_they_say(string filter, string expected)
    {
        CalibrationData data = await LoadAsync(filter);
        Assert.Equal(expected, string.Join(' ', data.Snapshot.Panel.Drivers.Select(d => d.Id)));
    }

    /// <summary>Who is left out is named with the figure that decided; a late listing costs the others their days.</summary>
    [Fact]
    public async Task Ragged_history_is_reported()
    {
        CalibrationReport report = (await LoadAsync("{}")).Report;
        Assert.Equal(["EQUITY:GONE", "EQUITY:LATE"], report.Dropped.Select(d => d.Id));
        Assert.Contains("data end on", report.Dropped[0].Reason, StringComparison.Ordinal);
        Assert.Contains("below min_coverage", report.Dropped[1].Reason, StringComparison.Ordinal);
        CalibrationData cut = await LoadAsync("""{"min_coverage":0.4,"max_days_lost":1}""");
        // LATE's first price has none before it to be a return of.
        Assert.Equal(s_days[61], cut.Snapshot.Panel.Dates[0]);
        var refused = await Assert.ThrowsAsync<ScenarioRefusedException>(() => LoadAsync("""{"min_coverage":0.4}"""));
        Assert.Contains("max_days_lost", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Of a day on which GONE still traded nothing later is known: it stays, and no later day comes in.</summary>
    [Fact]
    public async Task Nothing_after_the_as_of_date_is_known()
    {
        CalibrationData data = await LoadAsync("{}", asOf: s_days[79]);
        Assert.Equal(s_days[79], data.Snapshot.Panel.Dates[^1]);
        Assert.Contains(data.Snapshot.Panel.Drivers, d => d.Id == "EQUITY:GONE");
        CalibrationData labelled = await LoadAsync("{}", asOf: s_days[79], regimes: true);
        // The newest model began to label on the 90th day.
        Assert.Equal("RM_OLD", labelled.Snapshot.Regimes!.ModelId);
    }

    [Fact]
    public async Task Regimes_are_those_of_the_model_and_of_the_confidence_asked_for()
    {
        CalibrationData old = await LoadAsync("""{"regime_model_id":"RM_OLD"}""", regimes: true);
        int days = old.Snapshot.Panel.Days;
        Assert.All(old.Snapshot.Regimes!.Labels.Take(days - 1), Assert.NotNull);
        Assert.Equal(days - 1, old.Report.Regimes!.Days.Values.Sum());

        // Every fourth label is no surer than 0.4, and such a day is of no regime.
        CalibrationData sure = await LoadAsync(
            """{"regime_model_id":"RM_OLD","regime_min_confidence":0.5}""",
            regimes: true
        );
        for (int t = 0; t < days; t++)
        {
            int day = Array.IndexOf(s_days, sure.Snapshot.Panel.Dates[t]);
            Assert.Equal(day % 4 == 3 || day == 119 ? null : Label(day), sure.Snapshot.Regimes!.Labels[t]);
        }

        Assert.Equal(sure.Snapshot.Regimes!.Labels.Count(l => l is null), sure.Report.Regimes!.Unlabelled);
        CalibrationData newest = await LoadAsync("{}", regimes: true);
        Assert.Equal("RM_NEW", newest.Snapshot.Regimes!.ModelId);
    }

    [Theory]
    [InlineData("""{"regime_model_id":"RM_ODL"}""", "CALM", "universe_filter.regime_model_id", "did you mean 'RM_OLD'")]
    [InlineData("""{"regime_region":"USA"}""", "CALM", "universe_filter.regime_region", "did you mean 'US'")]
    [InlineData("""{"regime_model_id":"RM_OLD"}""", "CLAM", "regime_filter", "did you mean 'CALM'")]
    [InlineData(
        """{"regime_model_id":"RM_OLD","regime_min_confidence":0.95}""",
        "CALM",
        "regime_filter",
        "there are none"
    )]
    [InlineData("""{"currencies":["GBP"]}""", null, "universe_filter.currencies", "EUR")]
    [InlineData("""{"asset_classes":["EQUTY"]}""", null, "universe_filter.asset_classes", "EQUITY")]
    [InlineData("""{"min_traded_value":1000000000}""", null, "universe_filter", "min_traded_value removed 6")]
    public async Task What_selects_nothing_is_refused(string filter, string? regime, string field, string says)
    {
        var refused = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            LoadAsync(filter, regimes: regime is not null, label: regime)
        );
        Assert.Contains(refused.Errors, e => e.Field == field && e.Message.Contains(says, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"regime_min_confidence":1.5}""", "universe_filter.regime_min_confidence", "0..1")]
    [InlineData("""{"regime_min_confidense":0.5}""", "universe_filter.regime_min_confidense", "regime_min_confidence")]
    [InlineData("""{"min_traded_value":"much"}""", "universe_filter.min_traded_value", "number")]
    [InlineData("""{"history_policy":"pairwise"}""", "universe_filter.history_policy", "intersect")]
    [InlineData("""{"sectors":[]}""", "universe_filter.sectors", "empty")]
    public void Bad_filters_are_refused_by_field(string filter, string field, string says)
    {
        var refused = Assert.Throws<ScenarioRefusedException>(() => Parse(filter));
        Assert.Contains(refused.Errors, e => e.Field == field && e.Message.Contains(says, StringComparison.Ordinal));
    }

    private static UniverseFilter Parse(string filter) =>
        UniverseFilter.Parse(JsonSerializer.Deserialize<JsonElement>(filter));

    private Task<CalibrationData> LoadAsync(
        string filter,
        DateOnly? asOf = null,
        bool regimes = false,
        string? label = null
    ) =>
        new CalibrationDataLoader(postgres.DataSource, new MarketTables()).LoadAsync(
            new CalibrationQuery(["O_EQ"], asOf ?? s_days[^1])
            {
                Universe = Parse(filter),
                Needs = new DataNeeds { Regimes = regimes },
                RegimeFilter = label is null ? null : [label],
            },
            TestContext.Current.CancellationToken
        );

    private static string Label(int day) => day / 10 % 3 == 0 ? "CRISIS" : "CALM";

    private static string MarketSql()
    {
        var sql = new List<string>
        {
            "TRUNCATE markets, instruments, prices_daily, returns_daily, regimes CASCADE",
            "INSERT INTO markets (market_id, name, region) VALUES ('O_EQ', 'Options', 'US')",
        };
        foreach (var (id, kind, currency, from, to, volume) in s_instruments)
        {
            sql.Add(
                $"INSERT INTO instruments (instrument_id, market_id, asset_class, symbol, currency) VALUES ('{id}', 'O_EQ', '{kind}', '{id.Split(':')[1]}', '{currency}')"
            );
            for (int t = from; t < to; t++)
            {
                double close = 100.0 + (t * (volume / 5_000 + 3) % 17 - 8) * 0.25;
                string price = close.ToString("R", CultureInfo.InvariantCulture);
                sql.Add(
                    $"INSERT INTO prices_daily (instrument_id, date, open, high, low, close, adjusted_close, volume, currency) VALUES ('{id}', '{s_days[t]:yyyy-MM-dd}', {price}, {price}, {price}, {price}, {price}, {volume}, '{currency}')"
                );
            }
        }

        for (int t = 0; t < s_days.Length; t++)
        {
            string confidence = t % 4 == 3 ? "0.4" : "0.9";
            if (t < 119)
                sql.Add(
                    $"INSERT INTO regimes (region, as_of_date, regime_label, model_id, confidence) VALUES ('US', '{s_days[t]:yyyy-MM-dd}', '{Label(t)}', 'RM_OLD', {confidence})"
                );
            if (t >= 90)
                sql.Add(
                    $"INSERT INTO regimes (region, as_of_date, regime_label, model_id, confidence) VALUES ('US', '{s_days[t]:yyyy-MM-dd}', 'CALM', 'RM_NEW', 1)"
                );
        }

        return string.Join(";\n", sql);
    }
}
