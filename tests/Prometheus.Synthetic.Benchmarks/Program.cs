using Prometheus.Synthetic.Benchmarks;

// One line a benchmark; `--filter WORD` runs those whose name holds it.
(string Name, Action<TextWriter> Run)[] all =
[
    ("block-bootstrap", BlockBootstrapBenchmark.Run),
    ("factor-bootstrap", FactorBootstrapBenchmark.Run),
    ("diagnostics", DiagnosticsBenchmark.Run),
];
string filter = args is ["--filter", { } word] ? word : string.Empty;
foreach ((string name, Action<TextWriter> run) in all)
{
    if (name.Contains(filter, StringComparison.OrdinalIgnoreCase))
        run(Console.Out);
}

return 0;
