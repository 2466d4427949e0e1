using System.Globalization;
using System.Text.Json;
using Npgsql;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Market.Import;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Storage.Tests.Market;

/// <summary>
/// Selection on a small market in real tables: six instruments of three sectors over 120 weekdays, two factors, a macro
/// series, weekly stability scores. EQUITY:C1 lacks one day.
/// </summary>
public sealed class SelectionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly string[] s_instruments = ["A1", "A2", "B1", "B2", "C1", "C2"];
    private static readonly DateOnly[] s_days = Weekdays(new DateOnly(2024, 1, 1), 120);
    private static readonly DateOnly s_hole = s_days[60];

    public async ValueTask InitializeAsync()
    {
        await MarketSchema.EnsureAsync(postgres.DataSource, new MarketTables(), CancellationToken.None);
        await using NpgsqlCommand command = postgres.DataSource.CreateCommand(MarketSql());
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_missing_day_is_a_gap_of_the_panel()
    {
        CalibrationData whole = await LoadAsync("{}");
        Assert.Equal(119, whole.Snapshot.Panel.Days);
        Assert.Equal([60], whole.Snapshot.GapsBefore);
        Assert.Equal([s_hole], whole.Report.DaysDropped);
        CalibrationData without = await LoadAsync("""{"exclude_instruments":["EQUITY:C1"]}""");
        Assert.Equal(120, without.Snapshot.Panel.Days);
        Assert.Empty(without.Snapshot.GapsBefore);
        // The codec keeps gaps, and a snapshot without any has the bytes it had before gaps were known.
        CalibrationSnapshot read = CalibrationSnapshotCodec.Decode(CalibrationSnapshotCodec.Encode(whole.Snapshot));
        Assert.Equal([60], read.GapsBefore);
    }

    [Theory]
    [InlineData("""{"exclude_sectors":["ENERGY"]}""", "A1 A2 C1 C2")]
    [InlineData("""{"sectors":["ENERGY","BANKS"],"exclude_issuers":["A1"]}""", "A2 B1 B2")]
    [InlineData("""{"exclude_countries":["DE"]}""", "A1 A2 B1 B2")]
    [InlineData("""{"countries":["DE"],"exclude_instruments":["EQUITY:C2"]}""", "C1")]
    [InlineData("""{"buckets":[{"table":"stability","entity_type":"ISSUER","entities":["A1","C2"]}]}""", "A1 C2")]
    [InlineData(
        """{"buckets":[{"table":"stability","entity_type":"ISSUER","entities":["A1","C2"],"max_score":0.3}]}""",
        "A1"
    )]
    [InlineData("""{"buckets":[{"table":"stability","quantile_range":[0,0.34]}]}""", "A1 A2")]
    public async Task Lists_exclusions_and_buckets_keep_what_they_say(string filter, string expected)
    {
        CalibrationData data = await LoadAsync(filter);
        Assert.Equal(
            expected,
            string.Join(
                ' ',
                data.Snapshot.Panel.Drivers.Select(d => d.Id.Replace("EQUITY:", "", StringComparison.Ordinal))
            )
        );
    }

    [Fact]
    public async Task Factors_and_macro_series_enter_any_panel_on_the_same_days()
    {
        CalibrationData data = await LoadAsync("""{"instruments":["EQUITY:A1"],"factors":["MKT"],"macros":["RATE"]}""");
        ShockPanel panel = data.Snapshot.Panel;
        Assert.Equal(
            [(DriverKind.Instrument, "EQUITY:A1"), (DriverKind.Factor, "MKT"), (DriverKind.Macro, "RATE")],
            panel.Drivers.Select(d => (d.Kind, d.Id))
        );
        // The rate rises by 0.01 a day; its first day has no eve in the data and falls away.
        Assert.Equal(s_days[1..], panel.Dates);
        Assert.All(panel.Column(2), change => Assert.Equal(0.01, change, 1e-12));
        CalibrationData all = await LoadAsync("""{"instruments":["EQUITY:A1"],"factors":["*"]}""");
        Assert.Equal(["EQUITY:A1", "MKT", "VAL"], all.Snapshot.Panel.Drivers.Select(d => d.Id));
    }

    [Fact]
    public async Task Scores_stand_until_they_are_too_old()
    {
        ScoreSeriesNeed need = new("stability", "MARKET", "T_EQ") { CarryDays = 3 };
        CalibrationData data = await LoadAsync("""{"exclude_instruments":["EQUITY:C1"]}""", need);
        ScoreHistory scores = Assert.Single(data.Snapshot.Scores);
        // Scored every fifth weekday, a Monday: stands Monday to Thursday, is four days old on Friday.
        for (int t = 0; t < 120; t++)
            Assert.Equal(t % 5 == 4 ? double.NaN : t / 5 / 24.0, scores.Scores[t], 1e-12);
        CalibrationSnapshot read = CalibrationSnapshotCodec.Decode(CalibrationSnapshotCodec.Encode(data.Snapshot));
        Assert.Equal(scores.Scores, read.Scores[0].Scores);
        Assert.Equal("test_v1", read.Scores[0].ModelId);
    }

    [Theory]
    [InlineData("""{"exclude_sectors":["ENERGIE"]}""", "universe_filter.exclude_sectors", "ENERGY")]
    [InlineData("""{"exclude_instruments":["EQUITY:C9"]}""", "universe_filter.exclude_instruments", "EQUITY:C")]
    [InlineData("""{"factors":["MKTT"]}""", "universe_filter.factors", "MKT")]
    [InlineData("""{"macros":["RATES"]}""", "universe_filter.macros", "RATE")]
    [InlineData(
        """{"buckets":[{"table":"stability","entities":["A9"]}]}""",
        "universe_filter.buckets[0].entities",
        "A1"
    )]
    [InlineData("""{"excluded_sectors":["ENERGY"]}""", "universe_filter.excluded_sectors", "exclude_sectors")]
    public async Task Misspelt_selections_are_refused_with_the_nearest_word(
        string filter,
        string field,
        string suggests
    )
    {
        var refused = await Assert.ThrowsAsync<ScenarioRefusedException>(() => LoadAsync(filter));
        FieldError error = Assert.Single(refused.Errors);
        Assert.Equal(field, error.Field);
        Assert.Contains(suggests, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scores_that_are_not_there_are_refused()
    {
        var refused = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            LoadAsync(
                "{}",
                new ScoreSeriesNeed("fragility", "MARKET", "T_EQ") { Field = "generator_spec.score_filter[0]" }
            )
        );
        Assert.Equal("generator_spec.score_filter[0].entity_id", refused.Errors[0].Field);
        refused = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            LoadAsync("{}", new ScoreSeriesNeed("stability", "MARKET", "T_EQ") { ModelId = "test_v2", Field = "f" })
        );
        Assert.Equal("f.model_id", refused.Errors[0].Field);
        Assert.Contains("test_v1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_makes_the_panel_that_its_import_would()
    {
        string file = Path.Combine(Path.GetTempPath(), $"prices-{Environment.ProcessId}.csv");
        await File.WriteAllLinesAsync(
            file,
            s_days
                .Select((d, t) => string.Create(CultureInfo.InvariantCulture, $"{d:yyyy-MM-dd},{100 + t},{50 + t % 7}"))
                .Prepend("date,AAA,BBB")
        );
        try
        {
            (CalibrationSnapshot snapshot, _) = await CsvPanel.ReadAsync(
                file,
                new ImportOptions { Values = ImportValues.Prices },
                ["AAA"],
                UniverseFilter.Everything,
                CancellationToken.None
            );
            Assert.Equal(["AAA"], snapshot.Panel.Drivers.Select(d => d.Id));
            Assert.Equal(119, snapshot.Panel.Days);
            Assert.Equal(1.0 / 100, snapshot.Panel[0, 0], 1e-15);
            var refused = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
                CsvPanel.ReadAsync(
                    file,
                    new ImportOptions(),
                    ["AAB"],
                    UniverseFilter.Everything,
                    CancellationToken.None
                )
            );
            Assert.Contains("AAA", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private Task<CalibrationData> LoadAsync(string filter, params ScoreSeriesNeed[] scores) =>
        Task.Run(() =>
            new CalibrationDataLoader(postgres.DataSource, new MarketTables()).LoadAsync(
                new CalibrationQuery(["T_EQ"], s_days[^1])
                {
                    Universe = UniverseFilter.Parse(JsonSerializer.Deserialize<JsonElement>(filter)),
                    Needs = new DataNeeds { ScoreHistories = scores },
                },
                CancellationToken.None
            )
        );

    private static DateOnly[] Weekdays(DateOnly first, int count) =>
        [
            .. Enumerable
                .Range(0, 2 * count)
                .Select(first.AddDays)
                .Where(d => d.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
                .Take(count),
        ];

    private static string MarketSql()
    {
        var sql = new List<string>
        {
            "TRUNCATE markets, issuers, instruments, returns_daily, factors_daily, macro_time_series, stability_vectors CASCADE",
            "INSERT INTO markets (market_id, name, region) VALUES ('T_EQ', 'Test', 'US')",
        };
        for (int i = 0; i < s_instruments.Length; i++)
        {
            string id = s_instruments[i];
            string sector = ((string[])["BANKS", "ENERGY", "TECH"])[i / 2];
            sql.Add(
                $"INSERT INTO issuers (issuer_id, issuer_type, name, country, sector) VALUES ('{id}', 'COMPANY', '{id}', '{(i < 4 ? "US" : "DE")}', '{sector}')"
            );
            sql.Add(
                $"INSERT INTO instruments (instrument_id, issuer_id, market_id, asset_class, symbol, currency) VALUES ('EQUITY:{id}', '{id}', 'T_EQ', 'EQUITY', '{id}', 'USD')"
            );
            sql.Add(
                $"INSERT INTO stability_vectors (entity_type, entity_id, as_of_date, stability_score, model_id) VALUES ('ISSUER', '{id}', '{s_days[100]:yyyy-MM-dd}', {0.1 + 0.15 * i}, 'test_v1')"
            );
        }

        for (int t = 0; t < s_days.Length; t++)
        {
            string day = $"{s_days[t]:yyyy-MM-dd}";
            sql.AddRange(
                s_instruments
                    .Where(i => i != "C1" || s_days[t] != s_hole)
                    .Select(
                        (i, k) =>
                            $"INSERT INTO returns_daily (instrument_id, date, ret_1d) VALUES ('EQUITY:{i}', '{day}', {0.001 * ((t * (k + 3) % 17) - 8)})"
                    )
            );
            sql.Add(
                $"INSERT INTO factors_daily (factor_id, date, value) VALUES ('MKT', '{day}', {0.001 * (t % 9 - 4)})"
            );
            sql.Add(
                $"INSERT INTO factors_daily (factor_id, date, value) VALUES ('VAL', '{day}', {0.001 * (t % 5 - 2)})"
            );
            sql.Add(
                $"INSERT INTO macro_time_series (series_id, date, value, metadata) VALUES ('RATE', '{day}', {1 + 0.01 * t}, '{{\"unit\":\"percent\"}}')"
            );
            if (t % 5 == 0)
                sql.Add(
                    $"INSERT INTO stability_vectors (entity_type, entity_id, as_of_date, stability_score, model_id) VALUES ('MARKET', 'T_EQ', '{day}', {(t / 5 / 24.0).ToString("R", CultureInfo.InvariantCulture)}, 'test_v1')"
                );
        }

        return string.Join(";\n", sql);
    }
}
