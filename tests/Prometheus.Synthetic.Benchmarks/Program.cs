using System.Globalization;
using Prometheus.Synthetic.Benchmarks;
using Prometheus.Synthetic.Benchmarks.Figures;
using Prometheus.Synthetic.Benchmarks.Sets;

// `figures DATA_FOLDER OUT_FOLDER` draws the documentation's figures instead.
if (args is ["figures", var data, var folder])
{
    MethodFigures.Draw(data, folder);
    return 0;
}

// `sets [compare|life|memory]` measures sets in PostgreSQL; `sets act NAME PATHS` is what it starts to measure memory.
if (args is ["sets", .. var rest])
{
    string server =
        Environment.GetEnvironmentVariable("SYNTHETIC_POSTGRES")
        ?? throw new InvalidOperationException("SYNTHETIC_POSTGRES names the server to measure.");
    if (rest is ["act", var act, var paths])
        await WorkerMemory.ActAsync(Console.Out, server, act, int.Parse(paths, CultureInfo.InvariantCulture));
    else
        await SetBenchmark.RunAsync(Console.Out, server, rest is [var part] ? part : null);
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
