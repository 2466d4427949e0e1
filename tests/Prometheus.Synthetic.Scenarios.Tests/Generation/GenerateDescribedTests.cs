using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Tests.Adversarial;

namespace Prometheus.Synthetic.Scenarios.Tests.Generation;

/// <summary>Paths made and described at once are those made and described apart, to the bit and the word.</summary>
public sealed class GenerateDescribedTests
{
    private const int Horizon = 8;
    private const int Paths = 12;
    private static readonly Guid s_base = new("11111111-1111-1111-1111-111111111111");
    private static readonly Guid s_hurt = new("22222222-2222-2222-2222-222222222222");

    private static readonly CalibrationSnapshot s_snapshot = Market.Snapshot() with
    {
        BaseSets =
        [
            Families.Base(
                s_base,
                ScenarioCategory.Bootstrap,
                """{"block_length":5}""",
                Market.Snapshot(),
                Paths,
                Horizon
            ),
            Families.Base(s_hurt, ScenarioCategory.FragilityAdversarial, "{}", Market.Snapshot(), Paths, Horizon),
        ],
    };

    [Theory]
    [InlineData(ScenarioCategory.Bootstrap, """{"block_length":5}""")]
    [InlineData(ScenarioCategory.FragilityAdversarial, "{}")]
    [InlineData(ScenarioCategory.FragilityAdversarial, """{"method":"entropic"}""")]
    [InlineData(
        ScenarioCategory.ShockOverlay,
        """{"baseline":{"category":"FRAGILITY_ADVERSARIAL"},"overlays":[{"type":"CRASH_GAP","day":{"uniform":[1,8]}},{"type":"VOL_SPIKE"}]}"""
    )]
    [InlineData(
        ScenarioCategory.ShockOverlay,
        """{"baseline":{"scenario_set_id":"22222222-2222-2222-2222-222222222222"},"overlays":[{"type":"CORRELATION_SPIKE"}]}"""
    )]
    [InlineData(
        ScenarioCategory.Regulatory,
        """{"definition":{"name":"T","content":{"name":"T","title":"t","source":"s","start_quarter":"2024Q4","series":[{"id":"DJ","unit":"index","start":100,"interpolation":"log","market":true,"values":{"2025Q2":60}}]}}}"""
    )]
    [InlineData(
        ScenarioCategory.Custom,
        """{"mixture":[{"scenario_set_id":"11111111-1111-1111-1111-111111111111","weight":2},{"scenario_set_id":"22222222-2222-2222-2222-222222222222","weight":1}]}"""
    )]
    [InlineData(
        ScenarioCategory.Custom,
        """{"scenario_set_id":"22222222-2222-2222-2222-222222222222","views":[{"driver":"EQUITY:WEAK","relation":"<=","value":-0.02}]}"""
    )]
    public void At_once_and_apart_are_the_same(string category, string spec)
    {
        IPathGenerator generator = Families.Calibrate(category, s_snapshot, spec, Paths, Horizon);
        int length = Horizon * generator.Drivers.Count;
        double[] apart = Families.Generate(generator, Paths, Horizon);
        double[] atOnce = new double[5 * length];
        PathAnnotation?[] annotations = generator.GenerateDescribed(3, 5, atOnce);
        Assert.Equal(apart.AsSpan(3 * length, 5 * length).ToArray(), atOnce);
        Assert.Equal(5, annotations.Length);
        byte[] one = new byte[PathDigest.Length];
        byte[] two = new byte[PathDigest.Length];
        for (int i = 0; i < 5; i++)
        {
            ReadOnlySpan<double> path = atOnce.AsSpan(i * length, length);
            PathDigest.Compute(path, annotations[i], one);
            PathDigest.Compute(path, generator.Describe(3 + i), two);
            Assert.Equal(one, two);
        }
    }
}
