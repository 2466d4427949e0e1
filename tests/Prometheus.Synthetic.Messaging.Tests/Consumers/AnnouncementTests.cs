using System.Text.Json;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Consumers;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Messaging.Tests.Consumers;

/// <summary>An adversarial set's event says whom it hurts, in the report's own figures; no other event says anything of it.</summary>
public sealed class AnnouncementTests
{
    private const string Loss = """
        "paths_assessed": 40, "attacks_assessed": 8, "mean_attacked": 0.25, "mean_targets": 0.2, "mean_market": 0.1
        """;

    [Fact]
    public void The_loss_is_the_reports()
    {
        AttackLoss loss = Of(
            ScenarioCategories.FragilityAdversarial,
            $$"""
            {"loss": {{{Loss}}, "ratio": 9,
              "attacked_against_market": {"ratio": 2.5, "p_value": 0.5, "p_value_by_attack": 0.001},
              "targets_against_market": {"ratio": 2, "p_value": 0.5, "p_value_by_attack": 0.5} } }
            """
        )!;
        Assert.Equal(
            new AttackLoss
            {
                PathsAssessed = 40,
                AttacksAssessed = 8,
                MeanAttacked = 0.25,
                MeanTargets = 0.2,
                MeanMarket = 0.1,
                AttackedRatio = 2.5,
                TargetsRatio = 2,
                AttackedPValue = 0.001,
            },
            loss
        );
    }

    /// <summary>A market that gains has no ratio, one attack no error.</summary>
    [Fact]
    public void What_the_report_leaves_open_is_absent()
    {
        AttackLoss loss = Of(
            ScenarioCategories.FragilityAdversarial,
            $$"""
            {"loss": {{{Loss}}, "ratio": null,
              "attacked_against_market": {"ratio": null, "p_value": null, "p_value_by_attack": null},
              "targets_against_market": {"ratio": null, "p_value": null, "p_value_by_attack": null} } }
            """
        )!;
        Assert.Equal((null, null, null), (loss.AttackedRatio, loss.TargetsRatio, loss.AttackedPValue));
        Assert.Equal(0.25, loss.MeanAttacked);
    }

    [Theory]
    [InlineData(ScenarioCategories.FragilityAdversarial, "null")]
    [InlineData(ScenarioCategories.FragilityAdversarial, "{}")]
    [InlineData(ScenarioCategories.FragilityAdversarial, """{"loss": {"mean_attacked": 0.25}}""")]
    [InlineData(ScenarioCategories.Bootstrap, """{"block_length": 5}""")]
    public void Sets_of_older_versions_and_other_categories_have_none(string category, string report) =>
        Assert.Null(Of(category, report));

    private static AttackLoss? Of(string category, string report) =>
        Announcement
            .Of(
                new ScenarioSetDocument
                {
                    Id = new Guid(1, 0, 0, new byte[8]),
                    RequestId = new Guid(2, 0, 0, new byte[8]),
                    Attempt = 1,
                    Status = ScenarioSetStatus.Sealed,
                    Name = "A_SET",
                    Version = 1,
                    Category = category,
                    HorizonDays = 20,
                    NumPaths = 40,
                    Markets = ["US_EQ"],
                    AsOfDate = new DateOnly(2025, 3, 31),
                    BaseDateStart = new DateOnly(2020, 1, 2),
                    BaseDateEnd = new DateOnly(2025, 3, 31),
                    Seed = 1,
                    CreatedAt = DateTimeOffset.UnixEpoch,
                    CreatedBy = "system",
                    Drivers = new Storage.Documents.DriverCounts(3, 0, 0),
                    GeneratorReport = JsonSerializer.Deserialize<JsonElement>(report),
                    SnapshotHash = "sha256:0",
                    ContentHash = "sha256:1",
                    NumericVersion = 1,
                    EngineVersion = "1",
                    ShardCount = 1,
                    SealedAt = DateTimeOffset.UnixEpoch,
                }
            )
            .AttackLoss;
}
