using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Tests.Adversarial;

namespace Prometheus.Synthetic.Scenarios.Tests.Generation;

/// <summary>
/// What must hold of every family there is: a set's content hash does not know in how many shards, by how many threads,
/// in which order or in which run it was made. A family without a case here fails the count.
/// </summary>
public sealed class EveryFamilyTests
{
    private const int Paths = 48;
    private const int Horizon = 13;
    private const ulong Seed = 0x0170_0170_0170_0170;
    private static readonly Guid s_base = new("33333333-3333-3333-3333-333333333333");

    private static readonly Guid s_other = new("44444444-4444-4444-4444-444444444444");

    private static readonly CalibrationSnapshot s_snapshot = Labelled(Market.Snapshot(factors: true));

    public static TheoryData<string, string, string?> Cases { get; } =
        new()
        {
            { ScenarioCategory.Historical, "{}", null },
            { ScenarioCategory.Historical, """{"regime_mode":"start_day"}""", "STORM" },
            { ScenarioCategory.Bootstrap, "{}", null },
            { ScenarioCategory.Bootstrap, """{"scheme":"circular","block_length":5,"seam_smoothing_days":2}""", null },
            { ScenarioCategory.Bootstrap, """{"scheme":"moving","block_length":4,"half_life_days":90}""", "STORM" },
            { ScenarioCategory.Bootstrap, """{"block_length":6,"regime_mode":"transition"}""", "STORM" },
            { ScenarioCategory.Bootstrap, """{"block_length":6,"marginals":"history"}""", "STORM" },
            { ScenarioCategory.Bootstrap, """{"filter":{"model":"garch"}}""", null },
            { ScenarioCategory.FactorBootstrap, "{}", null },
            {
                ScenarioCategory.FactorBootstrap,
                """{"macro_ids":["DGS10"],"residuals":{"sampling":{"method":"rows"}},"shock_scaling":2}""",
                "STORM"
            },
            {
                ScenarioCategory.FactorBootstrap,
                """{"factor_model":{"sampling":{"method":"student_t"}},"residuals":{"sampling":{"method":"student_t"}},"correlation":{"constant":0.8,"theta":0.5}}""",
                null
            },
            {
                ScenarioCategory.FactorBootstrap,
                """{"factor_model":{"sampling":{"method":"copula","copula":{"family":"vine"}}},"residuals":{"sampling":{"method":"margins"}}}""",
                null
            },
            {
                ScenarioCategory.ShockOverlay,
                $$"""{"baseline":{"scenario_set_id":"{{s_base}}"},"overlays":[{"type":"CRASH_GAP","size":-0.1},{"type":"VOL_SPIKE"}]}""",
                null
            },
            { ScenarioCategory.FragilityAdversarial, "{}", null },
            {
                ScenarioCategory.Regulatory,
                """{"definition":{"name":"TEST","version":1,"hash":"x","content":{"kind":"regulatory","name":"TEST","version":1,"title":"t","source":"s","start_quarter":"2024Q4","periods":3,"series":[{"id":"DJ","unit":"index","start":58399.3,"interpolation":"log","market":true,"values":{"2025Q1":50000,"2025Q3":29199.6}},{"id":"DGS10","unit":"percent","panel_id":"DGS10","start":4.3,"floor":0,"values":{"2025Q2":1.0}}]}},"noise":1.0}""",
                null
            },
            {
                ScenarioCategory.Custom,
                $$"""{"mixture":[{"scenario_set_id":"{{s_base}}","weight":2},{"scenario_set_id":"{{s_other}}","weight":1}]}""",
                null
            },
        };

    [Fact]
    public void No_family_is_left_out() =>
        Assert.Empty(ScenarioFamilies.All.Categories.Except(Cases.Select(c => c.Data.Item1)));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Shards_threads_order_and_runs_change_no_byte(string category, string spec, string? regime)
    {
        string whole = Hash(category, spec, regime, shard: Paths, threads: 1);
        foreach ((int shard, int threads) in new[] { (Paths, 1), (16, 3), (1, 4) })
            Assert.Equal(whole, Hash(category, spec, regime, shard, threads));
    }

    /// <summary>The content hash of a set made anew: calibrated, and its shards done last to first by some threads.</summary>
    private static string Hash(string category, string spec, string? regime, int shard, int threads)
    {
        IScenarioFamily family = ScenarioFamilies.All.For(category);
        IPathGenerator generator = family.Calibrate(
            s_snapshot,
            family.ParseSpec(Families.Json(spec)),
            new GenerationShape(Paths, Horizon, Seed),
            regime is null ? null : [regime]
        );
        int cells = Horizon * generator.Drivers.Count;
        byte[] digests = new byte[Paths * PathDigest.Length];
        int shards = (Paths + shard - 1) / shard;
        Parallel.For(
            0,
            shards,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            i =>
            {
                int first = (shards - 1 - i) * shard;
                int count = Math.Min(shard, Paths - first);
                double[] values = new double[count * cells];
                generator.Generate(first, values);
                for (int p = 0; p < count; p++)
                    PathDigest.Compute(
                        values.AsSpan(p * cells, cells),
                        generator.Describe(first + p),
                        digests.AsSpan((first + p) * PathDigest.Length, PathDigest.Length)
                    );
            }
        );
        using var hasher = new ContentHasher(Paths, Horizon, generator.Drivers);
        hasher.Append(digests);
        return hasher.Finish();
    }

    private static CalibrationSnapshot Labelled(CalibrationSnapshot snapshot) =>
        snapshot with
        {
            Regimes = new RegimeHistory(
                "TEST",
                [.. Enumerable.Range(0, Market.Days).Select(t => t / 40 % 2 == 0 ? "STORM" : "CALM")],
                [.. Enumerable.Repeat(0.9, Market.Days)]
            ),
            BaseSets =
            [
                Families.Base(s_base, ScenarioCategory.Bootstrap, """{"block_length":5}""", snapshot, 60, Horizon),
                Families.Base(s_other, ScenarioCategory.FragilityAdversarial, "{}", snapshot, 30, Horizon),
            ],
        };
}
