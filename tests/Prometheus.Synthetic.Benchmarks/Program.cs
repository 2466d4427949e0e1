using Prometheus.Synthetic.Benchmarks;
using Prometheus.Synthetic.Benchmarks.Sets;

if (args is ["sets"])
{
    await SetBenchmark.RunAsync(
        Console.Out,
        Environment.GetEnvironmentVariable("SYNTHETIC_POSTGRES")
            ?? throw new InvalidOperationException("SYNTHETIC_POSTGRES names the server to measure.")
    );
    return 0;
}

FactorBootstrapBenchmark.Run(Console.Out);
return 0;
