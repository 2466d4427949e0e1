using Npgsql;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Market.Import;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Storage.Tests.Market.Import;

/// <summary>What an import rejects cell by cell, what it refuses whole, and what of that reaches the tables.</summary>
public sealed class ImportRejectTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly MarketTables s_tables = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static readonly string[] s_faulty =
    [
        "date,A,B,C",
        "2024-01-02,100,50,10",
        "2024-01-03,101,abc,10",
        "2024-01-04,-5,51,NA",
        "04/13/2024x,1,2,3",
        "2024-01-05,102,52",
        "2024-01-05,102,52,11",
        "2024-01-05,103,53,12",
        "2024-01-08,1e400,0,12",
    ];

    [Fact]
    public async Task Each_reject_is_told_by_file_line_column_and_reason()
    {
        using var file = new CsvFile("rejects.csv", s_faulty);
        using var all = new StringWriter();
        ImportReport report = await ImportAsync(file.Path, Prices("REJ1"), all);

        (int, string, string)[] expected =
        [
            (3, "B", "not a number"),
            (4, "A", "price not above zero"),
            (5, "date", "no date as yyyy-MM-dd"),
            (6, "", "the header has 4 fields"),
            (8, "A", "second value of the series on this date"),
            (8, "B", "second value of the series on this date"),
            (8, "C", "second value of the series on this date"),
            (9, "A", "not a finite number"),
            (9, "B", "price not above zero"),
        ];
        Assert.Equal(
            expected,
            report.Rejected.First.Select(r => (r.Line, r.Column, r.Reason)).OrderBy(r => r.Line).ThenBy(r => r.Column)
        );
        Assert.All(report.Rejected.First, r => Assert.Equal("rejects.csv", r.File));
        Assert.Equal(9, report.Rejected.Total);
        Assert.Equal(3, report.Rejected.ByReason["second value of the series on this date"]);
        Assert.Equal((8, 1), (report.Lines, (int)report.Missing));
        // 3 + 2 + 1 + 3 + 1 cells of lines 2, 3, 4, 7, 9.
        Assert.Equal(10, report.Accepted);
        string[] saved = all.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.Equal("file,line,column,value,reason", saved[0]);
        Assert.Equal(1 + report.Rejected.Total, saved.Length);
        Assert.Contains("\"rejects.csv\",3,\"B\",\"abc\",\"not a number\"", saved);

        // The first of two values on one day is kept, and nothing rejected is stored.
        Assert.Equal(
            [100, 101, 102],
            await ColumnAsync("SELECT close::float8 FROM prices_daily WHERE instrument_id = 'REJ1:A' ORDER BY date")
        );
        Assert.Equal(
            [50, 51, 52],
            await ColumnAsync("SELECT close::float8 FROM prices_daily WHERE instrument_id = 'REJ1:B' ORDER BY date")
        );
    }

    [Fact]
    public async Task Strict_stores_nothing_of_a_file_with_a_reject()
    {
        using var file = new CsvFile("strict.csv", s_faulty);
        ScenarioRefusedException refused = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            ImportAsync(file.Path, Prices("REJ2") with { Strict = true })
        );
        Assert.Contains(refused.Errors, e => e.Field == "strict.csv:3:B" && e.Code == ErrorCodes.BadData);
        Assert.Equal(
            [0],
            await ColumnAsync("SELECT count(*)::float8 FROM instruments WHERE instrument_id LIKE 'REJ2:%'")
        );
    }

    [Fact]
    public async Task Impossible_returns_are_rejected_and_a_longer_list_than_is_kept_is_counted()
    {
        string[] days =
        [
            .. Enumerable.Range(0, 40).Select(i => new DateOnly(2024, 1, 1).AddDays(i).ToString("yyyy-MM-dd")),
        ];
        using var file = new CsvFile(
            "returns.csv",
            ["date,A,B,C,D", .. days.Select((d, i) => $"{d},{(i % 2 == 0 ? "-1" : "1e6")},0.01,0.02,-0.01")]
        );
        ImportReport report = await ImportAsync(file.Path, Prices("REJ3") with { Values = ImportValues.Returns });
        Assert.Equal(40, report.Rejected.Total);
        Assert.Equal(20, report.Rejected.ByReason["return not above -1"]);
        Assert.Equal(20, report.Rejected.ByReason["return above 99,900 %"]);
        Assert.Equal(20, report.Rejected.First.Count);
        Assert.Equal(3, report.Series);
    }

    [Fact]
    public async Task The_same_file_again_changes_nothing_and_a_longer_one_adds_what_is_new()
    {
        string[] lines = ["date,A", "2024-01-02,100", "2024-01-03,101"];
        using var file = new CsvFile("grows.csv", lines);
        Assert.Equal(2, (await ImportAsync(file.Path, Prices("REJ4"))).Written["prices_daily"]);
        Assert.Equal(0, (await ImportAsync(file.Path, Prices("REJ4"))).Written["prices_daily"]);
        using var longer = new CsvFile("grows.csv", [.. lines, "2024-01-04,102"]);
        Assert.Equal(1, (await ImportAsync(longer.Path, Prices("REJ4"))).Written["prices_daily"]);
    }

    public static TheoryData<string, string, string> Unreadable() =>
        new()
        {
            { "empty.csv", "", "the file is empty" },
            { "no_dates.csv", "A,B\n1,2\n3,4\n", "date" },
            { "twins.csv", "date,A,T:A\n2024-01-02,1,2\n2024-01-03,1,2\n", "two columns mean the same instrument" },
            { "nothing.csv", "date,A\n2024-01-02,\n2024-01-03,NA\n", "holds no values" },
            { "none.csv", "date,A\n2024-01-02,x\n2024-01-03,y\n", "no usable value" },
        };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task A_file_that_cannot_be_used_is_refused_whole(string name, string text, string says)
    {
        using var file = new CsvFile(name, System.Text.Encoding.UTF8.GetBytes(text));
        ScenarioRefusedException refused = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            ImportAsync(file.Path, Prices("T"))
        );
        Assert.Contains(refused.Errors, e => e.Message.Contains(says, StringComparison.Ordinal));
        Assert.Equal([0], await ColumnAsync("SELECT count(*)::float8 FROM instruments WHERE instrument_id LIKE 'T:%'"));
    }

    [Fact]
    public async Task A_truncated_archive_and_an_absent_file_are_refused_by_name()
    {
        byte[] whole = CsvFile.Gzip(
            "date,A\n"
                + string.Concat(
                    Enumerable.Range(0, 5000).Select(i => $"{new DateOnly(2000, 1, 1).AddDays(i):yyyy-MM-dd},{i + 1}\n")
                )
        );
        using var file = new CsvFile("cut.csv.gz", whole[..(whole.Length / 2)]);
        ScenarioRefusedException cut = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            ImportAsync(file.Path, Prices("CUT"))
        );
        Assert.StartsWith("cut.csv.gz", Assert.Single(cut.Errors).Field, StringComparison.Ordinal);
        ScenarioRefusedException absent = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            ImportAsync(file.Path + ".absent", Prices("CUT"))
        );
        Assert.Equal(ErrorCodes.NotFound, Assert.Single(absent.Errors).Code);
    }

    [Fact]
    public async Task Archives_written_one_after_the_other_are_one_file()
    {
        using var file = new CsvFile(
            "parts.csv.gz",
            [.. CsvFile.Gzip("date,A\n2024-01-02,100\n"), .. CsvFile.Gzip("2024-01-03,101\n")]
        );
        Assert.Equal(2, (await ImportAsync(file.Path, Prices("REJ5"))).Accepted);
    }

    private static ImportOptions Prices(string prefix) =>
        new()
        {
            Values = ImportValues.Prices,
            As = ImportTarget.Instruments,
            AssetClass = prefix,
        };

    private async Task<ImportReport> ImportAsync(string path, ImportOptions options, TextWriter? rejects = null)
    {
        await MarketSchema.EnsureAsync(postgres.DataSource, s_tables, Ct);
        return await new MarketImporter(postgres.DataSource, s_tables).ImportAsync(path, options, null, rejects, Ct);
    }

    private async Task<List<double>> ColumnAsync(string sql)
    {
        await using NpgsqlCommand select = postgres.DataSource.CreateCommand(sql);
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(Ct);
        var values = new List<double>();
        while (await reader.ReadAsync(Ct))
            values.Add(reader.GetDouble(0));
        return values;
    }
}
