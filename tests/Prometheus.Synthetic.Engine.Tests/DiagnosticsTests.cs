using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Prometheus.Synthetic.Engine.Diagnostics;
using Prometheus.Synthetic.Engine.Generation;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Engine.Sealing;
using Prometheus.Synthetic.Engine.Tests.Requests;
using Prometheus.Synthetic.Scenarios.Diagnostics;
using Prometheus.Synthetic.Scenarios.Diagnostics.Batteries;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Engine.Tests;

/// <summary>Diagnostics from the seal to what gates read, on a real PostgreSQL.</summary>
public sealed class DiagnosticsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string RestrictViolation = "23001";
    private const string NotAllowed = "42501";
    private static readonly PlanContext Context = new("test");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static ScenarioRequest Request(string name, int block, int paths = 100) =>
        RequestResolverTests.Good() with
        {
            Name = name,
            HorizonDays = 20,
            NumPaths = paths,
            GeneratorSpec = JsonSerializer.SerializeToElement(new { block_length = block }),
        };

    [Fact]
    public async Task Diagnostics_are_stored_with_the_seal_and_the_views_repeat_them()
    {
        await using ServiceProvider host = await DiagnosedMarket.HostAsync(postgres, Ct);
        ScenarioSetDocument set = await GenerateAsync(host, Request("SEALED", 5));
        SetDiagnosis diagnosis = await host.GetRequiredService<SetDiagnosisReader>().ReadAsync(set, Ct);

        SetDiagnostics report = diagnosis.Report!;
        Assert.Null(diagnosis.NotComputed);
        Assert.Equal((100, 5), (report.PathsSampled, report.DriversSampled));
        Assert.Equal(
            report.Fidelity.Select(c => c.Name),
            await ColumnAsync("SELECT check_name FROM scenario_set_checks WHERE scenario_set_id = $1", set.Id)
        );
        Assert.Equal(
            report.Coverage!.Cells.Sum(c => c.Paths).ToString(),
            (
                await ColumnAsync(
                    "SELECT sum(sampled_paths)::text FROM scenario_set_coverage WHERE scenario_set_id = $1",
                    set.Id
                )
            )[0]
        );
        Assert.Equal(
            ["1.000|1.000"],
            await ColumnAsync(
                """
                SELECT round(sum(c.probability)::numeric, 3) || '|' ||
                  (SELECT round(sum(share)::numeric, 3) FROM scenario_set_history WHERE scenario_set_id = $1)
                FROM scenario_set_coverage c WHERE scenario_set_id = $1
                """,
                set.Id
            )
        );
        Assert.Equal(
            report.Coverage.Gaps.Select(g => $"{g.Dimension} {g.Trait}: {g.FilledBy}"),
            await ColumnAsync(
                "SELECT dimension || ' ' || trait || ': ' || filled_by FROM scenario_set_gaps WHERE scenario_set_id = $1",
                set.Id
            )
        );
        Assert.Equal(
            [$"{report.Warnings} {report.PathsSampled}"],
            await ColumnAsync(
                "SELECT warnings || ' ' || sampled_paths FROM scenario_set_diagnostics WHERE scenario_set_id = $1 AND not_computed IS NULL",
                set.Id
            )
        );
    }

    /// <summary>The record and its diagnostics carry the same transaction number: neither is there without the other.</summary>
    [Fact]
    public async Task Seal_and_diagnostics_are_one_transaction()
    {
        await using ServiceProvider host = await DiagnosedMarket.HostAsync(postgres, Ct);
        ScenarioSetDocument set = await GenerateAsync(host, Request("ATOMIC", 7));
        Assert.Equal(
            ["true"],
            await ColumnAsync(
                """
                SELECT (s.xmin = d.xmin)::text FROM synthetic.mt_doc_scenario_set s
                JOIN synthetic.set_diagnostics d ON d.scenario_set_id = s.id WHERE s.id = $1
                """,
                set.Id
            )
        );
    }

    /// <summary>The snapshot is damaged between the last shard and the seal; a fresh process cannot diagnose, and seals.</summary>
    [Fact]
    public async Task A_set_that_cannot_be_diagnosed_is_sealed_and_says_why()
    {
        await using ServiceProvider host = await DiagnosedMarket.HostAsync(postgres, Ct);
        ResolvedRequest resolved = host.GetRequiredService<RequestResolver>()
            .Resolve(Request("UNDIAGNOSED", 9, 90) with { BaseDateStart = new DateOnly(2021, 6, 1) });
        ScenarioSetDocument planned = await host.GetRequiredService<ScenarioSetPlanner>()
            .PlanAsync(resolved, 1, Context, Ct);
        for (int shard = 0; shard < planned.ShardCount; shard++)
            await host.GetRequiredService<ShardGenerator>().GenerateAsync(planned, shard, Ct);
        await ExecuteAsync(
            "UPDATE synthetic.calibration_snapshots SET content = content || '\\x00' WHERE snapshot_hash = $1",
            planned.SnapshotHash
        );

        await using ServiceProvider fresh = ImportedMarket.Services(postgres);
        ScenarioSetDocument set = await fresh.GetRequiredService<SetSealer>().SealAsync(planned.Id, Ct);
        Assert.Equal(ScenarioSetStatus.Sealed, set.Status);
        SetDiagnosis diagnosis = await fresh.GetRequiredService<SetDiagnosisReader>().ReadAsync(set, Ct);
        Assert.Null(diagnosis.Report);
        Assert.Contains("altered", diagnosis.NotComputed, StringComparison.Ordinal);
        Assert.Equal(
            [diagnosis.NotComputed!],
            await ColumnAsync(
                "SELECT not_computed FROM scenario_set_diagnostics WHERE scenario_set_id = $1",
                set.Id,
                "synthetic_reader"
            )
        );
        Assert.Empty(
            await ColumnAsync("SELECT check_name FROM scenario_set_checks WHERE scenario_set_id = $1", set.Id)
        );
    }

    [Fact]
    public async Task Diagnostics_never_change()
    {
        await using ServiceProvider host = await DiagnosedMarket.HostAsync(postgres, Ct);
        ScenarioSetDocument set = await GenerateAsync(host, Request("KEPT", 6));
        foreach (
            string sql in new[]
            {
                "UPDATE synthetic.set_diagnostics SET not_computed = 'x', report = NULL WHERE scenario_set_id = $1",
                "DELETE FROM synthetic.set_diagnostics WHERE scenario_set_id = $1",
            }
        )
            Assert.Equal(
                RestrictViolation,
                (await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(sql, set.Id))).SqlState
            );
        Assert.Equal(
            NotAllowed,
            (
                await Assert.ThrowsAsync<PostgresException>(() =>
                    ColumnAsync(
                        "SELECT report::text FROM synthetic.set_diagnostics WHERE scenario_set_id = $1",
                        set.Id,
                        "synthetic_reader"
                    )
                )
            ).SqlState
        );
    }

    /// <summary>The published queries, run as the reader, agree with the engine's own judgement.</summary>
    [Fact]
    public async Task A_reader_judges_a_battery_by_the_published_queries()
    {
        await using ServiceProvider host = await DiagnosedMarket.HostAsync(postgres, Ct);
        ScenarioSetDocument small = await GenerateAsync(host, Request("BATTERY_A", 5, 30));
        ScenarioSetDocument large = await GenerateAsync(host, Request("BATTERY_B", 10, 300));
        BatteryReport report = await host.GetRequiredService<BatteryAssessor>()
            .AssessAsync([small, large], BatteryNeeds.Default, Ct);

        Guid[] ids = [small.Id, large.Id];
        IReadOnlyList<string> gaps = await QueryFileAsync(
            "battery-gaps.sql",
            ids,
            r => $"{r[0]} {r[1]} {r[2]} {r[3]} {r[4]} {r.GetDouble(5):0.000000}"
        );
        Assert.Equal(
            report
                .Gaps.Select(g =>
                    $"{g.Region.Tail} {g.Region.Dependence} {g.Region.Spectrum} {g.Region.Radius} {g.Region.Regime} {g.Region.Probability:0.000000}"
                )
                .Order(StringComparer.Ordinal),
            gaps.Order(StringComparer.Ordinal)
        );
        IReadOnlyList<string> traits = await QueryFileAsync(
            "battery-traits.sql",
            ids,
            r => $"{r[0]} {r[1]} {r.GetDouble(2):0.000000} {r[3]} {string.Join(',', (string[])r[4])} {r[5]}"
        );
        Assert.Equal(
            report
                .Traits.Where(t => t.Reached || t.HistoryShare > 0)
                .Select(t =>
                    $"{t.Dimension} {t.Trait} {t.HistoryShare:0.000000} {t.SampledPaths} {string.Join(',', t.Sets)} {t.Reached}"
                )
                .Order(StringComparer.Ordinal),
            traits.Order(StringComparer.Ordinal)
        );
        Assert.Contains(report.Traits, t => t.Sets.Count == 2);
        Assert.Equal(330, report.Paths);

        await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            host.GetRequiredService<BatteryAssessor>().AssessAsync([], BatteryNeeds.Default, Ct)
        );
    }

    [Fact]
    public async Task Stored_sets_compare_from_their_records_and_others_are_refused()
    {
        await using ServiceProvider host = await DiagnosedMarket.HostAsync(postgres, Ct);
        ScenarioSetDocument one = await GenerateAsync(host, Request("COMPARED_A", 5, 200));
        ScenarioSetDocument two = await GenerateAsync(host, Request("COMPARED_B", 5, 200));
        var comparer = host.GetRequiredService<SetComparer>();
        SetComparison comparison = await comparer.CompareAsync(one, two, Ct);
        Assert.Equal((5, 0, 0), (comparison.CommonDrivers, comparison.OnlyInFirst, comparison.Differences));

        var refused = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            comparer.CompareAsync(one, two with { Status = ScenarioSetStatus.Failed }, Ct)
        );
        Assert.Equal(ErrorCodes.WrongState, refused.Errors[0].Code);
    }

    private static async Task<ScenarioSetDocument> GenerateAsync(ServiceProvider host, ScenarioRequest request)
    {
        var engine = host.GetRequiredService<ISyntheticScenarioEngine>();
        ScenarioSetRef made = await engine.GenerateScenarioSetAsync(request, Context, ct: Ct);
        return await engine.GetScenarioSetMetadataAsync(made.ScenarioSetId, Ct);
    }

    private async Task<IReadOnlyList<string>> QueryFileAsync(
        string file,
        Guid[] ids,
        Func<NpgsqlDataReader, string> row
    )
    {
        string sql = await File.ReadAllTextAsync(Repository.PathOf("contracts/sql/" + file), Ct);
        await using NpgsqlConnection connection = await postgres.DataSource.OpenConnectionAsync(Ct);
        await BecomeAsync(connection, "synthetic_reader");
        await using var query = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = ids } } };
        await using NpgsqlDataReader reader = await query.ExecuteReaderAsync(Ct);
        var rows = new List<string>();
        while (await reader.ReadAsync(Ct))
            rows.Add(row(reader));
        return rows;
    }

    private async Task<List<string>> ColumnAsync(string sql, object parameter, string? role = null)
    {
        await using NpgsqlConnection connection = await postgres.DataSource.OpenConnectionAsync(Ct);
        if (role is not null)
            await BecomeAsync(connection, role);
        await using var query = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = parameter } } };
        await using NpgsqlDataReader reader = await query.ExecuteReaderAsync(Ct);
        var values = new List<string>();
        while (await reader.ReadAsync(Ct))
            values.Add(reader.GetString(0));
        return values;
    }

    private async Task ExecuteAsync(string sql, object parameter)
    {
        await using NpgsqlCommand command = postgres.DataSource.CreateCommand(sql);
        command.Parameters.Add(new() { Value = parameter });
        await command.ExecuteNonQueryAsync(Ct);
    }

    private static async Task BecomeAsync(NpgsqlConnection connection, string role)
    {
        await using var become = new NpgsqlCommand($"SET ROLE {role}", connection);
        await become.ExecuteNonQueryAsync(Ct);
    }
}
