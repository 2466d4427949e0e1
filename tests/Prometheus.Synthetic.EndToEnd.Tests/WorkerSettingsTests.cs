using System.Diagnostics;
using Prometheus.Synthetic.Engine.Configuration;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.TestKit;
using Prometheus.Synthetic.Worker;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>A worker judges its settings before it touches anything.</summary>
public sealed class WorkerSettingsTests
{
    private const string Postgres = "Host=127.0.0.1;Port=1;Password=hidden-word";

    [Fact]
    public void Every_setting_is_documented_with_its_standard_and_its_range()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md"));
        Assert.All(
            Read().Known,
            s => Assert.Contains($"| `{s.Name}` | {Standard(s)} | {s.Range} |", page, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_worker_with_wrong_settings_says_all_of_them_and_ends()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Prometheus.Synthetic.Worker.dll") },
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment =
            {
                ["SYNTHETIC_POSTGRES"] = Postgres,
                ["SYNTHETIC_RABBITMQ"] = "user:hidden-word@host",
                ["SYNTHETIC_SHARDCONCURRENCY"] = "0",
                ["SYNTHETIC_HEALTH__ADDRESS"] = "everywhere",
                ["MarketTables__DateColumn"] = "trade date",
                ["MarketTables__Tables__prices_dialy"] = "prices",
            },
        };
        using var worker = Process.Start(start)!;
        Task<string> output = worker.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string errors = await worker.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await worker.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, worker.ExitCode);
        string[] lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            [
                "SYNTHETIC_RABBITMQ",
                "SYNTHETIC_SHARDCONCURRENCY",
                "SYNTHETIC_HEALTH__ADDRESS",
                "MarketTables__Tables__prices_dialy",
                "MarketTables__DateColumn",
            ],
            lines.Select(l => l.Split(':')[0])
        );
        Assert.DoesNotContain("hidden-word", errors + await output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hidden-word")]
    [InlineData("Host=127.0.0.1;Port=hidden-word")]
    [InlineData("Port=5432")]
    public void A_database_that_cannot_be_addressed_is_refused_without_its_text(string text)
    {
        ScenarioRefusedException refused = Assert.Throws<ScenarioRefusedException>(() => Read(text));
        FieldError error = Assert.Single(refused.Errors);
        Assert.Equal(("SYNTHETIC_POSTGRES", ErrorCodes.WrongType), (error.Field, error.Code));
        Assert.DoesNotContain("hidden-word", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>What depends on the machine is described, not printed.</summary>
    private static string Standard(Setting setting) =>
        setting.Name == "SYNTHETIC_SHARDCONCURRENCY" ? "the number of cores" : setting.Standard;

    private static WorkerSettings Read(string postgres = Postgres) =>
        WorkerSettings.Read(
            name =>
                name switch
                {
                    "POSTGRES" => postgres,
                    "RABBITMQ" => "amqp://localhost",
                    _ => null,
                },
            _ => null,
            []
        );
}
