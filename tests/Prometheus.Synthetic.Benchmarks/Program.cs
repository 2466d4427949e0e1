using Prometheus.Synthetic.Benchmarks;
using Prometheus.Synthetic.Benchmarks.Figures;
using Prometheus.Synthetic.Benchmarks.Sets;

// `figures DATA_FOLDER OUT_FOLDER` draws the documentation's figures instead.
if (args is ["figures", var data, var folder])
{
    MethodFigures.Draw(data, folder);
    return 0;
}

if (args is ["sets", "act", var act, var paths])
{
    await WorkerMemory.ActAsync(
        Console.Out,
        Environment.GetEnvironmentVariable("SYNTHETIC_POSTGRES")!,
        act,
        int.Parse(paths)
    );
    return 0;
}

if (args is ["sets", ..])
{
    await SetBenchmark.RunAsync(
        Console.Out,
        Environment.GetEnvironmentVariable("SYNTHETIC_POSTGRES")
            ?? throw new InvalidOperationException("SYNTHETIC_POSTGRES names the server to measure."),
        lifeOnly: args is [_, "life"],
        memoryOnly: args is [_, "memory"]
    );
    return 0;
}

// One line a benchmark; `--filter WORD` runs those whose name holds it.
(string Name, Action<TextWriter> Run)[] all =
[
    ("block-bootstrap", BlockBootstrapBenchmark.Run),
    ("conditioned-bootstrap", ConditionedBootstrapBenchmark.Run),
    ("factor-bootstrap", FactorBootstrapBenchmark.Run),
    ("dependence", DependenceBenchmark.Run),
    ("diagnostics", DiagnosticsBenchmark.Run),
];
string filter = args is ["--filter", { } word] ? word : string.Empty;
foreach ((string name, Action<TextWriter> run) in all)
{
    if (name.Contains(filter, StringComparison.OrdinalIgnoreCase))
        run(Console.Out);
}

return 0;
