namespace Prometheus.Synthetic.Scenarios.Bootstrap;

/// <summary>
/// How often each day of history stands behind a step, in expectation over all paths and the steps 1..H: the exact
/// distribution of the index process, step by step. Uniform for whole circular histories; min(i, b, n−i+1, n−b+1) for
/// moving blocks when b divides H; anything for pools and weights.
/// </summary>
internal static class DayOccupancy
{
    /// <returns>T shares that sum to 1.</returns>
    public static double[] Of(DrawPlan plan, int horizon)
    {
        int days = plan.Days;
        double[] total = new double[days];
        double[] now = plan.StartProbabilities();
        double[] start = [.. now];
        for (int h = 0; ; h++)
        {
            for (int d = 0; d < days; d++)
                total[d] += now[d];
            if (h + 1 == horizon)
                break;
            now = plan.Chain is { } chain ? StepChain(plan, chain, now, h + 1) : Step(plan, start, now, h + 1);
        }

        for (int d = 0; d < days; d++)
            total[d] /= horizon;
        return total;
    }

    /// <summary>Kish's effective number of days, 1 / Σ share².</summary>
    public static double Effective(double[] shares)
    {
        double sum = 0.0;
        foreach (double s in shares)
            sum += s * s;
        return 1.0 / sum;
    }

    private static double EndProbability(DrawPlan plan, int h) =>
        plan.Scheme == BlockScheme.Stationary ? 1.0 / plan.Length
        : h % (int)plan.Length == 0 ? 1.0
        : 0.0;

    private static double[] Step(DrawPlan plan, double[] start, double[] now, int h)
    {
        double end = EndProbability(plan, h);
        double[] next = new double[now.Length];
        double restarted = 0.0;
        for (int d = 0; d < now.Length; d++)
        {
            double goes = plan.RunsOn[d] ? now[d] * (1.0 - end) : 0.0;
            next[plan.Next(d)] += goes;
            restarted += now[d] - goes;
        }

        for (int d = 0; d < now.Length; d++)
            next[d] += restarted * start[d];
        return next;
    }

    private static double[] StepChain(DrawPlan plan, RegimeChain chain, double[] now, int h)
    {
        double end = EndProbability(plan, h);
        double[] next = new double[now.Length];
        double[] restarted = new double[chain.Labels.Length];
        for (int d = 0; d < now.Length; d++)
        {
            if (now[d] == 0.0)
                continue;
            double[] row = chain.Matrix[chain.RegimeOf[d]];
            int after = plan.Next(d);
            for (int b = 0; b < row.Length; b++)
            {
                double mass = now[d] * row[b];
                double goes = plan.RunsOn[d] && chain.RegimeOf[after] == b ? mass * (1.0 - end) : 0.0;
                next[after] += goes;
                restarted[b] += mass - goes;
            }
        }

        for (int b = 0; b < restarted.Length; b++)
        {
            foreach (int d in chain.DaysOf[b])
                next[d] += restarted[b] / chain.DaysOf[b].Length;
        }

        return next;
    }
}
