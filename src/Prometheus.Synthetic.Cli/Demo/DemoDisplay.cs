using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Engine;

namespace Prometheus.Synthetic.Cli.Demo;

/// <summary>Shows what the demo is doing.</summary>
internal interface IDemoDisplay
{
    /// <summary>A step begins or was made.</summary>
    void Step(string text);

    /// <summary>Runs the wait for the set with its progress shown.</summary>
    Task<T> WaitAsync<T>(Func<IProgress<GenerationProgress>, Task<T>> wait);
}

/// <summary>One line a step; the generation as every command shows it.</summary>
internal sealed class DemoDisplay(CliConsole console) : IDemoDisplay
{
    public void Step(string text) => console.Notice("• " + text);

    public Task<T> WaitAsync<T>(Func<IProgress<GenerationProgress>, Task<T>> wait) =>
        GenerationDisplay.WaitAsync(console, "waiting for the worker", wait);
}
