using System.Diagnostics;

namespace Prometheus.Synthetic.Faults.Tests;

/// <summary>Whether a drain still gets further: more sets sealed, more shards stored, or fewer messages than ever before.</summary>
internal sealed class DrainProgress(TimeSpan patience)
{
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private long _sets;
    private long _shards;
    private long _messages = long.MaxValue;

    public bool HasStalled => _since.Elapsed > patience;

    public void Saw(long sets, long shards, long messages)
    {
        if (sets > _sets || shards > _shards || messages < _messages)
            _since.Restart();
        _sets = Math.Max(_sets, sets);
        _shards = Math.Max(_shards, shards);
        _messages = Math.Min(_messages, messages);
    }
}
