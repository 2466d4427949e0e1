using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>What a path costs: compounded over its days, 0.2 for a fifth of the value.</summary>
/// <param name="Attack">Which attack of the plan it is.</param>
/// <param name="Attacked">The attack's focus: all targets, or the one that it is aimed at.</param>
/// <param name="Targets">All targets, by score, whichever is attacked.</param>
/// <param name="Market">Mean of all instruments.</param>
internal readonly record struct PathLoss(int Attack, string Template, double Attacked, double Targets, double Market);

/// <summary>
/// Whether who is attacked, and the targets as a whole, lose more than the broad market, and whether by more than chance:
/// the paired difference over paths against its standard error. Paths of one attack resemble each other; a second error
/// therefore counts attacks, not paths (cluster-robust; Liang and Zeger 1986).
/// </summary>
internal static class LossComparison
{
    public static JsonObject Of(IReadOnlyList<PathLoss> losses) =>
        new()
        {
            ["paths_assessed"] = losses.Count,
            ["attacks_assessed"] = losses.DistinctBy(l => l.Attack).Count(),
            ["mean_attacked"] = losses.Average(l => l.Attacked),
            ["mean_targets"] = losses.Average(l => l.Targets),
            ["mean_market"] = losses.Average(l => l.Market),
            ["ratio"] = Ratio(losses, l => l.Targets),
            ["paths_where_targets_lose_more"] = losses.Count(l => l.Targets > l.Market),
            ["paths_where_attacked_lose_more"] = losses.Count(l => l.Attacked > l.Market),
            ["attacked_against_market"] = Compare(losses, l => l.Attacked),
            ["targets_against_market"] = Compare(losses, l => l.Targets),
            ["by_template"] = new JsonArray([
                .. losses
                    .GroupBy(l => l.Template, StringComparer.Ordinal)
                    .OrderBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g => new JsonObject
                    {
                        ["template"] = g.Key,
                        ["paths"] = g.Count(),
                        ["attacked_against_market"] = Compare([.. g], l => l.Attacked),
                        ["targets_against_market"] = Compare([.. g], l => l.Targets),
                    }),
            ]),
        };

    private static JsonObject Compare(IReadOnlyList<PathLoss> losses, Func<PathLoss, double> loss)
    {
        double[] differences = [.. losses.Select(l => loss(l) - l.Market)];
        double mean = differences.Average();
        int n = differences.Length;
        double? error = n > 1 ? Math.Sqrt(differences.Sum(d => Square(d - mean)) / (n - 1) / n) : null;
        double[] attacks =
        [
            .. losses.Zip(differences).GroupBy(p => p.First.Attack).Select(g => g.Sum(p => p.Second - mean)),
        ];
        int a = attacks.Length;
        double? byAttack = a > 1 ? Math.Sqrt(attacks.Sum(Square) * a / (a - 1)) / n : null;
        return new JsonObject
        {
            ["ratio"] = Ratio(losses, loss),
            ["mean_difference"] = mean,
            ["standard_error"] = error,
            ["t"] = Statistic(mean, error),
            ["p_value"] = Tail(Statistic(mean, error), n - 1),
            ["standard_error_by_attack"] = byAttack,
            ["t_by_attack"] = Statistic(mean, byAttack),
            ["p_value_by_attack"] = Tail(Statistic(mean, byAttack), a - 1),
        };
    }

    /// <summary>Null where the market gains: the difference tells all the same.</summary>
    private static double? Ratio(IReadOnlyList<PathLoss> losses, Func<PathLoss, double> loss) =>
        losses.Average(l => l.Market) is > 0.0 and var market ? losses.Average(loss) / market : null;

    private static double? Statistic(double mean, double? error) => error > 0.0 ? mean / error : null;

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
