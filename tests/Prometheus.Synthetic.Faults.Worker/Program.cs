using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Faults.Worker;
using Prometheus.Synthetic.Worker;

// The worker as it is, with observers of the bus that end the process at a chosen point or send messages more than once,
// or with a clock that is wrong.
return await WorkerHost.RunAsync(
    args,
    builder =>
    {
        if (CrashPoint.FromEnvironment() is { } point)
        {
            builder.Services.AddSingleton(point);
            builder.Services.AddSingleton<IConsumeObserver, CrashObserver>();
            builder.Services.AddSingleton<ISendObserver, CrashObserver>();
            builder.Services.AddSingleton<IPublishObserver, CrashObserver>();
        }

        if (Environment.GetEnvironmentVariable("SYNTHETIC_FAULT_COPIES") is { Length: > 0 } seed)
        {
            builder.Services.AddSingleton(p => new Copier(int.Parse(seed), p));
            builder.Services.AddSingleton<ISendObserver, CopyObserver>();
            builder.Services.AddSingleton<IPublishObserver, CopyObserver>();
        }

        if (Environment.GetEnvironmentVariable("SYNTHETIC_FAULT_CLOCK") is { Length: > 0 } ahead)
            builder.Services.AddSingleton<TimeProvider>(new SkewedClock(TimeSpan.FromSeconds(int.Parse(ahead))));
    }
);
