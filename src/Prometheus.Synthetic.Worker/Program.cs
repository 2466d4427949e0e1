using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Prometheus.Synthetic.Worker;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Configuration.AddEnvironmentVariables("SYNTHETIC_");
WorkerHost.Configure(builder);
using IHost host = builder.Build();
await host.RunAsync();
return Environment.ExitCode;
