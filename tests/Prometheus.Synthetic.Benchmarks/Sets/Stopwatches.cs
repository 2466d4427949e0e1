using System.Diagnostics;

namespace Prometheus.Synthetic.Benchmarks.Sets;

/// <summary>Time between laps.</summary>
internal sealed class Stopwatches
{
    private long _started = Stopwatch.GetTimestamp();

    /// <summary>Seconds since the last lap, or since this was made.</summary>
    public double Lap()
    {
        long now = Stopwatch.GetTimestamp();
        double seconds = Stopwatch.GetElapsedTime(_started, now).TotalSeconds;
        _started = now;
        return seconds;
    }

    /// <summary>The fastest of so many runs, after one that is not counted when there are several.</summary>
    public static async Task<double> BestAsync(int rounds, Func<Task> run)
    {
        if (rounds > 1)
            await run();
        double best = double.MaxValue;
        for (int i = 0; i < rounds; i++)
        {
            var watch = new Stopwatches();
            await run();
            best = Math.Min(best, watch.Lap());
        }

        return best;
    }
}
