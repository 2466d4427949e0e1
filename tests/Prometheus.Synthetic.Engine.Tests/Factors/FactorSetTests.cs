using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Market.Import;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Engine.Tests.Factors;

/// <summary>Factor sets in PostgreSQL: what a consumer with nothing but SQL can rebuild of them.</summary>
public sealed class FactorSetTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int Days = 300;
    private const int Instruments = 11;
    private static readonly string[] s_factors = ["MKT", "VAL"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>
    /// return = α + Σ exposure × factor return + residual for every stored cell: α and exposures from the set's metadata,
    /// factor returns from the same set, residuals of the days that the path's metadata names, from history. The view's
    /// numbers carry 15 digits of values below 1, and a handful of them are added.
    /// </summary>
    [Theory]
    [InlineData("""{"residuals":{"sampling":{"method":"rows"}},"macro_ids":["DGS10"]}""", 1)]
    [InlineData(
        """{"factor_model_id":"FM_TEST_v1","residuals":{"sampling":{"method":"rows","block_length":3}},"shock_scaling":1.5}""",
        0
    )]
    public async Task Every_stored_return_is_the_model_plus_a_historical_residual(string spec, int macros)
    {
        await using ServiceProvider host = await HostAsync();
        var engine = host.GetRequiredService<ISyntheticScenarioEngine>();
        ScenarioSetRef set = await engine.GenerateScenarioSetAsync(
            Request($"RECONSTRUCTION_{macros}", spec),
            new PlanContext("test", Shards: 3),
            ct: Ct
        );
        ScenarioSetDocument document = await engine.GetScenarioSetMetadataAsync(set.ScenarioSetId, Ct);
        Assert.Equal(
            (Instruments, s_factors.Length, macros),
            (document.Drivers.Instruments, document.Drivers.Factors, document.Drivers.Macros)
        );

        await using NpgsqlCommand command = postgres.DataSource.CreateCommand(
            """
            WITH model AS (
              SELECT metadata #> '{generator_report,factor_model,model}' AS m FROM scenario_sets WHERE scenario_set_id = $1
            ), loading AS (
              SELECT i.value AS instrument_id, c.value AS factor_id,
                (m -> 'alpha' ->> (i.ordinality - 1)::int)::float8 AS alpha,
                (m -> 'exposures' -> (i.ordinality - 1)::int ->> (c.ordinality - 1)::int)::float8 AS exposure
              FROM model, jsonb_array_elements_text(m -> 'instruments') WITH ORDINALITY AS i,
                jsonb_array_elements_text(m -> 'columns') WITH ORDINALITY AS c
            ), residual AS (
              SELECT l.instrument_id, r.date, r.ret_1d::float8 - l.alpha - sum(l.exposure * f.value::float8) AS value
              FROM loading l
              JOIN returns_daily r ON r.instrument_id = l.instrument_id
              JOIN factors_daily f ON f.factor_id = l.factor_id AND f.date = r.date
              GROUP BY l.instrument_id, r.date, r.ret_1d, l.alpha
            ), explained AS (
              SELECT p.scenario_id, p.horizon_index, p.instrument_id, p."return"::float8 AS "return",
                l.alpha + sum(l.exposure * f."return"::float8) AS value
              FROM scenario_paths p
              JOIN loading l ON l.instrument_id = p.instrument_id
              JOIN scenario_paths f ON f.scenario_set_id = p.scenario_set_id AND f.scenario_id = p.scenario_id
                AND f.horizon_index = p.horizon_index AND f.factor_id = l.factor_id
              WHERE p.scenario_set_id = $1 AND p.horizon_index > 0
              GROUP BY p.scenario_id, p.horizon_index, p.instrument_id, p."return", l.alpha
            )
            SELECT count(*), max(abs(e."return" - e.value - d.value)), max(abs(d.value))
            FROM explained e
            JOIN synthetic.path_annotations a ON a.scenario_set_id = $1 AND a.scenario_id = e.scenario_id
            JOIN residual d ON d.instrument_id = e.instrument_id
              AND d.date = (a.metadata -> 'residual_dates' ->> (e.horizon_index - 1))::date
            """
        );
        command.Parameters.Add(new() { Value = set.ScenarioSetId });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(Ct);
        Assert.True(await reader.ReadAsync(Ct));
        Assert.Equal(40L * 8 * Instruments, reader.GetInt64(0));
        Assert.InRange(reader.GetDouble(1), 0.0, 1e-14);
        Assert.True(reader.GetDouble(2) > 0.01, "residuals that are nothing would prove nothing");
    }

    /// <summary>Factor columns of historical days are those days' factor returns, and the cells name the days.</summary>
    [Fact]
    public async Task Factor_paths_stand_beside_the_instruments_and_name_their_days()
    {
        await using ServiceProvider host = await HostAsync();
        var engine = host.GetRequiredService<ISyntheticScenarioEngine>();
        ScenarioSetRef set = await engine.GenerateScenarioSetAsync(
            Request("FACTOR_PATHS", """{"macro_ids":["DGS10"]}"""),
            new PlanContext("test"),
            ct: Ct
        );
        await using NpgsqlCommand command = postgres.DataSource.CreateCommand(
            """
            SELECT count(*), count(*) FILTER (WHERE abs(p."return"::float8 - f.value::float8) < 1e-15)
            FROM scenario_paths p
            JOIN factors_daily f ON f.factor_id = p.factor_id AND f.date = (p.shock_metadata ->> 'source_date')::date
            WHERE p.scenario_set_id = $1 AND p.horizon_index > 0
            """
        );
        command.Parameters.Add(new() { Value = set.ScenarioSetId });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(Ct);
        Assert.True(await reader.ReadAsync(Ct));
        Assert.Equal((640L, 640L), (reader.GetInt64(0), reader.GetInt64(1)));
    }

    [Theory]
    [InlineData(
        """{"factor_model_id":"FM_TEST_v2"}""",
        ErrorCodes.NotFound,
        "generator_spec.factor_model_id",
        "did you mean 'FM_TEST_v1'?"
    )]
    [InlineData("""{"factors":["MKT","VALUE"]}""", ErrorCodes.NotFound, "generator_spec", "did you mean 'VAL'?")]
    public async Task An_unknown_model_or_factor_is_refused_with_the_nearest(
        string spec,
        string code,
        string field,
        string words
    )
    {
        await using ServiceProvider host = await HostAsync();
        var engine = host.GetRequiredService<ISyntheticScenarioEngine>();
        ScenarioRefusedException refused = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            engine.GenerateScenarioSetAsync(Request("REFUSED_FACTORS", spec), new PlanContext("test"), ct: Ct)
        );
        FieldError error = Assert.Single(refused.Errors);
        Assert.Equal((code, field), (error.Code, error.Field));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    private static ScenarioRequest Request(string name, string spec) =>
        new()
        {
            Name = name,
            Category = "FACTOR_BOOTSTRAP",
            HorizonDays = 8,
            NumPaths = 40,
            Markets = ["US_EQ"],
            AsOfDate = new DateOnly(2022, 12, 28),
            GeneratorSpec = JsonSerializer.Deserialize<JsonElement>(spec),
        };

    private async Task<ServiceProvider> HostAsync()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IDocumentRegistration, EngineTests.SagaTable>();
        services.AddSyntheticEngine(postgres.ConnectionString);
        ServiceProvider host = services.BuildServiceProvider();
        await host.GetRequiredService<SchemaMigrator>().MigrateAsync(Ct);
        await MarketSchema.EnsureAsync(postgres.DataSource, new MarketTables(), Ct);
        (string instruments, string factors, string macro) = Market();
        await ImportAsync(instruments, ImportTarget.Instruments, ImportValues.Returns);
        await ImportAsync(factors, ImportTarget.Factors, ImportValues.Returns);
        await ImportAsync(macro, ImportTarget.Macro, ImportValues.Levels);
        await using NpgsqlCommand register = postgres.DataSource.CreateCommand(
            """
            INSERT INTO models (model_id, engine_name, type, training_data_spec)
            VALUES ('FM_TEST_v1', 'portfolio_risk', 'factor', '{"factors":["MKT","VAL"]}') ON CONFLICT DO NOTHING;
            INSERT INTO instrument_factors_daily (instrument_id, date, factor_id, exposure)
            SELECT instrument_id, '2022-12-01', f, CASE f WHEN 'MKT' THEN 0.9 ELSE -0.2 END
            FROM instruments, unnest(ARRAY['MKT','VAL']) AS f ON CONFLICT DO NOTHING;
            """
        );
        await register.ExecuteNonQueryAsync(Ct);
        return host;
    }

    private async Task ImportAsync(string csv, ImportTarget target, ImportValues values)
    {
        string file = Path.Combine(Path.GetTempPath(), $"factor_set_{Guid.NewGuid():N}.csv");
        try
        {
            await File.WriteAllTextAsync(file, csv, Ct);
            await new MarketImporter(postgres.DataSource, new MarketTables()).ImportAsync(
                file,
                new ImportOptions { Values = values, As = target },
                null,
                null,
                Ct
            );
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Two factors, a yield, and instruments that follow the factors.</summary>
    private static (string Instruments, string Factors, string Macro) Market()
    {
        var instruments = new StringBuilder(
            "date," + string.Join(',', Enumerable.Range(0, Instruments).Select(i => $"S{i:00}")) + "\n"
        );
        var factors = new StringBuilder("date,MKT,VAL\n");
        var macro = new StringBuilder("date,DGS10\n");
        var stream = new PhiloxStream(5);
        double yield = 4.0;
        double[] z = new double[Instruments + 3];
        for (int t = 0; t < Days; t++)
        {
            stream.FillNormals(z, 0, t, DrawPurpose.SimulatedMarket);
            string day = new DateOnly(2022, 12, 28)
                .AddDays(t - Days + 1)
                .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            (double market, double value) = (0.01 * z[0], 0.005 * z[1]);
            yield += 0.03 * z[2];
            factors.Append(CultureInfo.InvariantCulture, $"{day},{market:R},{value:R}\n");
            macro.Append(CultureInfo.InvariantCulture, $"{day},{yield:R}\n");
            instruments.Append(day);
            for (int i = 0; i < Instruments; i++)
                instruments.Append(
                    CultureInfo.InvariantCulture,
                    $",{market * (0.5 + 0.1 * i) + value * (0.3 - 0.1 * i) + 0.012 * z[3 + i]:R}"
                );
            instruments.Append('\n');
        }

        return (instruments.ToString(), factors.ToString(), macro.ToString());
    }
}
