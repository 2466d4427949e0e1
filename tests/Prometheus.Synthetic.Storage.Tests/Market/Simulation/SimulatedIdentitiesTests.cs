using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Market.Simulation;

namespace Prometheus.Synthetic.Storage.Tests.Market.Simulation;

/// <summary>What must hold exactly in a simulated market.</summary>
public sealed class SimulatedIdentitiesTests
{
    [Fact]
    public void The_same_options_give_the_same_bits_and_another_seed_does_not()
    {
        var options = new MarketSimulationOptions(new DateOnly(2026, 10, 30)) { Years = 2, Seed = 5 };
        string once = MarketSimulator.Fingerprint(options);
        Assert.Equal(once, MarketSimulator.Fingerprint(options));
        Assert.NotEqual(once, MarketSimulator.Fingerprint(options with { Seed = 6 }));
        // The order in which markets are asked for is no part of what they are.
        Assert.Equal(once, MarketSimulator.Fingerprint(options with { Markets = ["FX_GLOB", "US_EQ", "EU_EQ"] }));
        // Pinned: a machine on which this differs would make other sets from the same seed.
        Assert.StartsWith("cf9afc7e5d820e41d1ae9bb7454c295aae75e38bee192be77e", once, StringComparison.Ordinal);
    }

    [Fact]
    public void Markets_hold_at_least_150_instruments_over_twelve_years()
    {
        SimulatedMarket[] all = [.. MarketSimulator.MarketIds.Select(id => SimulatedFactsTests.Market(1, id).Market)];
        Assert.True(all.Sum(m => m.Instruments.Count) >= 150);
        string[] ids = [.. all.SelectMany(m => m.Instruments).Select(i => i.Master.InstrumentId)];
        Assert.Equal(ids.Length, ids.Distinct(StringComparer.Ordinal).Count());
        string[] issuers = [.. all.SelectMany(m => m.Issuers).Select(i => i.Id)];
        Assert.Equal(issuers.Length, issuers.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("US_EQ")]
    [InlineData("EU_EQ")]
    [InlineData("FX_GLOB")]
    public void An_index_is_the_weighted_sum_of_its_constituents(string marketId)
    {
        (SimulatedWorld world, SimulatedMarket market) = SimulatedFactsTests.Market(2, marketId, 3);
        var byId = market.Instruments.ToDictionary(i => i.Master.InstrumentId, StringComparer.Ordinal);
        SimulatedInstrument[] indices =
        [
            .. market.Instruments.Where(i =>
                i.Master.Metadata.Contains(WeightedIndex.WeightsKey, StringComparison.Ordinal)
            ),
        ];
        Assert.NotEmpty(indices);
        foreach (SimulatedInstrument index in indices)
        {
            var weights = JsonDocument
                .Parse(index.Master.Metadata)
                .RootElement.GetProperty(WeightedIndex.WeightsKey)
                .EnumerateObject()
                .ToDictionary(p => p.Name, p => p.Value.GetDouble(), StringComparer.Ordinal);
            if (marketId != "FX_GLOB")
                Assert.Equal(1.0, weights.Values.Sum(), 12);
            for (int t = 1; t < world.Days.Length; t++)
                Assert.Equal(weights.Sum(w => w.Value * byId[w.Key].Returns[t]), index.Returns[t], 1e-12);
        }
    }

    [Fact]
    public void Currency_triangles_close()
    {
        (SimulatedWorld world, SimulatedMarket fx) = SimulatedFactsTests.Market(2, "FX_GLOB", 3);
        SimulatedInstrument Pair(string symbol) => fx.Instruments.Single(i => i.Master.Symbol == symbol);
        for (int t = 0; t < world.Days.Length; t++)
        {
            Closes(Pair("EURJPY"), Pair("EURUSD").Close[t] * Pair("USDJPY").Close[t]);
            Closes(Pair("GBPJPY"), Pair("GBPUSD").Close[t] * Pair("USDJPY").Close[t]);
            Closes(Pair("EURGBP"), Pair("EURUSD").Close[t] / Pair("GBPUSD").Close[t]);
            Closes(Pair("AUDNZD"), Pair("AUDUSD").Close[t] / Pair("NZDUSD").Close[t]);

            // Each side is three roundings away from the same real number.
            void Closes(SimulatedInstrument cross, double product) =>
                Assert.Equal(1.0, cross.Close[t] / product, 1e-14);
        }
    }

    [Fact]
    public void Returns_are_possible_and_follow_from_adjusted_prices()
    {
        foreach (string id in MarketSimulator.MarketIds)
        {
            (SimulatedWorld world, SimulatedMarket market) = SimulatedFactsTests.Market(4, id, 4);
            foreach (SimulatedInstrument i in market.Instruments)
            {
                for (int t = 1; t < world.Days.Length; t++)
                {
                    if (!i.Listed(t) || !i.Listed(t - 1))
                        continue;
                    Assert.InRange(i.Returns[t], -0.8, 1.5);
                    Assert.Equal(i.Adjusted[t] / i.Adjusted[t - 1] - 1, i.Returns[t], 1e-14);
                    Assert.True(i.Close[t] > 0);
                }
            }
        }
    }

    [Fact]
    public void Some_companies_list_late_and_some_leave()
    {
        (SimulatedWorld world, SimulatedMarket us) = SimulatedFactsTests.Market(1, "US_EQ");
        Assert.Equal(4, us.Instruments.Count(i => !i.Listed(0)));
        SimulatedInstrument[] gone = [.. us.Instruments.Where(i => !i.Listed(world.Days.Length - 1))];
        Assert.Equal(2, gone.Length);
        Assert.All(gone, i => Assert.Equal("DELISTED", i.Master.Status));
    }

    [Fact]
    public void Trading_days_are_weekdays_without_the_holidays()
    {
        DateOnly[] days = TradingCalendar.Days(new DateOnly(2026, 1, 2), 1);
        Assert.Equal(new DateOnly(2026, 1, 2), days[^1]);
        Assert.DoesNotContain(new DateOnly(2026, 1, 1), days);
        Assert.DoesNotContain(new DateOnly(2025, 12, 25), days);
        Assert.All(days, d => Assert.NotInRange(d.DayOfWeek, DayOfWeek.Saturday, DayOfWeek.Saturday));
        Assert.All(days, d => Assert.NotEqual(DayOfWeek.Sunday, d.DayOfWeek));
        Assert.Equal(new DateOnly(2026, 11, 27), MarketSimulationOptions.LastWeekdayBefore(new DateOnly(2026, 11, 30)));
    }

    [Fact]
    public void Scores_follow_from_the_state()
    {
        var classes = new HashSet<string>(StringComparer.Ordinal);
        for (int seed = 1; seed <= 4; seed++)
        {
            foreach (string id in MarketSimulator.MarketIds)
            {
                (SimulatedWorld world, SimulatedMarket market) = SimulatedFactsTests.Market(seed, id, 4);
                IReadOnlyList<EntityScoreRow> rows = EntityScores.Of(world, market);
                Assert.All(rows, r => Assert.InRange(r.SoftTarget, 0, 1));
                Assert.All(rows, r => Assert.InRange(r.Stability, 0, 1));
                Assert.All(rows, r => Assert.True(r.WorstLoss >= r.ExpectedShortfall));
                Assert.Equal(world.Days[^1], rows.Max(r => r.Day));
                classes.UnionWith(rows.Select(r => r.Class));
                // A part at zero vetoes the score: all four must align.
                Assert.All(
                    rows.Where(r => Math.Min(r.WeakProfile, r.ComplacentPricing) == 0),
                    r => Assert.Equal(0, r.SoftTarget)
                );
            }
        }

        Assert.Equal(3, classes.Count);
    }

    [Fact]
    public void Bad_options_are_refused_all_at_once()
    {
        var refused = Assert.Throws<ScenarioRefusedException>(() =>
            new MarketSimulationOptions(new DateOnly(1900, 1, 1)) { Years = 0, Markets = ["US_EW"] }.Validate()
        );
        Assert.Equal(["--years", "--end", "--market"], refused.Errors.Select(e => e.Field));
        Assert.Contains("US_EQ", refused.Errors[2].Message, StringComparison.Ordinal);
    }
}
