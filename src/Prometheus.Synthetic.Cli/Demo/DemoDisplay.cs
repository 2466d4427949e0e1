using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Engine;
using Spectre.Console;

namespace Prometheus.Synthetic.Cli.Demo;

/// <summary>Shows what the demo is doing.</summary>
internal interface IDemoDisplay
{
    /// <summary>A step begins or was made.</summary>
    void Step(string text);

    /// <summary>Runs the wait for the set with its progress shown.</summary>
    Task<T> WaitAsync<T>(Func<IProgress<GenerationProgress>, Task<T>> wait);
}

/// <summary>One line a step; the generation as a live bar on a terminal, as one line a stage when piped.</summary>
internal sealed class DemoDisplay(CliConsole console) : IDemoDisplay
{
    public void Step(string text) => console.Notice("• " + text);

    public async Task<T> WaitAsync<T>(Func<IProgress<GenerationProgress>, Task<T>> wait)
    {
        if (!console.ErrorIsTerminal)
            return await wait(new Lines(console));
        return await console
            .Error.Progress()
            .Columns(
                new SpinnerColumn(),
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new PercentageColumn(),
                new ElapsedTimeColumn()
            )
            .StartAsync(async live =>
            {
                ProgressTask task = live.AddTask("waiting for the worker");
                T result = await wait(new Bar(task));
                task.Value = task.MaxValue;
                return result;
            });
    }

    private sealed class Bar(ProgressTask task) : IProgress<GenerationProgress>
    {
        public void Report(GenerationProgress value)
        {
            task.Description = value.Stage;
            if (value.ShardsTotal <= 0)
                return;
            task.MaxValue = value.ShardsTotal;
            task.Value = value.ShardsDone;
        }
    }

    private sealed class Lines(CliConsole console) : IProgress<GenerationProgress>
    {
        private string? _last;

        public void Report(GenerationProgress value)
        {
            string line =
                value.ShardsTotal > 0
                    ? $"{value.Stage}: {value.ShardsDone} of {value.ShardsTotal} shards"
                    : value.Stage;
            if (line != _last)
                console.Notice("  " + line);
            _last = line;
        }
    }
}
