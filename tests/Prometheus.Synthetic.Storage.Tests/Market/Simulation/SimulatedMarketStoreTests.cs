using Npgsql;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Market.Simulation;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Storage.Tests.Market.Simulation;

/// <summary>Simulated markets in PostgreSQL, read back as a request would.</summary>
public sealed class SimulatedMarketStoreTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly MarketSimulationOptions s_options = new(new DateOnly(2026, 10, 30)) { Years = 4, Seed = 9 };
    private readonly MarketTables _tables = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_loaded_is_what_was_simulated()
    {
        await EnsureWrittenAsync();
        var needs = new DataNeeds
        {
            Factors = true,
            FactorModelId = MarketSimulator.FactorModelId,
            MacroIds = MarketSimulator.MacroIds,
            Regimes = true,
            TargetCount = 10,
        };
        CalibrationData data = await new CalibrationDataLoader(postgres.DataSource, _tables).LoadAsync(
            new CalibrationQuery(["US_EQ"], s_options.End) { Needs = needs },
            Ct
        );
        (SimulatedWorld world, SimulatedMarket us) = Simulated("US_EQ");
        ShockPanel panel = data.Snapshot.Panel;
        Assert.Equal(
            MarketSimulator.FactorIds,
            panel.Drivers.Where(d => d.Kind == DriverKind.Factor).Select(d => d.Id)
        );
        Assert.Equal(MarketSimulator.MacroIds, panel.Drivers.Where(d => d.Kind == DriverKind.Macro).Select(d => d.Id));
        Assert.All(panel.Drivers, d => Assert.NotNull(d.Kind == DriverKind.Factor ? 0.0 : d.BaseLevel));
        Assert.DoesNotContain(panel.Drivers, d => d.Unit == "level");
        int checkedValues = 0;
        foreach (SimulatedInstrument i in us.Instruments)
        {
            int k = panel.IndexOf(DriverKind.Instrument, i.Master.InstrumentId);
            if (k < 0)
                continue;
            for (int t = 0; t < panel.Days; t++, checkedValues++)
                Assert.Equal(i.Returns[Array.BinarySearch(world.Days, panel.Dates[t])], panel[t, k]);
        }

        Assert.True(checkedValues > 80 * 1000);
        // Who listed late or left is dropped by the ragged-history policy, with the reason.
        Assert.Equal(
            us.Instruments.Where(i => !i.Continuous).Select(i => i.Master.InstrumentId).Order(StringComparer.Ordinal),
            data.Report.Dropped.Select(d => d.Id).Order(StringComparer.Ordinal)
        );
        Assert.DoesNotContain(double.NaN, data.Snapshot.Exposures!.Values);
        Assert.Equal(MarketSimulator.RegimeModelId, data.Snapshot.Regimes!.ModelId);
        Assert.DoesNotContain(null, data.Snapshot.Regimes.Labels);
        Assert.Equal(10, data.Snapshot.Targets.Count);
        Assert.True(data.Snapshot.Targets[0].SoftTargetScore > 0);
        Assert.All(data.Snapshot.Targets, t => Assert.NotEmpty(t.InstrumentIds));
    }

    [Theory]
    [InlineData("EU_EQ")]
    [InlineData("FX_GLOB")]
    public async Task Other_markets_load_with_regimes_and_exposures(string market)
    {
        await EnsureWrittenAsync();
        CalibrationData data = await new CalibrationDataLoader(postgres.DataSource, _tables).LoadAsync(
            new CalibrationQuery([market], s_options.End)
            {
                Needs = new DataNeeds
                {
                    FactorModelId = MarketSimulator.FactorModelId,
                    Regimes = true,
                    TargetCount = 5,
                },
            },
            Ct
        );
        Assert.DoesNotContain(double.NaN, data.Snapshot.Exposures!.Values);
        Assert.Equal(5, data.Snapshot.Targets.Count);
        Assert.True(data.Snapshot.Panel.Days > 1000);
    }

    [Fact]
    public async Task A_market_that_holds_rows_is_refused_and_stays_as_it_is()
    {
        await EnsureWrittenAsync();
        long before = await CountAsync("SELECT count(*) FROM prices_daily");
        var refused = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            WriteAsync(s_options with { Seed = 10 })
        );
        Assert.Contains(
            refused.Errors,
            e => e.Code == ErrorCodes.Conflict && e.Message.Contains("--replace", StringComparison.Ordinal)
        );
        Assert.Equal(before, await CountAsync("SELECT count(*) FROM prices_daily"));

        // One market alone may not take the factors from under the others.
        refused = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            WriteAsync(s_options with { Seed = 10, Markets = ["US_EQ"], Replace = true })
        );
        Assert.Contains("--seed 9", refused.Errors[0].Message, StringComparison.Ordinal);
        Assert.Equal(before, await CountAsync("SELECT count(*) FROM prices_daily"));
    }

    [Fact]
    public async Task Replacing_one_market_of_the_same_world_leaves_the_same_rows()
    {
        await EnsureWrittenAsync();
        string[] counts = await CountsAsync();
        await WriteAsync(s_options with { Replace = true, Markets = ["EU_EQ"] });
        Assert.Equal(counts, await CountsAsync());
    }

    private static (SimulatedWorld World, SimulatedMarket Market) Simulated(string id)
    {
        var world = SimulatedWorld.Create(s_options.Seed, s_options.Years, s_options.End);
        return (world, MarketSimulator.Simulate(world, id));
    }

    /// <summary>Every test leaves the rows as it found them, so the first one writes for all.</summary>
    private async Task EnsureWrittenAsync()
    {
        await MarketSchema.EnsureAsync(postgres.DataSource, _tables, Ct);
        if (await CountAsync("SELECT count(*) FROM markets") == 0)
            await WriteAsync(s_options);
    }

    private async Task<SimulationReport> WriteAsync(MarketSimulationOptions options)
    {
        await MarketSchema.EnsureAsync(postgres.DataSource, _tables, Ct);
        return await new SimulatedMarketStore(postgres.DataSource, _tables).WriteAsync(options, null, Ct);
    }

    private async Task<string[]> CountsAsync()
    {
        var counts = new List<string>();
        foreach (string table in MarketLayout.Tables.Select(t => t.Name))
            counts.Add($"{table} {await CountAsync($"SELECT count(*) FROM {table}")}");
        return [.. counts];
    }

    private async Task<long> CountAsync(string sql)
    {
        await using NpgsqlCommand command = postgres.DataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Ct))!;
    }
}
