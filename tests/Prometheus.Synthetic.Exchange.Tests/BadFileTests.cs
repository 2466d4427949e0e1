using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Exchange.Files;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Exchange.Tests;

/// <summary>Whatever is wrong with a file is said clearly, and nothing is left of the attempt.</summary>
public sealed class BadFileTests(ExchangeRoom room) : IClassFixture<ExchangeRoom>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(
        "1,1,EQUITY:A,,,0.01\n1,1,EQUITY:A,,,0.02",
        "conflict",
        "row 3: path 1, driver EQUITY:A, step 1 is given twice"
    )]
    [InlineData("2,1,EQUITY:A,,,0.01", "bad-data", "path 1, driver EQUITY:A: step 1 is missing")]
    [InlineData("1,2,EQUITY:A,,,0.01", "bad-data", "path 1, driver EQUITY:A is missing")]
    [InlineData("1,0,EQUITY:B,,,0.01\n1,1,EQUITY:A,,,0.01", "bad-data", "path 1, driver EQUITY:B is missing")]
    [InlineData("1,1,EQUITY:A,,,-1", "bad-data", "driver EQUITY:A: -1 is impossible")]
    [InlineData("1,1,EQUITY:A,,,NaN", "bad-data", "driver EQUITY:A: NaN is impossible")]
    [InlineData("1,1,EQUITY:A,,,a lot", "bad-data", "row 2: driver EQUITY:A: NaN is impossible")]
    [InlineData("0,1,EQUITY:A,,,0.1", "bad-data", "the baseline (step 0) is 0.1")]
    [InlineData("61,1,EQUITY:A,,,0.1", "out-of-range", "step 61 is outside 0..60")]
    [InlineData("1,-1,EQUITY:A,,,0.1", "out-of-range", "path -1 is no path number")]
    [InlineData("1,1,EQUITY:A,MKT,,0.1", "conflict", "2 of instrument_id, factor_id and macro_id are given")]
    [InlineData("1,1,,,,0.1", "conflict", "0 of instrument_id, factor_id and macro_id are given")]
    [InlineData("1,1,EQUITY:A,,", "bad-data", "row 2: 5 fields instead of 6")]
    [InlineData(
        "1,1,EQUITY:ZZZ,,,0.1\n1,0,EQUITY:ZZZ,,,0.1\n1,1,EQUITY:A,,,0.1",
        "unknown-value",
        "1 instruments are not in instruments: EQUITY:ZZZ"
    )]
    [InlineData("1,1,,,VIX,0.1\n1,0,,,VIX,0.1\n1,1,EQUITY:A,,,0.1", "missing", "--macro-unit VIX=percent")]
    public async Task Rows_that_make_no_whole_set_are_refused_by_name(string rows, string code, string says)
    {
        string file = room.Write(
            "bad.csv",
            $"horizon_index,scenario_id,instrument_id,factor_id,macro_id,return\n1,0,EQUITY:A,,,0.5\n{rows}\n"
        );
        ScenarioRefusedException refused = await room.RefusedAsync(
            file,
            new ImportRequest { Name = "BAD", AsOfDate = new DateOnly(2026, 1, 2) },
            Ct
        );
        Assert.Contains(refused.Errors, e => e.Code == code && e.Message.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_that_is_missing_is_said_at_once()
    {
        string file = room.Write("factor.csv", "scenario_id,factor_id,h1,h2\n0,MKT,0.1,0.2\n");
        ScenarioRefusedException refused = await room.RefusedAsync(file, new ImportRequest(), Ct);
        Assert.Equal(["name", "as_of_date", "markets"], refused.Errors.Select(e => e.Field));
    }

    [Theory]
    [InlineData("empty.csv", "", "is empty")]
    [InlineData("foreign.csv", "date,price\n2020-01-01,3\n", "has no column 'scenario_id'")]
    [InlineData("novalue.csv", "scenario_id,horizon_index,instrument_id\n0,1,EQUITY:A\n", "has no column 'return'")]
    [InlineData("binary.parquet", "\u0001\u0002\u0003garbage", "neither Parquet nor Arrow")]
    [InlineData("short.parquet", "PAR1 and then nothing", "cannot be read as PARQUET")]
    [InlineData("short.arrow", "ARROW1 and then nothing", "cannot be read as ARROW")]
    public async Task Files_of_another_kind_are_refused(string name, string content, string says)
    {
        ScenarioRefusedException refused = await room.RefusedAsync(
            room.Write(name, content),
            new ImportRequest { Name = "BAD" },
            Ct
        );
        Assert.Equal(ErrorCodes.BadData, refused.Errors[0].Code);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_refused() =>
        Assert.Equal(
            ErrorCodes.NotFound,
            (await room.RefusedAsync(room.PathOf("nowhere.csv"), new ImportRequest(), Ct)).Errors[0].Code
        );

    [Theory]
    [MemberData(nameof(RoundTripTests.Forms), MemberType = typeof(RoundTripTests))]
    public async Task A_truncated_export_is_refused_wherever_it_was_cut(SetFileFormat format, SetFileLayout layout)
    {
        string file = await ExportAsync(format, layout);
        byte[] whole = await File.ReadAllBytesAsync(file, Ct);
        foreach (int percent in new[] { 30, 60, 90, 99 })
        {
            await File.WriteAllBytesAsync(file, whole[..(whole.Length * percent / 100)], Ct);
            ScenarioRefusedException refused = await room.RefusedAsync(file, new ImportRequest { Name = "CUT" }, Ct);
            Assert.NotEmpty(refused.Errors);
        }
    }

    [Fact]
    public async Task An_export_that_was_altered_is_refused_by_its_hash()
    {
        string file = await ExportAsync(SetFileFormat.Csv, SetFileLayout.Cells);
        string text = await File.ReadAllTextAsync(file, Ct);
        int last = text.LastIndexOf(",-0.", StringComparison.Ordinal) + 1;
        await File.WriteAllTextAsync(
            file,
            text[..(last + 3)] + (text[last + 3] == '1' ? '2' : '1') + text[(last + 4)..],
            Ct
        );
        ScenarioRefusedException refused = await room.RefusedAsync(file, new ImportRequest { Name = "ALTERED" }, Ct);
        Assert.Contains("it was altered after the export", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_held_to_the_limits_of_every_set()
    {
        string file = room.Write("big.csv", ExchangeRoom.HandMade());
        ImportRequest request = ExchangeRoom.HandMadeRequest("BIG");
        ScenarioRefusedException cells = await room.RefusedAsync(
            file,
            request,
            Ct,
            new RequestLimits { MaxCells = 20 }
        );
        ScenarioRefusedException paths = await room.RefusedAsync(file, request, Ct, new RequestLimits { MaxPaths = 3 });
        Assert.Equal([ErrorCodes.OverLimit], cells.Errors.Select(e => e.Code));
        Assert.Contains("SYNTHETIC_LIMITS__MAXCELLS", cells.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCodes.OverLimit, paths.Errors[0].Code);
        Assert.Contains("SYNTHETIC_LIMITS__MAXPATHS", paths.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_were_tampered_with_are_not_exported()
    {
        ScenarioSetRef set = await room.ImportAsync(
            room.Write("t.csv", ExchangeRoom.HandMade()),
            ExchangeRoom.HandMadeRequest("TAMPERED"),
            Ct
        );
        await room.ExecuteAsync(
            $"BEGIN; SET LOCAL session_replication_role = replica; UPDATE synthetic.path_shocks SET shocks[1] = 0.123 WHERE scenario_set_id = '{set.ScenarioSetId}' AND scenario_id = 0 AND driver_no = 0; COMMIT",
            Ct
        );
        string file = room.PathOf("tampered.parquet");
        SetExporter exporter = (await room.ServicesAsync(Ct)).GetRequiredService<SetExporter>();
        ScenarioRefusedException refused = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            exporter.ExportAsync(
                set.ScenarioSetId,
                file,
                SetFileFormat.Parquet,
                SetFileLayout.Arrays,
                new Act("a"),
                null,
                Ct
            )
        );
        Assert.Contains("nothing was exported", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(file)!, "*.partial"));
    }

    private async Task<string> ExportAsync(SetFileFormat format, SetFileLayout layout)
    {
        ScenarioSetRef set = await room.ImportAsync(
            room.Write("cut.csv", ExchangeRoom.HandMade()),
            ExchangeRoom.HandMadeRequest("TO_CUT"),
            Ct
        );
        string file = room.PathOf($"cut-{format}-{layout}.bin");
        SetExporter exporter = (await room.ServicesAsync(Ct)).GetRequiredService<SetExporter>();
        await exporter.ExportAsync(set.ScenarioSetId, file, format, layout, ExchangeRoom.Act, null, Ct);
        return file;
    }
}
