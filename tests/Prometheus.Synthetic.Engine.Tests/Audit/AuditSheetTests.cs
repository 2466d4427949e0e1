using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Engine.Audit;
using Prometheus.Synthetic.Engine.Verification;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Market;

namespace Prometheus.Synthetic.Engine.Tests.Audit;

public sealed class AuditSheetTests(SmallMarket market) : IClassFixture<SmallMarket>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_report_answers_where_it_comes_from_and_whether_one_would_get_it_again()
    {
        ScenarioSetRef set = await market.GenerateAsync("AUDITED", Ct);
        IServiceProvider engine = await market.EngineAsync(Ct);
        await engine.GetRequiredService<SetVerifier>().VerifyAsync(set.ScenarioSetId, "officer", null, Ct);
        AuditSheet sheet = await engine.GetRequiredService<AuditSheetReader>().ReadAsync(set.ScenarioSetId, Ct);
        string report = AuditMarkdown.Write(sheet);

        Assert.True(sheet.Current);
        foreach (
            string fact in new[]
            {
                set.ScenarioSetId.ToString(),
                set.ContentHash,
                sheet.Set.SnapshotHash,
                "| seed | 7 |",
                "2020-12-31",
                "VERIFIED by officer",
                "SEALED by tester",
                "simple returns per step",
                "EQUITY:T5",
                EngineVersion.Product,
            }
        )
            Assert.Contains(fact, report, StringComparison.Ordinal);
    }

    /// <summary>A reviewer is no programmer: what was left out, and what a verification found, stands there in words.</summary>
    [Fact]
    public async Task What_was_left_out_and_what_was_found_is_said_in_words()
    {
        ScenarioSetRef set = await market.GenerateAsync("AUDITED_WORDS", Ct);
        await market.TamperAsync(
            $"DELETE FROM synthetic.path_shocks WHERE scenario_set_id = '{set.ScenarioSetId}' AND driver_no = 1 AND scenario_id = 3",
            Ct
        );
        IServiceProvider engine = await market.EngineAsync(Ct);
        await engine.GetRequiredService<SetVerifier>().VerifyAsync(set.ScenarioSetId, "officer", null, Ct);
        AuditSheet sheet = await engine.GetRequiredService<AuditSheetReader>().ReadAsync(set.ScenarioSetId, Ct);
        sheet = sheet with
        {
            Set = sheet.Set with
            {
                DriversDropped = [new DroppedDriver(DriverKind.Macro, "DGS1MO", "coverage 0.5 is below 0.95", 0.5)],
            },
        };
        string report = AuditMarkdown.Write(sheet);
        Assert.Contains("macro DGS1MO: coverage 0.5 is below 0.95", report, StringComparison.Ordinal);
        Assert.Contains("first at path 3, driver EQUITY:T1: the row is missing", report, StringComparison.Ordinal);
        Assert.DoesNotContain("{ Kind", report, StringComparison.Ordinal);
        Assert.DoesNotContain("\"Between\"", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_caller_wrote_does_not_become_markup()
    {
        ScenarioSetRef set = await market.GenerateAsync("AUDITED_MARKUP", Ct);
        AuditSheet sheet = await (await market.EngineAsync(Ct))
            .GetRequiredService<AuditSheetReader>()
            .ReadAsync(set.ScenarioSetId, Ct);
        sheet = sheet with { Set = sheet.Set with { Description = "a | b\n# <script>" } };
        Assert.Contains("""a \| b \# \<script\>""", AuditMarkdown.Write(sheet), StringComparison.Ordinal);
    }
}
