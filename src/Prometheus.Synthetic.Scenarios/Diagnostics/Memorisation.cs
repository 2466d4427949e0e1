namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>How much of the set is history repeated.</summary>
/// <param name="ReplayedShare">Share of sampled paths that are a contiguous window of history, step by step.</param>
/// <param name="LongestReplay">Longest run of consecutive historical days in any sampled path.</param>
/// <param name="MeanReplay">Mean over paths of the longest run.</param>
/// <param name="NearestWindow">
/// Median over paths of the distance to the nearest window: root mean square difference of the portfolio's returns, in
/// its historical standard deviations. 0 is a copy; √2 is what two independent windows show.
/// </param>
public sealed record MemorisationReport(
    double ReplayedShare,
    int LongestReplay,
    double MeanReplay,
    double NearestWindow
);

internal static class Memorisation
{
    /// <summary>Paths compared with every window; the search is quadratic.</summary>
    private const int MaxPaths = 100;

    /// <param name="portfolio">The reference series: the portfolio, or the last driver where there is none.</param>
    public static MemorisationReport Of(Series portfolio, int paths, int steps)
    {
        int taken = Math.Min(paths, MaxPaths);
        double[] nearest = new double[taken];
        int replayed = 0;
        int longest = 0;
        double runs = 0;
        var days = Days(portfolio.History);
        for (int i = 0; i < taken; i++)
        {
            ReadOnlySpan<double> path = portfolio.Set.AsSpan((int)((long)i * paths / taken) * steps, steps);
            nearest[i] = Nearest(path, portfolio.History) / portfolio.Deviation;
            int run = LongestRun(path, portfolio.History, days);
            replayed += run == steps ? 1 : 0;
            longest = Math.Max(longest, run);
            runs += run;
        }

        Array.Sort(nearest);
        return new MemorisationReport(replayed / (double)taken, longest, runs / taken, Quantiles.Of(nearest, 0.5));
    }

    private static Dictionary<double, List<int>> Days(double[] history)
    {
        var days = new Dictionary<double, List<int>>(history.Length);
        for (int t = 0; t < history.Length; t++)
        {
            if (!days.TryGetValue(history[t], out List<int>? at))
                days[history[t]] = at = [];
            at.Add(t);
        }

        return days;
    }

    private static double Nearest(ReadOnlySpan<double> path, double[] history)
    {
        double best = double.PositiveInfinity;
        for (int t = 0; t + path.Length <= history.Length; t++)
        {
            double sum = 0;
            for (int h = 0; h < path.Length && sum < best; h++)
            {
                double d = path[h] - history[t + h];
                sum += d * d;
            }

            best = Math.Min(best, sum);
        }

        return Math.Sqrt(best / path.Length);
    }

    private static int LongestRun(ReadOnlySpan<double> path, double[] history, Dictionary<double, List<int>> days)
    {
        int longest = 0;
        for (int h = 0; h < path.Length; h++)
        {
            foreach (int t in days.GetValueOrDefault(path[h]) ?? [])
            {
                int run = 1;
                while (h + run < path.Length && t + run < history.Length && path[h + run] == history[t + run])
                    run++;
                longest = Math.Max(longest, run);
            }
        }

        return longest;
    }
}
