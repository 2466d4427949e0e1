using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary><c>analyze</c> of a real market: a file's series, an instrument and a universe, as text and as JSON.</summary>
public sealed class AnalyzeTests(RealMarket market) : IClassFixture<RealMarket>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>
    /// A series of a file needs no database; its figures are those of independent programs, which looked at log
    /// returns: so the file says it holds returns, and holds those.
    /// </summary>
    [Fact]
    public async Task A_series_of_a_file_has_the_reference_s_figures()
    {
        string file = SharedData.RequireFile("data/us20_prices_1990_2022.csv.gz");
        JsonElement reference = JsonSerializer.Deserialize<JsonElement>(
            await File.ReadAllTextAsync(SharedData.RequireFile("oracles/reference.json"), Ct)
        );
        string logs = await LogReturnsAsync(file, "AAPL");
        JsonElement found = await CommandLine.JsonAsync("", Ct, "analyze", logs, "AAPL", "--values", "returns");
        File.Delete(logs);
        JsonElement series = Assert.Single(found.GetProperty("analysis").GetProperty("series").EnumerateArray());
        JsonElement expected = reference.GetProperty("dependence").GetProperty("AAPL");
        Near(expected.GetProperty("acf_ret_1_5"), series.GetProperty("autocorrelation"), 5);
        Near(expected.GetProperty("acf_abs_1_10"), series.GetProperty("absolute_autocorrelation"), 10);
        JsonElement lengths = reference.GetProperty("block_length");
        Near(lengths, "AAPL_ret", series.GetProperty("block_length"));
        Near(lengths, "AAPL_abs", series.GetProperty("absolute_block_length"));
        Assert.Equal(
            expected.GetProperty("ljungbox10_ret").GetDouble(),
            series.GetProperty("ljung_box").GetProperty("statistic").GetDouble(),
            1e-6
        );

        CliRun text = await CommandLine.RunAsync("", Ct, "analyze", file, "AAPL");
        Assert.Equal(0, text.Code);
        CommandLine.AssertPlain(text.Output);
        foreach (string part in new[] { "coverage:", "ac |r|", "tail", "Automatic block length", "suggested:" })
            Assert.Contains(part, text.Output, StringComparison.Ordinal);
    }

    /// <summary>From the database the same series gives the same figures as from the file it was imported from.</summary>
    [Fact]
    public async Task An_instrument_is_what_its_file_was()
    {
        await market.ReadyAsync(Ct);
        string file = SharedData.RequireFile("data/us20_prices_1990_2022.csv.gz");
        JsonElement stored = await CommandLine.JsonAsync(market.ConnectionString, Ct, "analyze", "EQUITY:AAPL");
        JsonElement read = await CommandLine.JsonAsync("", Ct, "analyze", file, "AAPL");
        foreach (string part in new[] { "autocorrelation", "deviation", "block_length", "loss_tail" })
            Assert.Equal(
                read.GetProperty("analysis").GetProperty("series")[0].GetProperty(part).GetRawText(),
                stored.GetProperty("analysis").GetProperty("series")[0].GetProperty(part).GetRawText()
            );
        Assert.Equal(
            "EQUITY:AAPL",
            stored
                .GetProperty("suggestion")
                .GetProperty("request")
                .GetProperty("universe_filter")
                .GetProperty("instruments")[0]
                .GetString()
        );
    }

    /// <summary>The suggestion for a universe is a request that the engine takes as it is.</summary>
    [Fact]
    public async Task A_universe_suggests_a_request_that_is_made_as_it_stands()
    {
        await market.ReadyAsync(Ct);
        JsonElement found = await CommandLine.JsonAsync(
            market.ConnectionString,
            Ct,
            "analyze",
            "--market",
            RealMarket.Market,
            "--as-of",
            "2020-03-31",
            "--horizon-days",
            "10"
        );
        JsonElement analysis = found.GetProperty("analysis");
        Assert.Equal(RealMarket.Instruments, analysis.GetProperty("drivers").GetInt32());
        Assert.True(analysis.GetProperty("last_day").GetDateTime() <= new DateTime(2020, 3, 31));
        // Twenty large names of one market: the common component is the market's.
        Assert.InRange(analysis.GetProperty("first_component_share").GetDouble(), 0.25, 0.6);
        JsonElement request = found.GetProperty("suggestion").GetProperty("request");
        string file = Path.Combine(Path.GetTempPath(), $"synthetic-{Environment.ProcessId}-suggested.json");
        await File.WriteAllTextAsync(file, request.GetRawText(), Ct);
        try
        {
            JsonElement made = await CommandLine.JsonAsync(
                market.ConnectionString,
                Ct,
                "generate",
                "--local",
                "--request",
                file
            );
            Assert.Equal(request.GetProperty("category").GetString(), made.GetProperty("category").GetString());
        }
        finally
        {
            File.Delete(file);
        }

        CliRun text = await CommandLine.RunAsync(market.ConnectionString, Ct, "analyze", "--market", RealMarket.Market);
        CommandLine.AssertPlain(text.Output);
        Assert.Contains("(12 of 20 shown", text.Output, StringComparison.Ordinal);
    }

    /// <summary>Asked for, the kinds of margin and copula that a spec can name are tested; progress goes to the error stream.</summary>
    [Fact]
    public async Task Goodness_of_fit_is_tested_when_it_is_asked_for()
    {
        string file = SharedData.RequireFile("data/us20_prices_1990_2022.csv.gz");
        string[] question = ["analyze", file, "AAPL", "MSFT", "--base-date-start", "2020-06-01"];
        JsonElement plain = await CommandLine.JsonAsync("", Ct, question);
        Assert.Equal(JsonValueKind.Null, plain.GetProperty("goodness_of_fit").ValueKind);
        JsonElement tested = await CommandLine.JsonAsync("", Ct, [.. question, "--goodness-of-fit", "200"]);
        JsonElement fit = tested.GetProperty("goodness_of_fit");
        Assert.Equal(200, fit.GetProperty("replicates").GetInt32());
        string[] kinds = ["normal whole", "student_t whole", "gpd lower_tail", "gpd upper_tail"];
        Assert.Equal(
            [.. kinds, .. kinds],
            fit.GetProperty("margins").EnumerateArray().Select(m => $"{m.GetProperty("kind")} {m.GetProperty("part")}")
        );
        Assert.Equal(
            ["gaussian", "student_t"],
            fit.GetProperty("copulas").EnumerateArray().Select(c => c.GetProperty("family").GetString())
        );
        // A year of days: too few for the generalized Pareto tails, which is said.
        string[] year = [.. question[..^1], "2022-01-01", "--goodness-of-fit", "200"];
        CliRun text = await CommandLine.RunAsync("", Ct, year);
        CommandLine.AssertPlain(text.Output);
        Assert.Contains("gpd, losses", text.Output, StringComparison.Ordinal);
        Assert.Contains("not fitted: ", text.Output, StringComparison.Ordinal);
        Assert.Contains("student_t copula: p ", text.Output, StringComparison.Ordinal);
        Assert.Contains("goodness of fit 8 of 8", text.Error, StringComparison.Ordinal);
        await RefusedAsync("--goodness-of-fit: 10 replicates", [.. question, "--goodness-of-fit", "10"]);
    }

    [Fact]
    public async Task What_is_not_there_is_refused_by_name()
    {
        await market.ReadyAsync(Ct);
        await RefusedAsync("EQUITY:APPL", "analyze", "EQUITY:APPL");
        await RefusedAsync("US_EQQ", "analyze", "--market", "US_EQQ");
        await RefusedAsync(
            "universe_filter.sektors",
            "analyze",
            "--market",
            "US_EQ",
            "--universe-filter",
            """{"sektors":["X"]}"""
        );
        await RefusedAsync("as_of_date", "analyze", "--market", "US_EQ", "--as-of", "31.03.2020");
        await RefusedAsync("nothing to analyze", "analyze");
        await RefusedAsync("no-such-file.csv", "analyze", "no-such-file.csv");
    }

    private async Task RefusedAsync(string says, params string[] arguments)
    {
        CliRun run = await CommandLine.RunAsync(market.ConnectionString, Ct, arguments);
        Assert.NotEqual(0, run.Code);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }

    /// <summary>A file of one column, ln(P_t / P_{t−1}) to the last digit.</summary>
    private static async Task<string> LogReturnsAsync(string prices, string name)
    {
        string text;
        await using (var stream = new GZipStream(File.OpenRead(prices), CompressionMode.Decompress))
        using (var reader = new StreamReader(stream))
            text = await reader.ReadToEndAsync(Ct);
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int column = Array.IndexOf(lines[0].TrimEnd('\r').Split(','), name);
        var csv = new StringBuilder($"date,{name}\n");
        double before = 0.0;
        foreach (string[] cells in lines.Skip(1).Select(l => l.Split(',')))
        {
            double price = double.Parse(cells[column], CultureInfo.InvariantCulture);
            if (before > 0.0)
                csv.Append(CultureInfo.InvariantCulture, $"{cells[0]},{Math.Log(price / before):R}\n");
            before = price;
        }

        string file = Path.Combine(Path.GetTempPath(), $"synthetic-{Environment.ProcessId}-logs.csv");
        await File.WriteAllTextAsync(file, csv.ToString(), Ct);
        return file;
    }

    private static void Near(JsonElement reference, string name, JsonElement found)
    {
        foreach (string kind in new[] { "stationary", "circular" })
            Assert.Equal(
                reference.GetProperty(name).GetProperty(kind).GetDouble(),
                found.GetProperty(kind).GetDouble(),
                1e-6
            );
    }

    private static void Near(JsonElement expected, JsonElement actual, int count)
    {
        for (int i = 0; i < count; i++)
            Assert.Equal(expected[i].GetDouble(), actual[i].GetDouble(), 1e-6);
    }
}
