using System.Text.Json;
using Prometheus.Synthetic.EndToEnd.Tests.Charts;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary><c>analyze</c> and <c>sets plot</c> on the simulated market, which has regimes, factors and macro series.</summary>
public sealed class SimulatedAnalysisTests(SimulatedMarket market) : IClassFixture<SimulatedMarket>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Postgres => market.Postgres.ConnectionString;

    [Fact]
    public async Task Regimes_are_counted_and_side_series_are_looked_at_in_their_own_units()
    {
        await market.ReadyAsync(Ct);
        JsonElement universe = await CommandLine.JsonAsync(
            Postgres,
            Ct,
            "analyze",
            "--market",
            SimulatedMarket.Market,
            "--universe-filter",
            """{"max_instruments":40}"""
        );
        JsonElement analysis = universe.GetProperty("analysis");
        int days = analysis.GetProperty("days").GetInt32();
        JsonElement[] regimes = [.. analysis.GetProperty("regimes").EnumerateArray()];
        Assert.True(regimes.Length >= 3);
        Assert.Equal(days, regimes.Sum(r => r.GetProperty("days").GetInt32()));
        // Volatility clusters in this market, and a block length that looked at returns alone would miss it.
        JsonElement lengths = analysis.GetProperty("block_length");
        Assert.True(
            lengths.GetProperty("absolute").GetProperty("stationary").GetDouble()
                > 2.0 * lengths.GetProperty("returns").GetProperty("stationary").GetDouble()
        );

        JsonElement side = await CommandLine.JsonAsync(Postgres, Ct, "analyze", "MKT", "VIX");
        JsonElement[] series = [.. side.GetProperty("analysis").GetProperty("series").EnumerateArray()];
        Assert.Equal(["MKT", "VIX"], series.Select(s => s.GetProperty("id").GetString()));
        Assert.NotEqual(series[0].GetProperty("unit").GetString(), series[1].GetProperty("unit").GetString());
    }

    [Fact]
    public async Task Charts_are_whole_images_in_both_themes_and_both_formats()
    {
        await market.ReadyAsync(Ct);
        string folder = Directory.CreateTempSubdirectory("synthetic-plots-").FullName;
        try
        {
            string request = Path.Combine(folder, "request.json");
            await File.WriteAllTextAsync(
                request,
                JsonSerializer.Serialize(
                    new
                    {
                        name = "PLOTTED",
                        category = "FACTOR_BOOTSTRAP",
                        horizon_days = 30,
                        num_paths = 300,
                        markets = new[] { SimulatedMarket.Market },
                        as_of_date = SimulatedMarket.AsOf,
                        universe_filter = new { max_instruments = 12 },
                        generator_spec = JsonSerializer.Deserialize<JsonElement>(
                            """{"macro_ids":["VIX"],"residuals":{"sampling":{"method":"rows"}}}"""
                        ),
                    }
                ),
                Ct
            );
            JsonElement made = await CommandLine.JsonAsync(Postgres, Ct, "generate", "--local", "--request", request);
            string id = made.GetProperty("id").GetString()!;
            foreach (string kind in new[] { "fan", "histogram", "correlation" })
            {
                foreach (string theme in new[] { "dark", "light" })
                {
                    foreach (string format in new[] { "png", "svg" })
                    {
                        string file = Path.Combine(folder, $"{kind}-{theme}.{format}");
                        JsonElement plot = await CommandLine.JsonAsync(
                            Postgres,
                            Ct,
                            "sets",
                            "plot",
                            id,
                            "--kind",
                            kind,
                            "--theme",
                            theme,
                            "--out",
                            file
                        );
                        Assert.Equal(file, plot.GetProperty("file").GetString());
                        if (format == "png")
                            ChartImage.AssertPicture(file, theme);
                        else
                            ChartImage.AssertDrawing(file, theme);
                    }
                }
            }

            // A macro series is drawn at its level, in its unit.
            string vix = Path.Combine(folder, "vix.svg");
            await CommandLine.JsonAsync(Postgres, Ct, "sets", "plot", id, "--driver", "VIX", "--out", vix);
            ChartImage.AssertDrawing(vix, "light");
            CliRun refused = await CommandLine.RunAsync(Postgres, Ct, "sets", "plot", id, "--driver", "VIXX");
            Assert.NotEqual(0, refused.Code);
            Assert.Contains("'VIXX'", refused.Error, StringComparison.Ordinal);
            Keep(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>For a look by eye: SYNTHETIC_KEEP_CHARTS names a folder that the images are copied to.</summary>
    private static void Keep(string folder)
    {
        if (Environment.GetEnvironmentVariable("SYNTHETIC_KEEP_CHARTS") is not { Length: > 0 } kept)
            return;
        Directory.CreateDirectory(kept);
        foreach (string file in Directory.GetFiles(folder))
            File.Copy(file, Path.Combine(kept, Path.GetFileName(file)), overwrite: true);
    }
}
