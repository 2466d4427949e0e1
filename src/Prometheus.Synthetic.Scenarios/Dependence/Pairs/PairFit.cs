using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Numerics.Optimisation;

namespace Prometheus.Synthetic.Scenarios.Dependence.Pairs;

/// <summary>A pair copula fitted by maximum pseudo-likelihood, with what it was chosen by.</summary>
/// <param name="AtBound">A parameter stopped at its bound (ν at 60 says Gaussian).</param>
public sealed record PairFit(PairCopula Copula, double LogLikelihood, double Tau, int Count, bool AtBound)
{
    public const double LowestDegreesOfFreedom = 2.05;
    public const double HighestDegreesOfFreedom = 60.0;

    /// <summary>|τ| beyond which two series are one for any purpose and no family is fitted.</summary>
    public const double DegenerateTau = 0.985;

    /// <summary>Every family, in the order in which ties of the criterion are decided.</summary>
    public static IReadOnlyList<string> Families { get; } =
    ["gaussian", "student_t", "clayton", "gumbel", "frank", "joe"];

    /// <summary>2·parameters − 2·log-likelihood.</summary>
    public double Aic => 2.0 * Copula.Parameters.Count - 2.0 * LogLikelihood;

    /// <summary>
    /// The family and rotation with the least AIC. Asymmetric families are tried in the two rotations that give the
    /// sign of τ.
    /// </summary>
    /// <param name="u">Pseudo-observations in (0, 1).</param>
    /// <param name="families">Names from <see cref="Families"/>.</param>
    /// <param name="independenceLevel">
    /// When |τ|·√(9n(n−1)/(2(2n+5))), standard normal under independence, is not significant at this level, the pair is
    /// independent and nothing is fitted; 0 never gates.
    /// </param>
    /// <exception cref="ScenarioRefusedException">The two variables are the same for any purpose.</exception>
    public static PairFit Best(
        ReadOnlySpan<double> u,
        ReadOnlySpan<double> v,
        IReadOnlyList<string> families,
        double independenceLevel,
        string field
    )
    {
        double tau = TauOf(u, v, field);
        if (IsIndependent(tau, u.Length, independenceLevel))
            return new PairFit(IndependentPair.Instance, 0.0, tau, u.Length, false);
        PairFit? best = null;
        foreach (string family in families)
        {
            bool symmetric = family is "gaussian" or "student_t";
            int[] rotations =
                symmetric ? [0]
                : family == "frank" ? [tau >= 0.0 ? 0 : 90]
                : tau >= 0.0 ? [0, 180]
                : [90, 270];
            foreach (int rotation in rotations)
            {
                PairFit fit = Of(u, v, family, rotation, tau);
                if (best is null || fit.Aic < best.Aic)
                    best = fit;
            }
        }

        return best ?? throw new ArgumentException("No family given.", nameof(families));
    }

    /// <summary>One family in one rotation, whatever the sign of τ.</summary>
    public static PairFit Of(
        ReadOnlySpan<double> u,
        ReadOnlySpan<double> v,
        string family,
        int rotation,
        string field
    ) => Of(u, v, family, rotation, TauOf(u, v, field));

    /// <summary>Whether τ could be that of independent variables, by its normal approximation.</summary>
    internal static bool IsIndependent(double tau, int count, double level)
    {
        double n = count;
        double statistic = Math.Abs(tau) * Math.Sqrt(9.0 * n * (n - 1.0) / (2.0 * (2.0 * n + 5.0)));
        return 2.0 * StandardNormal.Tail(statistic) > level && level > 0.0;
    }

    private static double TauOf(ReadOnlySpan<double> u, ReadOnlySpan<double> v, string field)
    {
        double tau = KendallTau.Of(u, v);
        if (double.IsNaN(tau) || Math.Abs(tau) > DegenerateTau)
            throw new ScenarioRefusedException(
                ErrorCodes.DegenerateDependence,
                field,
                double.IsNaN(tau)
                    ? "one of the two series is constant; leave it out"
                    : $"Kendall's tau is {tau:G4}: the two series are the same for any purpose; leave one of them out"
            );
        return tau;
    }

    private static PairFit Of(ReadOnlySpan<double> u, ReadOnlySpan<double> v, string family, int rotation, double tau)
    {
        double[] x = u.ToArray();
        double[] y = v.ToArray();
        switch (family)
        {
            case "gaussian":
                return EllipticalPairs.Gaussian(x, y, tau);
            case "student_t":
                return EllipticalPairs.Student(x, y, tau);
        }

        if (rotation is 90 or 180)
            Flip(x);
        if (rotation is 180 or 270)
            Flip(y);
        Func<double, PairCopula> make = family switch
        {
            "clayton" => theta => new ClaytonPair(theta),
            "gumbel" => theta => new GumbelPair(theta),
            "frank" => theta => new FrankPair(theta),
            "joe" => theta => new JoePair(theta),
            _ => throw new ArgumentException($"'{family}' is no family.", nameof(family)),
        };
        (double low, double high) = family switch
        {
            "clayton" => (1e-3, 50.0),
            "gumbel" => (1.0 + 1e-4, 30.0),
            "frank" => (1e-2, 100.0),
            _ => (1.0 + 1e-4, 30.0),
        };
        // In ln of the distance from independence, where the likelihood is close to a parabola.
        double origin = family is "gumbel" or "joe" ? 1.0 : 0.0;
        double start = family is "frank" ? StableMath.Log(low) : StableMath.Log(low - origin);
        double end = StableMath.Log(high - origin);
        double[] grid = [.. Enumerable.Range(0, 7).Select(i => start + (end - start) * i / 6.0)];
        Minimum best = Minimum.OnGrid(log => -Likelihood(make(origin + StableMath.Exp(log)), x, y), grid, 1e-6);
        double theta = origin + StableMath.Exp(best.Place[0]);
        bool atBound = best.Place[0] <= start + 1e-4 || best.Place[0] >= end - 1e-4;
        return new PairFit(RotatedPair.Of(make(theta), rotation), -best.Value, tau, x.Length, atBound);
    }

    internal static double Likelihood(PairCopula copula, double[] x, double[] y)
    {
        double sum = 0.0;
        for (int i = 0; i < x.Length; i++)
            sum += copula.LogDensity(x[i], y[i]);
        return sum;
    }

    private static void Flip(double[] x)
    {
        for (int i = 0; i < x.Length; i++)
            x[i] = 1.0 - x[i];
    }
}
