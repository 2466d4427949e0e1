namespace Prometheus.Synthetic.Scenarios.Spectra;

/// <summary>
/// A Daubechies wavelet filter in the convention of Percival and Walden, "Wavelet Methods for Time Series Analysis"
/// (2000): scaling coefficients g with Σ g = √2, Σ g² = 1, and wavelet coefficients h_l = (−1)^l g_{L−1−l}.
/// </summary>
public sealed class WaveletFilter
{
    private WaveletFilter(string name, params double[] scaling)
    {
        Name = name;
        Scaling = scaling;
        var wavelet = new double[scaling.Length];
        for (int l = 0; l < wavelet.Length; l++)
            wavelet[l] = (l & 1) == 0 ? scaling[^(l + 1)] : -scaling[^(l + 1)];
        Wavelet = wavelet;
    }

    /// <summary>Width 2: differences of adjacent means; sharp in time, leaky in frequency.</summary>
    public static WaveletFilter Haar { get; } = new("haar", 0.70710678118654752, 0.70710678118654752);

    /// <summary>Least asymmetric, width 8 (table 109 there, its digits completed so that
    /// the defining equations hold to double precision): nearly zero phase, little leakage.</summary>
    public static WaveletFilter LeastAsymmetric8 { get; } =
        new(
            "la8",
            -0.07576571478950221,
            -0.029635527646002493,
            0.497618667632775,
            0.8037387518051321,
            0.29785779560530606,
            -0.09921954357663353,
            -0.012603967262031304,
            0.032223100604051466
        );

    public string Name { get; }

    /// <summary>Scaling (low-pass) coefficients g.</summary>
    public IReadOnlyList<double> Scaling { get; }

    /// <summary>Wavelet (high-pass) coefficients h.</summary>
    public IReadOnlyList<double> Wavelet { get; }

    /// <summary>Number of coefficients L.</summary>
    public int Width => Scaling.Count;

    /// <summary>Width L_j = (2^j − 1)(L − 1) + 1 of the filter that level j amounts to.</summary>
    public int WidthAt(int level) => ((1 << level) - 1) * (Width - 1) + 1;
}
