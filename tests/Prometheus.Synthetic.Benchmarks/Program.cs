using Prometheus.Synthetic.Benchmarks;

FactorBootstrapBenchmark.Run(Console.Out);
return 0;
