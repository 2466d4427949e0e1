using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Faults.Tests;

/// <summary>What can happen to a fleet of workers.</summary>
public enum FleetMove
{
    Join,
    Kill,
    Stop,
}

/// <summary>Workers that join and leave while others work; always one at least, and four at most.</summary>
internal sealed class Fleet(Func<WorkerProcess> start) : IAsyncDisposable
{
    private const int Most = 4;

    private readonly List<WorkerProcess> _working = [];
    private readonly List<(WorkerProcess Worker, Task Gone)> _stopping = [];
    private readonly List<WorkerProcess> _killed = [];

    /// <summary>Those that nobody has told to leave.</summary>
    public IReadOnlyList<WorkerProcess> Working => _working;

    public int Joined { get; private set; }

    public int Killed => _killed.Count;

    public int Stopped => _stopping.Count;

    public void Join()
    {
        _working.Add(start());
        Joined++;
    }

    /// <summary>One worker more or one less; who leaves as the last is followed by another, and a full fleet takes none.</summary>
    public async Task MoveAsync(FleetMove move, Random random)
    {
        if (move == FleetMove.Join)
        {
            if (_working.Count < Most)
                Join();
            return;
        }

        int at = random.Next(_working.Count);
        WorkerProcess leaves = _working[at];
        _working.RemoveAt(at);
        if (move == FleetMove.Kill)
        {
            await leaves.KillAsync();
            _killed.Add(leaves);
        }
        else
        {
            // It takes its time to hand back what it has; meanwhile the others come and go.
            _stopping.Add((leaves, leaves.StopAsync()));
        }

        if (_working.Count == 0)
            Join();
    }

    /// <summary>Whoever was told to stop has stopped in its time, and without a complaint.</summary>
    public async Task StoppedAsync()
    {
        foreach ((WorkerProcess worker, Task gone) in _stopping)
        {
            Assert.True(await worker.ExitedAsync(FaultBench.StopsWithin), $"a worker did not stop:\n{worker.Tail}");
            await gone;
            // Before a program of .NET listens for it, SIGTERM ends it outright (128 + 15); it has said nothing then.
            bool young = worker is { ExitCode: 128 + 15, Log.Length: 0 };
            Assert.True(
                young || worker.ExitCode == 0,
                $"told to stop, it ended with {worker.ExitCode}:\n{worker.Tail}"
            );
        }

        Assert.All(_working, w => Assert.False(w.HasExited, w.Tail));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (WorkerProcess worker in _working.Concat(_stopping.Select(s => s.Worker)).Concat(_killed))
            await worker.DisposeAsync();
    }
}
