using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Engine.Verification;
using Prometheus.Synthetic.Exchange;
using Prometheus.Synthetic.Exchange.Files;

namespace Prometheus.Synthetic.Benchmarks.Sets;

/// <summary>
/// Peak memory of a worker by what it does and how big the set is. Each figure is of a process of its own that does one
/// thing, so that nothing an earlier act left behind is in it.
/// </summary>
internal static class WorkerMemory
{
    /// <summary>What a process is started to do.</summary>
    public static readonly string[] Acts = ["generate", "verify", "evict", "rehydrate", "export", "import"];

    /// <summary>Does one act on the set of so many paths and writes the peak resident memory of this process in bytes.</summary>
    public static async Task ActAsync(TextWriter output, string connectionString, string act, int paths)
    {
        var services = new ServiceCollection();
        services.AddSyntheticEngine(connectionString);
        services.AddSyntheticExchange();
        await using (ServiceProvider provider = services.BuildServiceProvider())
        {
            var who = new Act("bench", "measured");
            if (act == "import")
                await provider.GetRequiredService<SetImporter>().ImportAsync(FileOf(paths), new ImportRequest(), who);
            else
                await ActOnAsync(provider, paths, act, who);
        }

        using var process = Process.GetCurrentProcess();
        await output.WriteLineAsync(process.PeakWorkingSet64.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>What the export of so many paths leaves for the import.</summary>
    public static string FileOf(int paths) =>
        Path.Combine(
            Path.GetTempPath(),
            string.Create(CultureInfo.InvariantCulture, $"synthetic-bench-memory-{paths}.arrow")
        );

    private static async Task ActOnAsync(IServiceProvider provider, int paths, string act, Act who)
    {
        Guid id = (await BenchMarket.GenerateAsync(provider, $"BENCH_MEMORY_{paths}", paths)).ScenarioSetId;
        switch (act)
        {
            case "verify":
                await provider.GetRequiredService<SetVerifier>().VerifyAsync(id, who.Actor);
                break;
            case "evict":
                await provider.GetRequiredService<SetLifecycle>().EvictAsync(id, who, CancellationToken.None);
                break;
            case "rehydrate":
                await provider.GetRequiredService<Rehydrator>().RehydrateAsync(id, who);
                break;
            case "export":
                await provider
                    .GetRequiredService<SetExporter>()
                    .ExportAsync(id, FileOf(paths), SetFileFormat.Arrow, SetFileLayout.Arrays, who);
                break;
        }
    }

    /// <summary>Peak resident memory in bytes of a new process that does the act.</summary>
    public static async Task<long> MeasureAsync(string connectionString, string act, int paths)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            Environment = { ["SYNTHETIC_POSTGRES"] = connectionString },
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(WorkerMemory).Assembly.Location);
        foreach (string argument in new[] { "sets", "act", act, paths.ToString(CultureInfo.InvariantCulture) })
            start.ArgumentList.Add(argument);
        using Process child = Process.Start(start) ?? throw new InvalidOperationException("No process was started.");
        string line = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        if (child.ExitCode != 0)
            throw new InvalidOperationException($"'{act}' of {paths} paths ended with {child.ExitCode}.");
        return long.Parse(line, CultureInfo.InvariantCulture);
    }
}
