using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Selection;

namespace Prometheus.Synthetic.Scenarios.Bootstrap;

/// <summary>
/// What the day behind each step of a path depends on: scheme, block length, the days that may start a block and their
/// weights, and where a block may run on. Plain means every day, equal weights, no ends: <see cref="BlockIndex"/>.
/// </summary>
internal sealed class DrawPlan
{
    /// <param name="pool">Days that may start a block; for moving blocks already those with room for one.</param>
    /// <param name="admitted">Days on which a block may be; a block ends before any other. Null admits all.</param>
    /// <param name="gapsBefore">Days before which a block ends because a trading day is missing.</param>
    /// <param name="halfLife">Half-life of the start weights in days, or null.</param>
    public DrawPlan(
        BlockScheme scheme,
        double length,
        StartPool pool,
        bool[]? admitted,
        IReadOnlyList<int> gapsBefore,
        double? halfLife,
        RegimeChain? chain
    )
    {
        (Scheme, Length, Pool, Chain) = (scheme, length, pool, chain);
        int days = pool.HistoryDays;
        int everyStart = scheme == BlockScheme.Moving ? days - (int)length + 1 : days;
        bool narrowed = pool.Count < everyStart || (admitted is not null && !admitted.All(a => a));
        IsPlain = !narrowed && gapsBefore.Count == 0 && halfLife is null && chain is null;
        // History is a circle only while every day is as good as any other: over the seam from the last day to the first
        // decayed weights would draw the oldest days the most, and a regime has no neighbour there.
        bool circle = scheme != BlockScheme.Moving && !narrowed && halfLife is null && chain is null;
        RunsOn = new bool[days];
        for (int d = 0; d < days; d++)
            RunsOn[d] = (d + 1 < days || circle) && (admitted is null || admitted[(d + 1) % days]);
        foreach (int gap in gapsBefore)
            RunsOn[gap - 1] = false;
        if (halfLife is { } life)
            Cumulative = Weights(pool, life);
    }

    public BlockScheme Scheme { get; }

    public double Length { get; }

    public StartPool Pool { get; }

    public RegimeChain? Chain { get; }

    public bool IsPlain { get; }

    /// <summary>Whether a block that is on day d may go to the next day (on the circle).</summary>
    public bool[] RunsOn { get; }

    /// <summary>Cumulative start weights over the pool; null for equal weights.</summary>
    public double[]? Cumulative { get; }

    public int Days => Pool.HistoryDays;

    public int Next(int day) => day + 1 == Days ? 0 : day + 1;

    /// <summary>Probability that a block starts on each day of history.</summary>
    public double[] StartProbabilities()
    {
        double[] p = new double[Days];
        for (int i = 0; i < Pool.Count; i++)
            p[Pool[i]] = Cumulative is { } c ? (c[i] - (i == 0 ? 0.0 : c[i - 1])) / c[^1] : 1.0 / Pool.Count;
        return p;
    }

    private static double[] Weights(StartPool pool, double halfLife)
    {
        double[] cumulative = new double[pool.Count];
        double sum = 0.0;
        for (int i = 0; i < cumulative.Length; i++)
        {
            double age = pool.HistoryDays - 1 - pool[i];
            sum += StableMath.Exp(-0.69314718055994530942 * age / halfLife);
            cumulative[i] = sum;
        }

        return cumulative;
    }
}
