using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Engine.Verification;
using Prometheus.Synthetic.Scenarios.Custom;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;
using Prometheus.Synthetic.Storage.Snapshots;

namespace Prometheus.Synthetic.Exchange.Tests;

/// <summary>
/// Files of several chunks: 2,500 paths of two steps and two drivers are three chunks of at most 1,024 paths, and twenty
/// shards, whose bounds fall elsewhere.
/// </summary>
public sealed class ChunkedImportTests(ExchangeRoom room) : IClassFixture<ExchangeRoom>
{
    private const int Paths = 2_500;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_order_of_the_rows_changes_nothing()
    {
        string[] cells = Cells();
        ScenarioSetRef ordered = await ImportAsync("BY_PATH", cells);
        // 7,919 is prime and does not divide the number of rows: every row once, neighbours far apart.
        string[] shuffled = [.. Enumerable.Range(0, cells.Length).Select(i => cells[i * 7_919 % cells.Length])];
        (string Name, string[] Rows)[] others =
        [
            ("BACKWARDS", [.. cells.Reverse()]),
            ("BY_STEP", [.. cells.OrderBy(c => c.Split(',')[1], StringComparer.Ordinal)]),
            ("SHUFFLED", shuffled),
        ];
        IReadOnlyList<string> chunks = await ChunksAsync(ordered);
        foreach ((string name, string[] rows) in others)
        {
            ScenarioSetRef other = await ImportAsync(name, rows);
            Assert.Equal(ordered.ContentHash, other.ContentHash);
            Assert.Equal(chunks, await ChunksAsync(other));
        }

        // The values are exact in binary, so that SQL can say what each must be.
        const string wrong = """
            SELECT count(*) FROM scenario_path_arrays a, unnest(a.returns) WITH ORDINALITY r(value, step)
            WHERE a.scenario_set_id = '{0}'
              AND r.value <> (a.scenario_id * 4 + r.step * 2 + (a.macro_id IS NOT NULL)::integer)::double precision / 16384
            """;
        Assert.Equal(
            0L,
            await room.ScalarAsync<long>(string.Format(CultureInfo.InvariantCulture, wrong, ordered.ScenarioSetId), Ct)
        );
        Assert.Equal(
            Paths / 7 + 1,
            await room.ScalarAsync<long>(
                $"SELECT count(*) FROM synthetic.path_annotations WHERE scenario_set_id = '{ordered.ScenarioSetId}' AND probability = scenario_id / 4096.0",
                Ct
            )
        );
        VerificationReport report = await room.VerifyAsync(ordered.ScenarioSetId, Ct);
        Assert.Equal((VerificationOutcome.Verified, ordered.ContentHash), (report.Outcome, report.FreshHash));
        Assert.Equal(3, (await ChunksAsync(ordered)).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_wrong_in_a_later_chunk_is_named_and_nothing_stays(bool scattered)
    {
        List<string> cells = [.. Cells()];
        int at = cells.FindIndex(c => c.StartsWith("1500,2,EQUITY:A", StringComparison.Ordinal));
        string[] twice = [.. cells.Take(at), cells[at], .. cells.Skip(at)];
        string[] hole = [.. cells.Where(c => !c.StartsWith("2400,1,,DGS10", StringComparison.Ordinal))];
        // A row at the end that belongs to the beginning makes the order of no use.
        string[] Order(string[] rows) => scattered ? [.. rows.Skip(1), rows[0]] : rows;

        ScenarioRefusedException repeated = await RefusedAsync(Order(twice));
        ScenarioRefusedException missing = await RefusedAsync(Order(hole));

        Assert.EndsWith(
            "path 1500, driver EQUITY:A, step 2 is given twice",
            Assert.Single(repeated.Errors).Message,
            StringComparison.Ordinal
        );
        Assert.Contains($"row {at + (scattered ? 1 : 2)}:", repeated.Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "path 2400, driver DGS10: step 1 is missing",
            Assert.Single(missing.Errors).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Rows_that_are_wrong_by_themselves_and_rows_that_repeat_others_are_told_together()
    {
        string[] cells = Cells();
        ScenarioRefusedException refused = await RefusedAsync([.. cells, "2499,1,EQUITY:A,,0.5,", "0,2,EQUITY:A,,-7,"]);
        Assert.Equal(
            [(ErrorCodes.BadData, "return"), (ErrorCodes.Conflict, "horizon_index")],
            refused.Errors.Select(e => (e.Code, e.Field))
        );
    }

    [Fact]
    public async Task More_rows_in_no_order_than_the_buffer_holds_come_together()
    {
        // Three drivers × 6,000 paths of 60 steps are 8.6 MiB of rows: put aside twice at least.
        string[] ids = ["EQUITY:A,", "EQUITY:B,", ",DGS10"];
        var rows = new List<string>();
        foreach (string id in ids)
        {
            for (int path = 0; path < 6_000; path++)
            {
                double value = (path % 1_000 + rows.Count % 7) / 8192.0;
                rows.Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{path},{id},{string.Join(',', Enumerable.Range(0, 60).Select(h => value + h / 64.0))}"
                    )
                );
            }
        }

        string header =
            "scenario_id,instrument_id,macro_id," + string.Join(',', Enumerable.Range(1, 60).Select(h => $"h{h}"));
        string[] byPath = [.. Enumerable.Range(0, rows.Count).Select(i => rows[i % 3 * 6_000 + i / 3])];
        ScenarioSetRef scattered = await WideAsync("WIDE", rows);
        Assert.Equal(scattered.ContentHash, (await WideAsync("WIDE_BY_PATH", byPath)).ContentHash);

        // The first row comes again after the buffer that held it was put aside.
        string file = room.Write("wide.csv", string.Join('\n', [header, .. rows, rows[0]]));
        ScenarioRefusedException refused = await room.RefusedAsync(file, ExchangeRoom.HandMadeRequest("WIDE"), Ct);
        Assert.Equal("row 18001: path 0, driver EQUITY:A is given twice", Assert.Single(refused.Errors).Message);

        Task<ScenarioSetRef> WideAsync(string name, IEnumerable<string> lines) =>
            room.ImportAsync(
                room.Write("wide.csv", string.Join('\n', lines.Prepend(header))),
                ExchangeRoom.HandMadeRequest(name),
                new RequestLimits(),
                Ct
            );
    }

    [Fact]
    public async Task A_damaged_chunk_is_found_wherever_it_matters()
    {
        ScenarioSetRef set = await ImportAsync("DAMAGED", Cells(shift: 1));
        IServiceProvider services = await room.ServicesAsync(Ct);
        SetLifecycle lifecycle = services.GetRequiredService<SetLifecycle>();
        const string paths = "Given paths 1024 to 2047 cannot be read";
        // The chunk in the middle, which neither the first nor the last path needs.
        string chunk = (await ChunksAsync(set))[1];
        await room.ExecuteAsync("CREATE TABLE kept_chunk AS SELECT * FROM synthetic.given_paths", Ct);
        string damage =
            $"UPDATE synthetic.given_paths SET content = set_byte(content, 300, get_byte(content, 300) # 1) WHERE chunk_hash = '{chunk}'";
        string repair =
            $"INSERT INTO synthetic.given_paths SELECT * FROM kept_chunk WHERE chunk_hash = '{chunk}' ON CONFLICT (chunk_hash) DO UPDATE SET content = EXCLUDED.content";

        await room.ExecuteAsync(damage, Ct);
        VerificationReport report = await room.VerifyAsync(set.ScenarioSetId, Ct);
        Assert.Equal(VerificationOutcome.SnapshotDamaged, report.Outcome);
        Assert.Contains(paths, report.FirstDifference!.Problem, StringComparison.Ordinal);
        Assert.Equal((null, set.ContentHash), (report.FreshHash, report.StoredHash));
        ScenarioRefusedException kept = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            lifecycle.EvictAsync(set.ScenarioSetId, ExchangeRoom.Act, Ct)
        );
        Assert.Contains(paths, kept.Message, StringComparison.Ordinal);

        await room.ExecuteAsync(repair, Ct);
        Assert.True(await lifecycle.EvictAsync(set.ScenarioSetId, ExchangeRoom.Act, Ct));
        await room.ExecuteAsync($"DELETE FROM synthetic.given_paths WHERE chunk_hash = '{chunk}'", Ct);
        Rehydrator rehydrator = services.GetRequiredService<Rehydrator>();
        ScenarioRefusedException gone = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            rehydrator.RehydrateAsync(set.ScenarioSetId, ExchangeRoom.Act, null, Ct)
        );
        Assert.Contains(paths, gone.Message, StringComparison.Ordinal);
        Assert.Contains("is not stored", gone.Message, StringComparison.Ordinal);
        Assert.Equal(
            0L,
            await room.ScalarAsync<long>(
                $"SELECT count(*) FROM synthetic.path_shocks WHERE scenario_set_id = '{set.ScenarioSetId}'",
                Ct
            )
        );

        await room.ExecuteAsync(repair, Ct);
        Assert.True(await rehydrator.RehydrateAsync(set.ScenarioSetId, ExchangeRoom.Act, null, Ct));
        Assert.Equal(VerificationOutcome.Verified, (await room.VerifyAsync(set.ScenarioSetId, Ct)).Outcome);
    }

