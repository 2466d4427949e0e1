using Prometheus.Synthetic.Engine;
using Spectre.Console;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>Shows how far a generation is: a live bar on a terminal, a line now and then on a stream that is none.</summary>
public static class GenerationDisplay
{
    /// <param name="first">What is being done until the first stage is reported.</param>
    public static async Task<T> WaitAsync<T>(
        CliConsole console,
        string first,
        Func<IProgress<GenerationProgress>, Task<T>> work
    )
    {
        if (!console.ErrorIsTerminal)
            return await work(new StageNotices(console));
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
                ProgressTask task = live.AddTask(first);
                T result = await work(new Bar(task));
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
}
