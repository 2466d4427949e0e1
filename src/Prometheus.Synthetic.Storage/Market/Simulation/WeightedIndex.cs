using System.Text.Json;

namespace Prometheus.Synthetic.Storage.Market.Simulation;

/// <summary>
/// A fund rebalanced every day to fixed weights: its return is exactly Σ weight × constituent's return. The weights are
/// in <c>instruments.metadata</c> under <c>index_weights</c>, instrument_id → weight.
/// </summary>
internal static class WeightedIndex
{
    public const string WeightsKey = "index_weights";

    /// <param name="members">Constituents, listed throughout, and their sizes; weights are sizes over their sum.</param>
    public static SimulatedInstrument Fund(
        NewInstrument master,
        IReadOnlyList<(SimulatedInstrument Member, double Size)> members,
        int days
    )
    {
        double total = members.Sum(m => m.Size);
        return Weighted(master, [.. members.Select(m => (m.Member, m.Size / total))], days);
    }

    /// <summary>The same with the weights given, which may be negative (short) and need not sum to one.</summary>
    public static SimulatedInstrument Weighted(
        NewInstrument master,
        IReadOnlyList<(SimulatedInstrument Member, double Weight)> members,
        int days
    )
    {
        double[] returns = new double[days];
        returns[0] = double.NaN;
        for (int t = 1; t < days; t++)
        {
            double sum = 0;
            foreach ((SimulatedInstrument member, double weight) in members)
                sum += weight * member.Returns[t];
            returns[t] = sum;
        }

        double[] level = SimulatedInstrument.Compound(returns, 0, days - 1, 100);
        int months = members[0].Member.Exposures.Length;
        double[][] exposures = new double[months][];
        for (int m = 0; m < months; m++)
        {
            exposures[m] = new double[FactorPaths.Ids.Length];
            foreach ((SimulatedInstrument member, double weight) in members)
            {
                for (int f = 0; f < exposures[m].Length; f++)
                    exposures[m][f] += weight * member.Exposures[m][f];
            }
        }

        var weights = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach ((SimulatedInstrument member, double weight) in members)
            weights[member.Master.InstrumentId] = weight;
        return new SimulatedInstrument(
            master with
            {
                Metadata = JsonSerializer.Serialize(
                    new Dictionary<string, object> { [WeightsKey] = weights, ["rebalanced"] = "daily" }
                ),
            }
        )
        {
            Returns = returns,
            Adjusted = level,
            Close = level,
            Volume = members[0].Member.Volume is null ? null : Traded(members, level),
            Exposures = exposures,
            Debt = members.Sum(m => m.Weight * m.Member.Debt),
        };
    }

    /// <summary>A fund trades a tenth of the weighted value that its constituents trade.</summary>
    private static double[] Traded(IReadOnlyList<(SimulatedInstrument Member, double Weight)> members, double[] level)
    {
        double[] volume = new double[level.Length];
        for (int t = 0; t < volume.Length; t++)
        {
            double value = 0;
            foreach ((SimulatedInstrument member, double weight) in members)
                value += weight * member.Close[t] * member.Volume![t];
            volume[t] = Math.Floor(0.1 * value / level[t]);
        }

        return volume;
    }
}
