namespace Prometheus.Synthetic.Scenarios.Randomness;

/// <summary>
/// What a draw is for. Each purpose is its own lane of the counter, so that adding a draw for one purpose never moves
/// the draws of another. The numbers are part of every content hash: never renumber, only add.
/// </summary>
public enum DrawPurpose : ushort
{
    BlockStart = 1,
    BlockEnd = 2,
    WindowChoice = 3,
    FactorInnovation = 4,
    FactorMixing = 5,
    Residual = 6,
    ResidualMixing = 7,
    RegimeTransition = 8,
    ShockSize = 9,
    ShockDay = 10,
    Direction = 11,
    Bridge = 12,
    Copula = 13,
    CopulaMixing = 14,
    Margin = 15,
    Mixture = 16,
    FilteredRow = 17,
    SimulatedMarket = 18,
    Smoothing = 19,
    Permutation = 20,
}
