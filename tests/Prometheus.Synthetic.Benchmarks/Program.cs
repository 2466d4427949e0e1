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

// `sets [compare|small|life|memory]` measures sets in PostgreSQL; `sets act NAME PATHS` is what it starts to measure memory.
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
if (args is not ([] or ["--filter", _]))
{
    Console.WriteLine(
        $"""
        Prints figures, each beside its peer or its limit of the same run: read the ratios, on a machine that does nothing else.

          --filter WORD                       of {string.Join(", ", all.Select(b => b.Name))}
          sets [compare|small|life|memory]    sets in PostgreSQL; the server is the one that SYNTHETIC_POSTGRES names
          figures DATA_FOLDER OUT_FOLDER      draws the documentation's figures

        Example:
          ./synthetic services run -- dotnet {Path.GetRelativePath(
            Environment.CurrentDirectory,
            Environment.GetCommandLineArgs()[0]
        )} --filter factor
        """
    );
    return args is ["-h" or "--help"] ? 0 : 2;
}

string filter = args is [_, var word] ? word : string.Empty;
foreach ((string name, Action<TextWriter> run) in all)
{
    if (name.Contains(filter, StringComparison.OrdinalIgnoreCase))
        run(Console.Out);
}

return 0;
