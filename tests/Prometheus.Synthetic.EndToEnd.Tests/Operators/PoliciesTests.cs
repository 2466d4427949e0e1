using System.Text.Json;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.EndToEnd.Tests.Operators;

/// <summary><c>policies</c>: the ready-made files, and one that cannot be followed.</summary>
public sealed class PoliciesTests(SmallMarket market) : IClassFixture<SmallMarket>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_ready_made_ones_are_listed_and_pass_the_check()
    {
        string[] markets = ["EU_EQ", "FX_GLOB", "US_EQ"];
        JsonElement[] all = [.. (await market.JsonAsync("policies", "list")).EnumerateArray()];
        Assert.Equal(markets, all.Select(p => p.GetProperty("market").GetString()!));
        Assert.All(
            all,
            p =>
            {
                Assert.StartsWith("sha256:", p.GetProperty("hash").GetString(), StringComparison.Ordinal);
                Assert.NotEqual(0, p.GetProperty("monthly").GetArrayLength());
            }
        );
        Assert.Contains("us-eq version", await market.SayAsync("policies", "list"), StringComparison.Ordinal);
        Assert.All(
            (await market.JsonAsync("policies", "check")).EnumerateArray(),
            f => Assert.Equal(0, f.GetProperty("errors").GetArrayLength())
        );
    }

    [Fact]
    public async Task One_that_cannot_be_followed_is_refused_with_its_file_and_field()
    {
        string folder = Directory.CreateTempSubdirectory("synthetic-policies-").FullName;
        string file = Path.Combine(folder, "bad.yaml");
        await File.WriteAllTextAsync(
            file,
            """
            policy: bad
            version: 1
            market: US_EQ
            monthly:
              - part: baseline
                name: X
                category: BOOTSTRAP
                horizon_days: 10
                num_paths: 100
                generator_spec: { blok_length: 5 }
            """,
            Ct
        );
        await market.RefusedAsync(
            "bad.yaml: monthly.baseline.generator_spec.blok_length",
            "policies",
            "check",
            "--folder",
            folder
        );
        await market.RefusedAsync("bad.yaml: monthly.baseline", "policies", "list", "--folder", folder);
        await market.RefusedAsync("there is no such file", "policies", "check", file + ".gone");
        // A worker does not start on it either.
        await market.ReadyAsync();
        await using WorkerProcess worker = market.Worker(("POLICIES", folder));
        Assert.True(await worker.ExitedAsync(TimeSpan.FromSeconds(60)), "the worker started on a bad policy");
        Assert.Equal(2, worker.ExitCode);
        Assert.Contains("\nbad.yaml: monthly.baseline", worker.Log, StringComparison.Ordinal);
        Assert.Contains("blok_length", worker.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", worker.Log, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }
}
