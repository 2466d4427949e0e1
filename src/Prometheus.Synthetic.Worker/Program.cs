using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Worker;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Configuration.AddEnvironmentVariables("SYNTHETIC_");
try
{
    WorkerHost.Configure(builder);
}
catch (ScenarioRefusedException e)
{
    // Before there is a log: one line per setting, as every refusal reads.
    foreach (FieldError error in e.Errors)
        await Console.Error.WriteLineAsync(error.ToString());
    return 2;
}

using IHost host = builder.Build();
await host.RunAsync();
return Environment.ExitCode;
