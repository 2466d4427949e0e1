using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Engine.Generation;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Engine.Reading;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Engine.Verification;
using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine.Tests.Verification;

public sealed class SetVerifierTests(SmallMarket market) : IClassFixture<SmallMarket>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_set_is_verified_to_the_bit_and_the_answer_is_kept()
    {
        ScenarioSetRef set = await market.GenerateAsync("V_FINE", Ct);
        VerificationReport report = await VerifyAsync(set.ScenarioSetId);

        Assert.Equal(VerificationOutcome.Verified, report.Outcome);
        Assert.Equal(set.ContentHash, report.FreshHash);
        Assert.Equal(set.ContentHash, report.StoredHash);
        Assert.Null(report.FirstDifference);
        IServiceProvider engine = await market.EngineAsync(Ct);
        VerificationRecord kept = Assert.Single(
            await engine.GetRequiredService<VerificationStore>().ReadAsync(set.ScenarioSetId, Ct)
        );
        Assert.Equal("VERIFIED", kept.Outcome);
        Assert.Equal("tester", kept.VerifiedBy);
        Assert.Equal(EngineVersion.Product, kept.EngineVersion);
    }

    /// <summary>One bit of one mantissa: the smallest change there can be.</summary>
    [Fact]
    public async Task One_flipped_bit_is_found_and_named_by_set_path_driver_and_step()
    {
        ScenarioSetRef set = await market.GenerateAsync("V_BIT", Ct);
        double was = await market.ScalarAsync<double>(
            $"SELECT shocks[4] FROM synthetic.path_shocks WHERE scenario_set_id = '{set.ScenarioSetId}' AND driver_no = 2 AND scenario_id = 23",
            Ct
        );
        double flipped = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(was) ^ 1);
        await market.TamperAsync(
            $"UPDATE synthetic.path_shocks SET shocks[4] = '{flipped:R}'::float8 WHERE scenario_set_id = '{set.ScenarioSetId}' AND driver_no = 2 AND scenario_id = 23",
            Ct
        );

        VerificationReport report = await VerifyAsync(set.ScenarioSetId);

        Assert.Equal(VerificationOutcome.StoredRowsDiffer, report.Outcome);
        Assert.False(report.IsSound);
        Assert.Equal(set.ContentHash, report.FreshHash);
        Assert.NotEqual(set.ContentHash, report.StoredHash);
        Assert.Equal(
            new FirstDifference("stored rows and record", 23, "EQUITY:T2", 4, $"{was:R}", $"{flipped:R}"),
            report.FirstDifference
        );
    }

    [Theory]
    [InlineData(
        "DELETE FROM synthetic.path_shocks WHERE scenario_set_id = '{0}' AND driver_no = 5 AND scenario_id = 11",
        11,
        "EQUITY:T5",
        "missing"
    )]
    [InlineData(
        "UPDATE synthetic.path_shocks SET shocks = shocks[1:9] WHERE scenario_set_id = '{0}' AND driver_no = 1 AND scenario_id = 3",
        3,
        "EQUITY:T1",
        "9 steps instead of 10"
    )]
    [InlineData(
        "INSERT INTO synthetic.path_shocks SELECT scenario_set_id, driver_no, 40, shocks FROM synthetic.path_shocks WHERE scenario_set_id = '{0}' AND scenario_id = 0 AND driver_no = 0",
        null,
        null,
        "1 rows are stored that belong to no path"
    )]
    [InlineData(
        "UPDATE synthetic.path_annotations SET source_dates[1] = '2020-01-01' WHERE scenario_set_id = '{0}' AND scenario_id = 9",
        9,
        null,
        "annotation"
    )]
    [InlineData(
        "UPDATE synthetic.set_drivers SET base_level = 42 WHERE scenario_set_id = '{0}' AND driver_no = 3",
        null,
        null,
        "driver 3"
    )]
    public async Task Whatever_was_altered_is_said(string sql, int? path, string? driver, string problem)
    {
        ScenarioSetRef set = await market.GenerateAsync(
            $"V_ALTERED_{StringComparer.Ordinal.GetHashCode(problem) & 0xFFFF}",
            Ct
        );
        await market.TamperAsync(string.Format(sql, set.ScenarioSetId), Ct);

        VerificationReport report = await VerifyAsync(set.ScenarioSetId);

        Assert.Equal(VerificationOutcome.StoredRowsDiffer, report.Outcome);
        Assert.Equal(path, report.FirstDifference!.Path);
        Assert.Equal(driver, report.FirstDifference.Driver);
        Assert.Contains(problem, report.FirstDifference.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_snapshot_is_told_apart_from_damaged_rows()
    {
        ScenarioSetRef set = await market.GenerateAsync("V_SNAPSHOT", Ct, paths: 17);
        IServiceProvider engine = await market.EngineAsync(Ct);
        string hash = (
            await engine.GetRequiredService<ScenarioSetStore>().FindAsync(set.ScenarioSetId, Ct)
        )!.SnapshotHash;
        string original = await market.ScalarAsync<string>(
            $"SELECT encode(content, 'hex') FROM synthetic.calibration_snapshots WHERE snapshot_hash = '{hash}'",
            Ct
        );
        await market.TamperAsync(
            $"UPDATE synthetic.calibration_snapshots SET content = set_byte(content, 300, get_byte(content, 300) # 1) WHERE snapshot_hash = '{hash}'",
            Ct
        );
        VerificationReport report = await VerifyAsync(set.ScenarioSetId);
        await market.TamperAsync(
            $"UPDATE synthetic.calibration_snapshots SET content = decode('{original}', 'hex') WHERE snapshot_hash = '{hash}'",
            Ct
        );

        Assert.Equal(VerificationOutcome.SnapshotDamaged, report.Outcome);
        Assert.Null(report.FreshHash);
        Assert.Equal(set.ContentHash, report.StoredHash);
    }

    /// <summary>An engine whose bootstrap adds the last bit: once as a new numeric version, once as a defect of this one.</summary>
    [Theory]
    [InlineData(2, VerificationOutcome.OlderNumerics, true)]
    [InlineData(1, VerificationOutcome.NotReproduced, false)]
    public async Task Other_bytes_are_old_under_a_newer_numeric_version_and_a_defect_under_the_same(
        int numericVersion,
        VerificationOutcome expected,
        bool sound
    )
    {
        ScenarioSetRef set = await market.GenerateAsync("V_NUMERICS", Ct);
        await using ServiceProvider other = market.Compose(new ScenarioFamilies(new LastBitFamily()));
        var verifier = ActivatorUtilities.CreateInstance<SetVerifier>(other);
        verifier = new SetVerifier(
            other.GetRequiredService<SetReferences>(),
            other.GetRequiredService<ScenarioSetStore>(),
            other.GetRequiredService<ShardStore>(),
            other.GetRequiredService<PathRowReader>(),
            other.GetRequiredService<AnnotationReader>(),
            other.GetRequiredService<CalibratedGenerators>(),
            other.GetRequiredService<VerificationStore>(),
            other.GetRequiredService<SetHolds>(),
            other.GetRequiredService<RequestLimits>(),
            TimeProvider.System
        )
        {
            NumericVersion = numericVersion,
        };

        VerificationReport report = await verifier.VerifyAsync(set.ScenarioSetId, "tester", null, Ct);

        Assert.Equal(expected, report.Outcome);
        Assert.Equal(sound, report.IsSound);
        Assert.Equal(set.ContentHash, report.StoredHash);
        Assert.Equal("recomputed paths and record", report.FirstDifference!.Between);
        Assert.Equal(
            (0, "EQUITY:T0", 1),
            (report.FirstDifference.Path, report.FirstDifference.Driver, report.FirstDifference.Step)
        );
    }

    [Fact]
    public async Task A_set_that_the_engine_makes_otherwise_does_not_come_back_from_eviction()
    {
        ScenarioSetRef set = await market.GenerateAsync("V_REHYDRATE", Ct);
        IServiceProvider engine = await market.EngineAsync(Ct);
        await engine.GetRequiredService<SetLifecycle>().EvictAsync(set.ScenarioSetId, new Act("tester"), Ct);
        await using ServiceProvider other = market.Compose(new ScenarioFamilies(new LastBitFamily()));

        ScenarioRefusedException refused = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            other.GetRequiredService<Rehydrator>().RehydrateAsync(set.ScenarioSetId, new Act("tester"), null, Ct)
        );

        Assert.Equal(ErrorCodes.WrongState, refused.Errors[0].Code);
        Assert.Contains("nothing was brought back", refused.Message, StringComparison.Ordinal);
        Assert.Equal(
            0L,
            await market.ScalarAsync<long>(
                $"SELECT count(*) FROM synthetic.path_shocks WHERE scenario_set_id = '{set.ScenarioSetId}'",
                Ct
            )
        );
    }

    [Fact]
    public async Task An_unknown_id_is_refused()
    {
        ScenarioRefusedException refused = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            VerifyAsync(Guid.Empty)
        );
        Assert.Equal((ErrorCodes.NotFound, "scenario_set_id"), (refused.Errors[0].Code, refused.Errors[0].Field));
    }

    private async Task<VerificationReport> VerifyAsync(Guid id) =>
        await (await market.EngineAsync(Ct)).GetRequiredService<SetVerifier>().VerifyAsync(id, "tester", null, Ct);

    private sealed class LastBitFamily : IScenarioFamily
    {
        private readonly BlockBootstrapFamily _inner = new();

        public string Category => _inner.Category;

        public IGeneratorSpec ParseSpec(JsonElement? generatorSpec) => _inner.ParseSpec(generatorSpec);

        public IPathGenerator Calibrate(
            CalibrationSnapshot snapshot,
            IGeneratorSpec spec,
            GenerationShape shape,
            IReadOnlyList<string>? regimeFilter
        ) => new LastBitGenerator(_inner.Calibrate(snapshot, spec, shape, regimeFilter));
    }

    private sealed class LastBitGenerator(IPathGenerator inner) : IPathGenerator
    {
        public IReadOnlyList<Driver> Drivers => inner.Drivers;

        public JsonObject Report => inner.Report;

        public PathAnnotation? Describe(int path) => inner.Describe(path);

        public void Generate(int firstPath, Span<double> destination)
        {
            inner.Generate(firstPath, destination);
            foreach (ref double value in destination)
                value = Math.BitIncrement(value);
        }
    }
}
