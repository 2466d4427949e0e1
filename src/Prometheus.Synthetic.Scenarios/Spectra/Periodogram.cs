namespace Prometheus.Synthetic.Scenarios.Spectra;

/// <summary>
/// Energy of a window by frequency: E_k, k = 0 … ⌊n/2⌋, with Σ E_k = Σ x² (Parseval). E_0 = n·mean² is the energy of the
/// drift, which the usual periodogram throws away and which is what makes a window trend. Direct sums in a fixed order:
/// windows are short, and the same bits come everywhere. Thread-safe after construction.
/// </summary>
public sealed class Periodogram
{
    private readonly UnitCircle _circle;

    /// <param name="length">Days n of the windows, 8 or more.</param>
    public Periodogram(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 8);
        _circle = new UnitCircle(length);
    }

    /// <summary>Window length n.</summary>
    public int Length => _circle.Points;

    /// <summary>Number of frequencies ⌊n/2⌋ + 1; frequency k has the period n/k days.</summary>
    public int Frequencies => Length / 2 + 1;

    /// <summary>Degrees of freedom of E_k: 1 at 0 and at the Nyquist frequency of an even length, else 2.</summary>
    public int DegreesOfFreedom(int frequency) => frequency == 0 || 2 * frequency == Length ? 1 : 2;

    /// <param name="window">n finite values.</param>
    /// <param name="energy">Receives <see cref="Frequencies"/> values in squared units of the series.</param>
    public void Fill(ReadOnlySpan<double> window, Span<double> energy)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(window.Length, Length);
        ReadOnlySpan<double> cos = _circle.Cos;
        ReadOnlySpan<double> sin = _circle.Sin;
        for (int k = 0; k < Frequencies; k++)
        {
            double a = 0;
            double b = 0;
            for (int t = 0, at = 0; t < window.Length; t++)
            {
                a += window[t] * cos[at];
                b += window[t] * sin[at];
                at += k;
                if (at >= Length)
                    at -= Length;
            }

            energy[k] = DegreesOfFreedom(k) * (a * a + b * b) / Length;
        }
    }
}
