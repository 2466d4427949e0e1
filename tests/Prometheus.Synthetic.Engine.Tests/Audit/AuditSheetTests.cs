using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Engine.Audit;
using Prometheus.Synthetic.Engine.Verification;

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
