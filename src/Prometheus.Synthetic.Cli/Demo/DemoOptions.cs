namespace Prometheus.Synthetic.Cli.Demo;

/// <summary>What the user asked of the demo.</summary>
/// <param name="Market">Market family to refresh.</param>
/// <param name="Panel">CSV to import when the market is empty; null: a simulated market.</param>
/// <param name="Keep">Leave services and worker running.</param>
/// <param name="Dark">Theme of the chart.</param>
internal sealed record DemoOptions(string Market, string? Panel, bool Keep, bool Dark);