    [Fact]
    public async Task Two_imports_of_one_file_at_once_make_one_set()
    {
        string file = room.Write("at-once.csv", Text(Cells(shift: 2)));
        ImportRequest request = ExchangeRoom.HandMadeRequest("AT_ONCE");
        await room.ServicesAsync(Ct);
        ScenarioSetRef[] both = await Task.WhenAll(
            room.ImportAsync(file, request, Ct),
            room.ImportAsync(file, request, Ct)
        );
        Assert.Equal(both[0].ScenarioSetId, both[1].ScenarioSetId);
        Assert.Equal(VerificationOutcome.Verified, (await room.VerifyAsync(both[0].ScenarioSetId, Ct)).Outcome);
    }

    [Theory]
    [InlineData("loading", 0)]
    [InlineData("storing", 1)]
    public async Task An_import_that_is_stopped_leaves_no_path_and_is_made_when_it_comes_again(
        string stage,
        int records
    )
    {
        string name = "STOPPED_" + stage.ToUpperInvariant();
        string file = room.Write("stopped.csv", Text(Cells(shift: 6 + records)));
        await room.ServicesAsync(Ct);
        const string left = """
            SELECT (SELECT count(*) FROM synthetic.path_shocks) + (SELECT count(*) FROM synthetic.shards)
            """;
        const string given = "SELECT count(*) FROM synthetic.given_paths";
        string sets = $"SELECT count(*) FROM synthetic.mt_doc_scenario_set WHERE data ->> 'name' = '{name}'";
        long before = await room.ScalarAsync<long>(left, Ct);
        long chunks = await room.ScalarAsync<long>(given, Ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            room.ImportAsync(
                file,
                ExchangeRoom.HandMadeRequest(name),
                limits: null,
                stop.Token,
                new StopAt(stage, done: 2, stop)
            )
        );
        Assert.Equal(before, await room.ScalarAsync<long>(left, Ct));
        Assert.Equal(records, await room.ScalarAsync<long>(sets, Ct));
        // Paths that were loaded whole stay for the next attempt.
        Assert.Equal(chunks + 3 * records, await room.ScalarAsync<long>(given, Ct));

        ScenarioSetRef set = await room.ImportAsync(file, ExchangeRoom.HandMadeRequest(name), Ct);
        Assert.Equal((1, false), (set.Version, set.Existed));
        Assert.Equal(VerificationOutcome.Verified, (await room.VerifyAsync(set.ScenarioSetId, Ct)).Outcome);
    }

