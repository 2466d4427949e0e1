namespace Prometheus.Synthetic.Scenarios.Bootstrap;

/// <summary>How blocks are drawn.</summary>
public enum BlockScheme
{
    /// <summary>Geometric block lengths with mean b on the circle of days (Politis and Romano 1994).</summary>
    Stationary,

    /// <summary>Blocks of b days on the circle of days (Politis and Romano 1992): every day equally likely.</summary>
    Circular,

    /// <summary>Blocks of b days within history (Künsch 1989): days near the ends are drawn less often.</summary>
    Moving,
}
