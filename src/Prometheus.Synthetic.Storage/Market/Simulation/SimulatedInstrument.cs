namespace Prometheus.Synthetic.Storage.Market.Simulation;

/// <summary>
/// One instrument's history on the world's trading days. Arrays have one entry per trading day, NaN outside the
/// listing; the first listed day has a price and no return.
/// </summary>
internal sealed record SimulatedInstrument(NewInstrument Master)
{
    /// <summary>Total simple return of each day.</summary>
    public required double[] Returns { get; init; }

    /// <summary>Adjusted close: compounded total returns.</summary>
    public required double[] Adjusted { get; init; }

    /// <summary>Close as traded: equals the adjusted close after the last dividend.</summary>
    public required double[] Close { get; init; }

    /// <summary>Units traded; null where the market reports none (FX).</summary>
    public double[]? Volume { get; init; }

    /// <summary>Exposures in force, month × factor (order of <see cref="FactorPaths.Ids"/>).</summary>
    public required double[][] Exposures { get; init; }

    /// <summary>Debt relative to the equity value at the first listed day; 0 for what has no issuer's balance sheet.</summary>
    public double Debt { get; init; }

    public bool Listed(int day) => !double.IsNaN(Adjusted[day]);

    /// <summary>Listed on every day, so that an index can hold it throughout.</summary>
    public bool Continuous => Listed(0) && Listed(Adjusted.Length - 1);

    /// <summary>Compounds returns from a first price; days outside the listing stay NaN.</summary>
    public static double[] Compound(double[] returns, int first, int last, double price)
    {
        double[] levels = new double[returns.Length];
        Array.Fill(levels, double.NaN);
        levels[first] = price;
        for (int t = first + 1; t <= last; t++)
            levels[t] = levels[t - 1] * (1 + returns[t]);
        return levels;
    }
}

/// <summary>An issuer without listed equity of its own: a sovereign or a sector.</summary>
internal sealed record SimulatedIssuer(
    string Id,
    string Type,
    string Name,
    string? Country,
    string? Sector,
    double Debt
);

/// <summary>One market, simulated.</summary>
internal sealed record SimulatedMarket(string MarketId, string Name, string Region, string Timezone)
{
    public required IReadOnlyList<SimulatedInstrument> Instruments { get; init; }

    public required IReadOnlyList<SimulatedIssuer> Issuers { get; init; }
}
