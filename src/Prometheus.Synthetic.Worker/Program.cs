using Prometheus.Synthetic.Worker;

return await WorkerHost.RunAsync(args);
