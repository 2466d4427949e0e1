namespace Prometheus.Synthetic.Scenarios.Factors;

/// <summary>
/// A residual sampler that draws each instrument apart from the others, and so can serve a band of instruments over many
/// rows at a time: their histories stay in the cache, and each cell of the set is written once.
/// </summary>
internal interface IBandedResiduals
{
    /// <summary>Instruments in a band.</summary>
    public const int Width = 8;

    /// <summary>Draws the residuals of instruments first … first + 7 (whatever, where there are fewer).</summary>
    /// <param name="firstInstrument">A multiple of <see cref="Width"/>.</param>
    /// <param name="band">Receives paths × steps rows of <see cref="Width"/> values.</param>
    void FillBand(int firstPath, int paths, int steps, int firstInstrument, Span<double> band);
}
