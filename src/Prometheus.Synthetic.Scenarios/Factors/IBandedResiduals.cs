using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Factors;

/// <summary>
/// A residual sampler that draws each instrument apart from the others, and so can serve a band of instruments over many
/// paths: the band's histories stay in the cache, and each cell of the set is written once.
/// </summary>
internal interface IBandedResiduals
{
    /// <summary>Instruments in a band.</summary>
    public const int Width = PhiloxLanes.Count;

    /// <summary>Steps drawn at once: a band has room for whole multiples.</summary>
    public const int StepsAtOnce = 4;

    /// <summary>Values of a band of one path.</summary>
    public static int Length(int steps) => (steps + StepsAtOnce - 1) / StepsAtOnce * StepsAtOnce * Width;

    /// <summary>Draws the residuals of instruments first … first + 7 (whatever, where there are fewer) on one path.</summary>
    /// <param name="firstInstrument">A multiple of <see cref="Width"/>.</param>
    /// <param name="band">Receives steps × <see cref="Width"/> values; <see cref="Length"/> long, the rest is scratch.</param>
    void FillBand(int path, int steps, int firstInstrument, Span<double> band);
}
