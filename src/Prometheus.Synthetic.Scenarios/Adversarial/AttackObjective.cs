using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>What a template attacks besides the targets: the weights of its objective over the panel's drivers.</summary>
internal sealed class AttackObjective(ShockPanel panel)
{
    private const int MomentumDays = 252;
    private const int SkippedDays = 21;
    private const int FewestForCrowd = 10;

    private readonly int[] _instruments =
    [
        .. Enumerable.Range(0, panel.Width).Where(k => panel.Drivers[k].Kind == DriverKind.Instrument),
    ];

    /// <summary>Equal weights over the panel's instruments: the broad market.</summary>
    public double[] Market => AttackTargets.Equal(panel.Width, _instruments);

    /// <summary>Weights whose loss the template maximises, or null and the reason why the panel cannot carry it.</summary>
    public (double[]? Weights, string? Reason) Of(AttackTemplate template, double[] focus)
    {
        switch (template.Kind)
        {
            case AttackTemplate.SovereignFundingSqueeze:
                return Beside(
                    template,
                    focus,
                    RelatedBanks(focus),
                    "no bank is known beside the targets: instruments need sector or industry"
                );
            case AttackTemplate.SectorCrash:
                (double[]? crash, string? none) = Beside(
                    template,
                    focus,
                    Sector(focus),
                    "the targets' instruments have no sector"
                );
                if (crash is null)
                    return (null, none);
                double[] market = Market;
                for (int k = 0; k < crash.Length; k++)
                    crash[k] -= template.MarketRelief * market[k];
                return (crash, null);
            case AttackTemplate.CrowdedTradeUnwind:
                return Crowd() is { } crowd
                    ? (Blend(focus, crowd, template.Blend), null)
                    : (null, $"a crowd is seen in {FewestForCrowd} instruments over {SkippedDays * 3} days or more");
            case AttackTemplate.LiquidityDrain:
                return Beside(template, focus, Illiquid(), "no instrument has days without a price change");
            default:
                return (focus, null);
        }
    }

    private (double[]?, string?) Beside(AttackTemplate template, double[] focus, List<int> beside, string reason) =>
        beside.Count == 0
            ? (null, reason)
            : (Blend(focus, AttackTargets.Equal(panel.Width, beside), template.Blend), null);

    private static double[] Blend(double[] focus, double[] beside, double share)
    {
        double[] weights = new double[focus.Length];
        for (int k = 0; k < weights.Length; k++)
            weights[k] = (1.0 - share) * focus[k] + share * beside[k];
        return weights;
    }

    /// <summary>Banks of the targets' countries; of every country where the targets' is not known.</summary>
    private List<int> RelatedBanks(double[] focus)
    {
        string[] countries =
        [
            .. _instruments
                .Where(k => focus[k] > 0.0)
                .Select(k => Attribute(k, "country"))
                .OfType<string>()
                .Distinct(StringComparer.Ordinal),
        ];
        return
        [
            .. _instruments.Where(k =>
                IsBank(k)
                && (countries.Length == 0 || countries.Contains(Attribute(k, "country"), StringComparer.Ordinal))
            ),
        ];
    }

    private bool IsBank(int k) =>
        new[] { Attribute(k, "industry"), Attribute(k, "sector") }
            .OfType<string>()
            .Any(text =>
                text.Contains("bank", StringComparison.OrdinalIgnoreCase)
                || text.Contains("financ", StringComparison.OrdinalIgnoreCase)
            );

    /// <summary>The instruments of the sector in which most of the targets' weight lies.</summary>
    private List<int> Sector(double[] focus)
    {
        var weights = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (int k in _instruments.Where(k => focus[k] > 0.0))
        {
            if (Attribute(k, "sector") is { } name)
                weights[name] = weights.GetValueOrDefault(name) + focus[k];
        }

        if (weights.Count == 0)
            return [];
        string sector = weights.MaxBy(p => p.Value).Key;
        return [.. _instruments.Where(k => Attribute(k, "sector") == sector)];
    }

    /// <summary>
    /// Long last year's winners, short its losers (a tenth each, the last month left out): what trend followers hold
    /// together and leave together.
    /// </summary>
    private double[]? Crowd()
    {
        int last = panel.Days - SkippedDays;
        int first = Math.Max(0, last - MomentumDays);
        if (_instruments.Length < FewestForCrowd || last - first < SkippedDays * 2)
            return null;
        int[] order =
        [
            .. _instruments
                .Select(k => (k, Momentum: Compound(k, first, last)))
                .OrderBy(p => p.Momentum)
                .ThenBy(p => p.k)
                .Select(p => p.k),
        ];
        int count = Math.Max(1, order.Length / 10);
        double[] weights = new double[panel.Width];
        foreach (int k in order[^count..])
            weights[k] = 1.0 / count;
        foreach (int k in order[..count])
            weights[k] = -1.0 / count;
        return weights;
    }

    /// <summary>The fifth of the instruments with the largest share of zero-return days (Lesmond, Ogden and Trzcinka 1999).</summary>
    private List<int> Illiquid()
    {
        (int K, int Zeros)[] zeros =
        [
            .. _instruments
                .Select(k => (k, Enumerable.Range(0, panel.Days).Count(t => panel[t, k] == 0.0)))
                .Where(p => p.Item2 > 0 && p.Item2 < panel.Days)
                .OrderByDescending(p => p.Item2)
                .ThenBy(p => p.k),
        ];
        return [.. zeros.Take(Math.Max(1, _instruments.Length / 5)).Select(p => p.K)];
    }

    private double Compound(int k, int first, int last)
    {
        double value = 1.0;
        for (int t = first; t < last; t++)
            value *= 1.0 + panel[t, k];
        return value;
    }

    private string? Attribute(int k, string name) => panel.Drivers[k].Attributes.GetValueOrDefault(name);
}
