using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Selection;

namespace Prometheus.Synthetic.Scenarios.Historical;

/// <summary>
/// Which window a path replays, by the rule of the specification's 7.1: as many windows as paths or more are drawn
/// without replacement, fewer with. Without replacement the windows stand in the order of one random 64-bit key each,
/// which is a uniform random permutation; path p takes the p-th.
/// </summary>
public sealed class WindowChoice
{
    private readonly StartPool _pool;
    private readonly PhiloxStream _stream;
    private readonly int[]? _order;

    public WindowChoice(StartPool pool, GenerationShape shape)
    {
        _pool = pool;
        _stream = new PhiloxStream(shape.Seed);
        WithReplacement = shape.NumPaths > pool.Count;
        // Expected number of distinct values among N draws of M: M·(1 − (1 − 1/M)^N).
        ExpectedDistinct = WithReplacement
            ? pool.Count * (1.0 - StableMath.Pow(1.0 - 1.0 / pool.Count, shape.NumPaths))
            : shape.NumPaths;
        if (WithReplacement)
            return;
        ulong[] keys = new ulong[pool.Count];
        int[] order = new int[pool.Count];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
            keys[i] = _stream.Bits(i, 0, DrawPurpose.Permutation);
        }

        // Equal keys (probability below M²·2⁻⁶⁵) stand in the order of the windows, so that the order is total.
        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[a].CompareTo(keys[b]) : a.CompareTo(b));
        _order = order;
    }

    public bool WithReplacement { get; }

    /// <summary>Expected number of different windows in the set.</summary>
    public double ExpectedDistinct { get; }

    /// <summary>First day of the window of a path.</summary>
    public int StartOf(int path) =>
        _pool[_order is { } order ? order[path] : _stream.Below(_pool.Count, path, 0, DrawPurpose.WindowChoice)];
}
