using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Storage.Market.Simulation;

/// <summary>What a draw of the simulated market is for: the lane within <see cref="DrawPurpose.SimulatedMarket"/>.</summary>
internal enum DrawLane : ushort
{
    Phase = 1,
    CommonVolatility = 2,
    Factor = 3,
    Macro = 4,
    Region = 5,
    Sector = 6,
    Profile = 7,
    Exposure = 8,
    OwnVolatility = 9,
    Own = 10,
    Volume = 11,
    Confidence = 12,
}

/// <summary>Draws addressed by (lane, series, day, index): no series' numbers depend on which others are made.</summary>
internal readonly struct SimulatedDraws(ulong seed)
{
    /// <summary>Degrees of freedom of every return innovation: excess kurtosis 6, fourth moment finite.</summary>
    public const int Freedom = 5;

    private readonly PhiloxStream _stream = new(seed);

    public double Uniform(DrawLane lane, int series, int day, uint index = 0) =>
        _stream.Uniform(series, day, DrawPurpose.SimulatedMarket, index, (ushort)lane);

    public double Between(double low, double high, DrawLane lane, int series, int day, uint index = 0) =>
        low + (high - low) * Uniform(lane, series, day, index);

    public double Normal(DrawLane lane, int series, int day, uint index = 0) =>
        _stream.Normal(series, day, DrawPurpose.SimulatedMarket, index, (ushort)lane);

    /// <summary>
    /// Student's t with five degrees of freedom, scaled to unit variance: a normal over the root of a mean of five
    /// squared normals.
    /// </summary>
    public double HeavyTailed(DrawLane lane, int series, int day)
    {
        Span<double> normals = stackalloc double[Freedom + 1];
        _stream.FillNormals(normals, series, day, DrawPurpose.SimulatedMarket, (ushort)lane);
        double squares = 0;
        for (int i = 1; i <= Freedom; i++)
            squares += normals[i] * normals[i];
        return normals[0] / Math.Sqrt(squares / Freedom) * Math.Sqrt((Freedom - 2.0) / Freedom);
    }
}
