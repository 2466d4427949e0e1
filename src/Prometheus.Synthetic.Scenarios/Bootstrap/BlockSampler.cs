using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Bootstrap;

/// <summary>
/// The index vector of a block bootstrap under any <see cref="DrawPlan"/>. Plain plans draw exactly as
/// <see cref="BlockIndex"/>. Step h depends on draws at steps ≤ h only. Thread-safe.
/// </summary>
internal sealed class BlockSampler(DrawPlan plan, PhiloxStream stream)
{
    /// <param name="index">Receives day numbers 0..T−1, one per step.</param>
    public void Fill(int path, Span<int> index)
    {
        if (plan.IsPlain)
            BlockIndex.Fill(plan.Scheme, plan.Length, plan.Days, stream, path, index);
        else if (plan.Chain is { } chain)
            FillChain(chain, path, index);
        else
            FillPool(path, index);
    }

    private void FillPool(int path, Span<int> index)
    {
        int day = 0;
        for (int h = 0; h < index.Length; h++)
        {
            bool starts = Ends(path, h) || !plan.RunsOn[day];
            day = starts ? Start(path, h) : plan.Next(day);
            index[h] = day;
        }
    }

    private void FillChain(RegimeChain chain, int path, Span<int> index)
    {
        int day = 0;
        int regime = 0;
        for (int h = 0; h < index.Length; h++)
        {
            if (h == 0)
            {
                day = Start(path, h);
                regime = chain.RegimeOf[day];
                index[h] = day;
                continue;
            }

            regime = chain.Next(regime, stream.Uniform(path, h, DrawPurpose.RegimeTransition));
            int[] days = chain.DaysOf[regime];
            bool runs = !Ends(path, h) && plan.RunsOn[day] && chain.RegimeOf[plan.Next(day)] == regime;
            day = runs ? plan.Next(day) : days[stream.Below(days.Length, path, h, DrawPurpose.BlockStart)];
            index[h] = day;
        }
    }

    private bool Ends(int path, int h) =>
        h == 0
        || (
            plan.Scheme == BlockScheme.Stationary
                ? stream.Uniform(path, h, DrawPurpose.BlockEnd) < 1.0 / plan.Length
                : h % (int)plan.Length == 0
        );

    private int Start(int path, int h)
    {
        if (plan.Cumulative is not { } cumulative)
            return plan.Pool[stream.Below(plan.Pool.Count, path, h, DrawPurpose.BlockStart)];
        double at = stream.Uniform(path, h, DrawPurpose.BlockStart) * cumulative[^1];
        int found = Array.BinarySearch(cumulative, at);
        return plan.Pool[Math.Min(found < 0 ? ~found : found, cumulative.Length - 1)];
    }
}
