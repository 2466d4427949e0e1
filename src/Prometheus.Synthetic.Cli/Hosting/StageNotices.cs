using Prometheus.Synthetic.Engine;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>Says on the error stream how far long work is: each stage once, and every tenth of its parts.</summary>
public sealed class StageNotices(CliConsole console) : IProgress<GenerationProgress>
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _tenths = new(StringComparer.Ordinal);

    public void Report(GenerationProgress value)
    {
        int tenths = value.ShardsTotal > 0 ? 10 * value.ShardsDone / value.ShardsTotal : 0;
        lock (_gate)
        {
            if (_tenths.TryGetValue(value.Stage, out int before) && tenths <= before)
                return;
            _tenths[value.Stage] = tenths;
        }

        console.Notice(
            value.ShardsTotal > 0 ? $"{value.Stage} {value.ShardsDone} of {value.ShardsTotal}" : value.Stage
        );
    }
}