    [Fact]
    public async Task The_writer_imports_and_without_temporary_tables_is_told_to_sort()
    {
        string[] cells = Cells(shift: 5);
        string ordered = room.Write("writer.csv", Text(cells));
        string backwards = room.Write("writer-backwards.csv", Text(cells.Reverse()));
        await room.ServicesAsync(Ct);
        await room.ExecuteAsync("GRANT SELECT ON ALL TABLES IN SCHEMA public TO synthetic_writer", Ct);

        // PostgreSQL lets everybody make temporary tables; an installation may take that away.
        string database = await room.ScalarAsync<string>("SELECT current_database()", Ct);
        await room.ExecuteAsync($"REVOKE TEMPORARY ON DATABASE \"{database}\" FROM PUBLIC", Ct);
        ScenarioSetRef set = await room.ImportAsWriterAsync(ordered, ExchangeRoom.HandMadeRequest("WRITER"), Ct);
        ScenarioRefusedException refused = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            room.ImportAsWriterAsync(backwards, ExchangeRoom.HandMadeRequest("WRITER_BACKWARDS"), Ct)
        );
        Assert.Contains("sort the file by scenario_id", refused.Message, StringComparison.Ordinal);

        await room.ExecuteAsync($"GRANT TEMPORARY ON DATABASE \"{database}\" TO PUBLIC", Ct);
        ScenarioSetRef sorted = await room.ImportAsWriterAsync(
            backwards,
            ExchangeRoom.HandMadeRequest("WRITER_BACKWARDS"),
            Ct
        );
        Assert.Equal(set.ContentHash, sorted.ContentHash);
    }

    [Fact]
    public async Task Sets_are_made_from_imported_ones()
    {
        ScenarioSetRef first = await ImportAsync("PART_ONE", Cells(shift: 3));
        ScenarioSetRef second = await ImportAsync("PART_TWO", Cells(shift: 4));
        IServiceProvider services = await room.ServicesAsync(Ct);
        // A request freezes what its market was like, whatever it is for.
        await room.ExecuteAsync(
            "INSERT INTO returns_daily (instrument_id, date, ret_1d) SELECT instrument_id, date '2025-12-01' + d, d / 1000.0 FROM instruments, generate_series(-40, 20) d",
            Ct
        );
        ScenarioSetRef mixture = await services
            .GetRequiredService<ISyntheticScenarioEngine>()
            .GenerateScenarioSetAsync(
                new ScenarioRequest
                {
                    Name = "MIXED",
                    Category = "CUSTOM",
                    HorizonDays = 2,
                    NumPaths = 500,
                    Markets = ["M"],
                    AsOfDate = new DateOnly(2026, 1, 2),
                    GeneratorSpec = JsonSerializer.SerializeToElement(
                        new
                        {
                            seed = 1,
                            mixture = new[] { first, second }.Select(s => new
                            {
                                scenario_set_id = s.ScenarioSetId,
                                weight = 1,
                            }),
                        }
                    ),
                },
                new PlanContext("tester")
            );
        Assert.Equal(VerificationOutcome.Verified, (await room.VerifyAsync(mixture.ScenarioSetId, Ct)).Outcome);
        // What is said of a path's origin agrees with what its values say.
        Assert.Equal(
            500L,
            await room.ScalarAsync<long>(
                $"""
                SELECT count(*) FROM synthetic.path_shocks r JOIN synthetic.path_annotations a USING (scenario_set_id, scenario_id)
                WHERE r.scenario_set_id = '{mixture.ScenarioSetId}' AND r.driver_no = 0
                  AND r.shocks[1] * 16384 - 2 = (a.metadata ->> 'component_path')::integer * 4
                    + CASE WHEN (a.metadata ->> 'component')::uuid = '{first.ScenarioSetId}' THEN 3 ELSE 4 END
                """,
                Ct
            )
        );
    }

    /// <summary>One row per cell, path by path; every seventh path has a probability. All values are exact in binary.</summary>
    private static string[] Cells(int shift = 0) =>
        [
            .. from path in Enumerable.Range(0, Paths)
            from driver in Enumerable.Range(0, 2)
            from step in Enumerable.Range(1, 2)
            let value = (path * 4 + step * 2 + driver + shift) / 16384.0
            let note = path % 7 == 0 && driver == 0 && step == 1 ? $$"""{"probability":{{path / 4096.0:R}}}""" : ""
            select string.Create(
                CultureInfo.InvariantCulture,
                $"{path},{step},{(driver == 0 ? "EQUITY:A," : ",DGS10")},{value:R},{(note.Length > 0 ? $"\"{note.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : "")}"
            ),
        ];

    private static string Text(IEnumerable<string> cells) =>
        string.Join('\n', cells.Prepend("scenario_id,horizon_index,instrument_id,macro_id,return,annotation")) + "\n";

    private Task<ScenarioSetRef> ImportAsync(string name, string[] cells) =>
        room.ImportAsync(room.Write(name + ".csv", Text(cells)), ExchangeRoom.HandMadeRequest(name), Ct);

    private Task<ScenarioRefusedException> RefusedAsync(string[] cells) =>
        room.RefusedAsync(room.Write("refused.csv", Text(cells)), ExchangeRoom.HandMadeRequest("REFUSED"), Ct);

    private async Task<IReadOnlyList<string>> ChunksAsync(ScenarioSetRef set)
    {
        IServiceProvider services = await room.ServicesAsync(Ct);
        ScenarioSetDocument record = (
            await services.GetRequiredService<ScenarioSetStore>().FindAsync(set.ScenarioSetId, Ct)
        )!;
        CalibrationSnapshot snapshot = await services
            .GetRequiredService<SnapshotStore>()
            .LoadAsync(record.SnapshotHash, Ct);
        return Assert.IsType<ChunkedPaths>(snapshot.Given).Addresses;
    }

    /// <summary>Stops an import when so much of a stage is done.</summary>
    private sealed class StopAt(string stage, int done, CancellationTokenSource stop) : IProgress<GenerationProgress>
    {
        public void Report(GenerationProgress value)
        {
            if (value.Stage == stage && value.ShardsDone == done)
                stop.Cancel();
        }
    }
}
