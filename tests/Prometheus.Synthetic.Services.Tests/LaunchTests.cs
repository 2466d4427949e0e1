using System.Diagnostics;
using Prometheus.Synthetic.Services.Processes;

namespace Prometheus.Synthetic.Services.Tests;

/// <summary>A program begins only when it is on record and its starter, who knows of the record, still lives.</summary>
public sealed class LaunchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("synthetic-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_program_begins_when_its_starter_answers_and_never_when_that_one_is_gone(bool answers)
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        string record = Path.Combine(_folder, "processes");
        string log = Path.Combine(_folder, "log");
        var start = new ProcessStartInfo(
            "sh",
            ["-c", Scripts.Launch, "launch", "it", "TERM", record, log, "echo", "begun"]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        Assert.Equal("recorded", await process.StandardOutput.ReadLineAsync(ct));
        long ticks = ProcessIdentity.StartTicks(process.Id)!.Value;
        Assert.Equal($"it TERM {process.Id} {ticks}", Assert.Single(await File.ReadAllLinesAsync(record, ct)));
        Assert.False(File.Exists(log));

        if (answers)
            await process.StandardInput.WriteLineAsync("begin");
        process.StandardInput.Close();
        await process.WaitForExitAsync(ct);

        Assert.Equal(answers ? 0 : 1, process.ExitCode);
        Assert.Equal(answers, File.Exists(log));
    }
}
