using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>What a path costs: compounded over its days, 0.2 for a fifth of the value.</summary>
/// <param name="Targets">Score-weighted over the targets.</param>
/// <param name="Market">Mean of all instruments.</param>
/// <param name="Attack">Which attack of the plan it is.</param>
internal readonly record struct PathLoss(int Attack, string Template, double Targets, double Market);

/// <summary>
/// Whether the targets lose more than the broad market, and whether by more than chance: the paired difference over
/// paths against its standard error. Paths of one attack resemble each other; the set's own error therefore counts
/// attacks, not paths (cluster-robust; Liang and Zeger 1986).
/// </summary>
internal static class LossComparison
{
    public static JsonObject Of(IReadOnlyList<PathLoss> losses)
    {
        JsonObject all = Compare(losses);
        all["paths_assessed"] = losses.Count;
        all["paths_where_targets_lose_more"] = losses.Count(l => l.Targets > l.Market);
        (double? error, int attacks) = ErrorByAttack(losses);
        all["attacks_assessed"] = attacks;
        all["standard_error_by_attack"] = error;
        all["t_by_attack"] = error > 0.0 ? (double)all["mean_difference"]! / error : null;
        all["p_value_by_attack"] = Tail((double?)all["t_by_attack"], attacks - 1);
        all["by_template"] = new JsonArray([
            .. losses
                .GroupBy(l => l.Template, StringComparer.Ordinal)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g =>
                {
                    JsonObject one = Compare([.. g]);
                    one["template"] = g.Key;
                    one["paths"] = g.Count();
                    return one;
                }),
        ]);
        return all;
    }

    private static JsonObject Compare(IReadOnlyList<PathLoss> losses)
    {
        double targets = losses.Average(l => l.Targets);
        double market = losses.Average(l => l.Market);
        double mean = targets - market;
        double squares = losses.Sum(l => Square(l.Targets - l.Market - mean));
        int n = losses.Count;
        double? error = n > 1 ? Math.Sqrt(squares / (n - 1) / n) : null;
        double? t = error > 0.0 ? mean / error : null;
        return new JsonObject
        {
            ["mean_targets"] = targets,
            ["mean_market"] = market,
            // A market that gains has no ratio; the difference tells all the same.
            ["ratio"] = market > 0.0 ? targets / market : null,
            ["mean_difference"] = mean,
            ["standard_error"] = error,
            ["t"] = t,
            ["p_value"] = Tail(t, n - 1),
        };
    }

    private static (double? Error, int Attacks) ErrorByAttack(IReadOnlyList<PathLoss> losses)
    {
        double mean = losses.Average(l => l.Targets - l.Market);
        double[] sums = [.. losses.GroupBy(l => l.Attack).Select(g => g.Sum(l => l.Targets - l.Market - mean))];
        int attacks = sums.Length;
        return attacks > 1
            ? (Math.Sqrt(sums.Sum(Square) * attacks / (attacks - 1)) / losses.Count, attacks)
            : (null, attacks);
    }

    /// <summary>P(T &gt; t) of Student's distribution: the chance of such a difference were there none.</summary>
    private static double? Tail(double? t, int degrees)
    {
        if (t is not { } value || degrees < 1)
            return null;
        double tail = new StudentT(degrees).Tail(Math.Abs(value));
        return value >= 0.0 ? tail : 1.0 - tail;
    }

    private static double Square(double x) => x * x;
}
