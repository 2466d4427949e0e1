using Npgsql;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Market.Simulation;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Storage.Tests.Market;

/// <summary>A platform that calls its tables and columns otherwise is read as one that uses the documented names.</summary>
public sealed class RenamedTablesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly MarketSimulationOptions s_market = new(new DateOnly(2026, 10, 30))
    {
        Years = 2,
        Seed = 4,
        Markets = ["US_EQ"],
    };

    private static readonly Dictionary<string, string> s_variables = new(StringComparer.Ordinal)
    {
        ["MarketTables__Schema"] = "reference",
        ["MarketTables__HistorySchema"] = "historical",
        ["MarketTables__DateColumn"] = "trade_date",
        ["MarketTables__Tables__soft_target_classes"] = "soft_targets",
        ["MarketTables__Tables__regimes"] = "labels.market_regimes",
        ["MarketTables__Columns__returns_daily__ret_1d"] = "return_1d",
        ["MarketTables__Columns__instruments__instrument_id"] = "id",
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_market_under_other_names_gives_the_same_snapshot()
    {
        var documented = new MarketTables();
        MarketTables renamed = MarketTables.FromVariables(s_variables.GetValueOrDefault, s_variables.Keys);

        CalibrationSnapshot plain = await WriteAndLoadAsync(documented);
        CalibrationSnapshot other = await WriteAndLoadAsync(renamed);

        Assert.Equal(CalibrationSnapshotCodec.Encode(plain), CalibrationSnapshotCodec.Encode(other));
        Assert.True(plain.Panel.Days > 400);
        Assert.NotEmpty(plain.Targets);
        // Indeed two sets of tables: each name in use exists and holds rows, and none was made beside it.
        foreach (
            string table in new[]
            {
                "historical.returns_daily",
                "historical.prices_daily",
                "reference.soft_targets",
                "labels.market_regimes",
            }
        )
            Assert.True(await ScalarAsync($"SELECT count(*) FROM {table}") > 0, table);
        Assert.Equal(
            0,
            await ScalarAsync(
                "SELECT count(*) FROM information_schema.tables WHERE table_schema IN ('reference', 'historical') AND table_name IN ('soft_target_classes', 'regimes')"
            )
        );
        Assert.True(
            await ScalarAsync("SELECT count(return_1d) FROM historical.returns_daily WHERE trade_date IS NOT NULL") > 0
        );
    }

    [Fact]
    public async Task An_existing_table_is_left_as_it_is_and_what_it_lacks_is_told()
    {
        await ExecuteAsync(
            "CREATE SCHEMA platform; CREATE TABLE platform.prices_daily (instrument_id text, trade_date date)"
        );
        var tables = new MarketTables
        {
            Schema = "platform",
            HistorySchema = "platform",
            DateColumn = "trade_date",
        };
        MarketSchemaReport report = await MarketSchema.EnsureAsync(postgres.DataSource, tables, Ct);
        Assert.Equal(["prices_daily"], report.Existing);
        Assert.Contains("platform.prices_daily.close", report.Missing);
        Assert.DoesNotContain("platform.prices_daily.trade_date", report.Missing);
        Assert.Equal(
            2,
            await ScalarAsync(
                "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'platform' AND table_name = 'prices_daily'"
            )
        );
    }

    private async Task<CalibrationSnapshot> WriteAndLoadAsync(MarketTables tables)
    {
        await MarketSchema.EnsureAsync(postgres.DataSource, tables, Ct);
        await new SimulatedMarketStore(postgres.DataSource, tables).WriteAsync(s_market, null, Ct);
        var query = new CalibrationQuery(["US_EQ"], s_market.End)
        {
            Needs = new DataNeeds
            {
                Factors = true,
                FactorModelId = MarketSimulator.FactorModelId,
                MacroIds = MarketSimulator.MacroIds,
                Regimes = true,
                TargetCount = 5,
            },
        };
        return (await new CalibrationDataLoader(postgres.DataSource, tables).LoadAsync(query, Ct)).Snapshot;
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using NpgsqlCommand select = postgres.DataSource.CreateCommand(sql);
        return (long)(await select.ExecuteScalarAsync(Ct))!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using NpgsqlCommand command = postgres.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Ct);
    }
}
