using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Engine.Verification;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Market.Import;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Engine.Tests;

/// <summary>Overlays, adversarial, regulatory and combined sets through the whole job on a real PostgreSQL.</summary>
public sealed class HurtfulSetTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_kind_is_generated_verified_and_refused_where_it_must_be()
    {
        await using ServiceProvider host = await HostAsync();
        var engine = host.GetRequiredService<ISyntheticScenarioEngine>();
        ScenarioSetRef bootstrap = await Make(engine, "BASE", "BOOTSTRAP", """{"block_length":5}""");
        ScenarioSetRef adversarial = await Make(
            engine,
            "US_EQ_FRAGILITY_ADVERSARIAL",
            "FRAGILITY_ADVERSARIAL",
            """{"targets":[{"entity_type":"POSITION","entity_id":"EQUITY:A","soft_target_score":0.9},{"entity_type":"POSITION","entity_id":"EQUITY:GONE","soft_target_score":0.8}],"radius":3}"""
        );
        ScenarioSetDocument set = await engine.GetScenarioSetMetadataAsync(adversarial.ScenarioSetId, Ct);
        Assert.True(set.DefensiveTest);
        JsonElement loss = set.GeneratorReport!.Value.GetProperty("loss");
        Assert.True(loss.GetProperty("ratio").GetDouble() > 1.2);
        Assert.True(loss.GetProperty("attacked_against_market").GetProperty("p_value").GetDouble() < 0.001);
        output.WriteLine(loss.GetRawText());

        string overlay =
            "{\"baseline\":{\"scenario_set_id\":\""
            + bootstrap.ScenarioSetId
            + "\"},\"overlays\":[{\"type\":\"CRASH_GAP\",\"day\":3}]}";
        ScenarioSetRef laid = await Make(engine, "OVERLAY", "SHOCK_OVERLAY", overlay);
        ScenarioSetRef mixture = await Make(
            engine,
            "MIXTURE",
            "CUSTOM",
            "{\"mixture\":[{\"scenario_set_id\":\""
                + laid.ScenarioSetId
                + "\",\"weight\":0.7},{\"scenario_set_id\":\""
                + adversarial.ScenarioSetId
                + "\",\"weight\":0.3}]}"
        );
        ScenarioSetDocument mixed = await engine.GetScenarioSetMetadataAsync(mixture.ScenarioSetId, Ct);
        Assert.True(mixed.DefensiveTest);
        Assert.Contains(RequestResolver.DefensiveTag, mixed.Tags);
        ScenarioSetRef views = await Make(
            engine,
            "VIEWS",
            "CUSTOM",
            "{\"scenario_set_id\":\""
                + bootstrap.ScenarioSetId
                + "\",\"views\":[{\"driver\":\"EQUITY:A\",\"value\":-0.01}]}"
        );
        ScenarioSetRef regulatory = await Make(
            engine,
            "FED",
            "REGULATORY",
            """{"definition":"FED_2025_SEVERELY_ADVERSE","quarters":8}"""
        );
        Assert.True(
            (
                await Make(engine, "FED", "REGULATORY", """{"definition":"FED_2025_SEVERELY_ADVERSE","quarters":8}""")
            ).Existed
        );

        var verifier = host.GetRequiredService<SetVerifier>();
        foreach (ScenarioSetRef made in new[] { adversarial, laid, mixture, views, regulatory })
        {
            VerificationReport report = await verifier.VerifyAsync(made.ScenarioSetId, "test", null, Ct);
            Assert.True(report.IsSound, report.Sentence);
        }

        await using Npgsql.NpgsqlCommand probabilities = postgres.DataSource.CreateCommand(
            "SELECT sum(probability) FROM synthetic.path_annotations WHERE scenario_set_id = $1"
        );
        probabilities.Parameters.Add(new() { Value = views.ScenarioSetId });
        Assert.Equal(1.0, (double)(await probabilities.ExecuteScalarAsync(Ct))!, 1e-9);
        // The seventh of eight quarters ends at step ⌊7·10/8⌋ = 8.
        await using Npgsql.NpgsqlCommand figure = postgres.DataSource.CreateCommand(
            "SELECT price FROM public.scenario_paths WHERE scenario_set_id = $1 AND scenario_id = 3 AND macro_id = 'UNRATE' AND horizon_index = 8"
        );
        figure.Parameters.Add(new() { Value = regulatory.ScenarioSetId });
        Assert.Equal(10.0, (double)(decimal)(await figure.ExecuteScalarAsync(Ct))!, 1e-9);
        await using Npgsql.NpgsqlCommand tags = postgres.DataSource.CreateCommand(
            "SELECT shock_metadata -> 'overlays' -> 0 ->> 'tag' FROM public.scenario_paths WHERE scenario_set_id = $1 AND scenario_id = 0 AND instrument_id = 'EQUITY:B' AND horizon_index = 3"
        );
        tags.Parameters.Add(new() { Value = laid.ScenarioSetId });
        Assert.Equal("CRASH_GAP", await tags.ExecuteScalarAsync(Ct));

        ScenarioSetRef underWay = await Make(engine, "UNDER_WAY", "BOOTSTRAP", """{"block_length":7}""");
        await using Npgsql.NpgsqlCommand unseal = postgres.DataSource.CreateCommand(
            $"BEGIN; SET LOCAL session_replication_role = replica; UPDATE synthetic.mt_doc_scenario_set SET data = data || '{{\"status\": \"Generating\"}}' WHERE id = '{underWay.ScenarioSetId}'; COMMIT;"
        );
        await unseal.ExecuteNonQueryAsync(Ct);
        await Refused(
            ErrorCodes.WrongState,
            () =>
                Make(
                    engine,
                    "LATE",
                    "SHOCK_OVERLAY",
                    overlay.Replace(
                        bootstrap.ScenarioSetId.ToString(),
                        underWay.ScenarioSetId.ToString(),
                        StringComparison.Ordinal
                    )
                )
        );
        await host.GetRequiredService<SetLifecycle>().EvictAsync(bootstrap.ScenarioSetId, new Act("test", "room"), Ct);
        await Refused(
            ErrorCodes.WrongState,
            () => Make(engine, "LATE", "SHOCK_OVERLAY", overlay.Replace("3}", "4}", StringComparison.Ordinal))
        );
        await Refused(
            ErrorCodes.NotFound,
            () =>
                Make(
                    engine,
                    "LATE",
                    "SHOCK_OVERLAY",
                    overlay.Replace(
                        bootstrap.ScenarioSetId.ToString(),
                        Guid.NewGuid().ToString(),
                        StringComparison.Ordinal
                    )
                )
        );
        await Refused(ErrorCodes.NoTargets, () => Make(engine, "LATE", "FRAGILITY_ADVERSARIAL", "{}"));
        await Refused(
            ErrorCodes.NotFound,
            () => Make(engine, "LATE", "REGULATORY", """{"definition":"FED_2025_SEVERE"}""")
        );
        await using Npgsql.NpgsqlCommand left = postgres.DataSource.CreateCommand(
            "SELECT count(*) FROM synthetic.mt_doc_scenario_set WHERE data ->> 'name' LIKE 'LATE%'"
        );
        Assert.Equal(0L, await left.ExecuteScalarAsync(Ct));
    }

    private static async Task<ScenarioSetRef> Make(
        ISyntheticScenarioEngine engine,
        string name,
        string category,
        string spec
    ) =>
        await engine.GenerateScenarioSetAsync(
            Requests.RequestResolverTests.Good() with
            {
                Name = name,
                Category = category,
                GeneratorSpec = JsonDocument.Parse(spec).RootElement,
            },
            new PlanContext("test", Shards: 3),
            ct: Ct
        );

    private static async Task Refused(string code, Func<Task> work)
    {
        ScenarioRefusedException refused = await Assert.ThrowsAsync<ScenarioRefusedException>(work);
        Assert.Contains(refused.Errors, e => e.Code == code);
    }

    private async Task<ServiceProvider> HostAsync()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IDocumentRegistration, SagaTable>();
        services.AddSyntheticEngine(postgres.ConnectionString);
        ServiceProvider host = services.BuildServiceProvider();
        await host.GetRequiredService<SchemaMigrator>().MigrateAsync(Ct);
        await MarketSchema.EnsureAsync(postgres.DataSource, new MarketTables(), Ct);
        string file = Path.Combine(Path.GetTempPath(), $"returns_{Guid.NewGuid():N}.csv");
        try
        {
            await File.WriteAllTextAsync(file, Market(), Ct);
            await new MarketImporter(postgres.DataSource, new MarketTables()).ImportAsync(
                file,
                new ImportOptions { Values = ImportValues.Returns, As = ImportTarget.Instruments },
                null,
                null,
                Ct
            );
        }
        finally
        {
            File.Delete(file);
        }

        return host;
    }

    /// <summary>Six instruments with a common factor, 300 days.</summary>
    private static string Market()
    {
        var csv = new StringBuilder("date,A,B,C,D,E,F\n");
        var stream = new PhiloxStream(3);
        DateOnly day = new DateOnly(2022, 12, 28).AddDays(-299);
        for (int t = 0; t < 300; t++, day = day.AddDays(1))
        {
            csv.Append(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            double market = 0.01 * stream.Normal(1, t, DrawPurpose.SimulatedMarket);
            for (uint k = 0; k < 6; k++)
            {
                double own = 0.01 * stream.Normal(0, t, DrawPurpose.SimulatedMarket, k);
                csv.Append(',').Append((market + own).ToString("R", CultureInfo.InvariantCulture));
            }

            csv.Append('\n');
        }

        return csv.ToString();
    }

    /// <summary>The grants name the saga's table, which an outer layer registers.</summary>
    private sealed class SagaTable : IDocumentRegistration
    {
        public void Register(Marten.StoreOptions options) =>
            options.Schema.For<Saga>().DocumentAlias("scenario_set_generation_saga");
    }

    public sealed class Saga
    {
        public Guid Id { get; set; }
    }
}
