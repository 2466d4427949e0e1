using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Numerics.Optimisation;

namespace Prometheus.Synthetic.Scenarios.Volatility;

/// <summary>
/// Maximum likelihood of a GARCH(1,1), normal or standardised Student-t, over (μ, ln ω, logit of α + β, logit of
/// α/(α + β), ln(ν − 2)). The variance before the series is the backcast of its first 75 centred values. Bit-stable.
/// </summary>
public static class GarchFit
{
    /// <summary>Fewest observations: below about a year the likelihood is too flat to tell α from β.</summary>
    public const int FewestObservations = 250;

    private const int MaxEvaluations = 4_000;
    private const double LogTwoPi = 1.83787706640934548356;
    private const double LogPi = 1.14472988584940017414;

    /// <param name="series">In time order, any unit; not constant.</param>
    /// <param name="studentT">Fit ν too.</param>
    public static Garch Fit(ReadOnlySpan<double> series, bool studentT)
    {
        // In units of the standard deviation one starting point and one step serve every series.
        double[] x = series.ToArray();
        (double mean, double deviation) = Standardise(x);
        double backcast = EwmaVariance.Backcast(x);
        double[] variances = new double[x.Length];
        double[] start = Start(p => Negative(p, x, backcast, studentT), studentT);
        double[] step = studentT ? [0.05, 0.5, 0.5, 0.5, 0.5] : [0.05, 0.5, 0.5, 0.5];
        Minimum minimum = NelderMead.Minimise(p => Negative(p, x, backcast, studentT), start, step, MaxEvaluations);
        double[] best = [.. minimum.Place];
        (double omega, double alpha, double beta, double? nu) = Unpack(best, studentT);
        return new Garch(
            mean + deviation * best[0],
            omega * deviation * deviation,
            alpha,
            beta,
            nu,
            -minimum.Value - x.Length * StableMath.Log(deviation),
            minimum.Converged
        );
    }

    private static (double Mean, double Deviation) Standardise(double[] x)
    {
        double mean = 0.0;
        foreach (double v in x)
            mean += v;
        mean /= x.Length;
        double squares = 0.0;
        for (int t = 0; t < x.Length; t++)
        {
            x[t] -= mean;
            squares += x[t] * x[t];
        }

        double deviation = Math.Sqrt(squares / x.Length);
        for (int t = 0; t < x.Length; t++)
            x[t] /= deviation;
        return (mean, deviation);
    }

    /// <summary>The best of a grid of common values, with ω such that the long-run variance is the sample's.</summary>
    private static double[] Start(Func<double[], double> objective, bool studentT)
    {
        double[]? best = null;
        double lowest = double.PositiveInfinity;
        foreach (double alpha in (double[])[0.03, 0.08, 0.15])
        {
            foreach (double persistence in (double[])[0.8, 0.95, 0.99])
            {
                double[] point =
                [
                    0.0,
                    StableMath.Log(1.0 - persistence),
                    Logit(persistence),
                    Logit(alpha / persistence),
                    .. studentT ? (double[])[StableMath.Log(6.0)] : [],
                ];
                double value = objective(point);
                if (value < lowest)
                    (best, lowest) = (point, value);
            }
        }

        return best!;
    }

    private static (double Omega, double Alpha, double Beta, double? Nu) Unpack(double[] p, bool studentT)
    {
        double persistence = Logistic(p[2]);
        double share = Logistic(p[3]);
        return (
            StableMath.Exp(p[1]),
            persistence * share,
            persistence * (1.0 - share),
            studentT ? 2.0 + StableMath.Exp(p[4]) : null
        );
    }

    private static double Negative(double[] p, double[] x, double backcast, bool studentT)
    {
        if (p[1] is < -40.0 or > 5.0 || p[2] > 18.0 || (studentT && p[4] is < -7.0 or > 7.0))
            return double.PositiveInfinity;
        (double omega, double alpha, double beta, double? nu) = Unpack(p, studentT);
        double value = nu is { } degrees
            ? StudentT(x, p[0], omega, alpha, beta, degrees, backcast)
            : Normal(x, p[0], omega, alpha, beta, backcast);
        return double.IsFinite(value) ? value : double.PositiveInfinity;
    }

    private static double Normal(double[] x, double mean, double omega, double alpha, double beta, double backcast)
    {
        double variance = omega + (alpha + beta) * backcast;
        var logs = new LogSum();
        double squares = 0.0;
        foreach (double v in x)
        {
            double e = v - mean;
            double square = e * e;
            logs.Add(variance);
            squares += square / variance;
            variance = omega + alpha * square + beta * variance;
        }

        return 0.5 * (x.Length * LogTwoPi + logs.Total() + squares);
    }

    private static double StudentT(
        double[] x,
        double mean,
        double omega,
        double alpha,
        double beta,
        double nu,
        double backcast
    )
    {
        double variance = omega + (alpha + beta) * backcast;
        var variances = new LogSum();
        var tails = new LogSum();
        foreach (double v in x)
        {
            double e = v - mean;
            double square = e * e;
            variances.Add(variance);
            tails.Add(1.0 + square / (variance * (nu - 2.0)));
            variance = omega + alpha * square + beta * variance;
        }

        double constant =
            GammaFunctions.LogGamma(0.5 * (nu + 1.0))
            - GammaFunctions.LogGamma(0.5 * nu)
            - 0.5 * (LogPi + StableMath.Log(nu - 2.0));
        return 0.5 * variances.Total() + 0.5 * (nu + 1.0) * tails.Total() - x.Length * constant;
    }

    private static double Logit(double p) => StableMath.Log(p / (1.0 - p));

    private static double Logistic(double x) => 1.0 / (1.0 + StableMath.Exp(-x));

    /// <summary>Σ ln xᵢ as the logarithm of products of eight, whose factors (1e-30 to 1e30) cannot leave a double's range.</summary>
    private struct LogSum()
    {
        private double _sum;
        private double _product = 1.0;
        private int _factors;

        public void Add(double x)
        {
            _product *= x;
            if (++_factors < 8)
                return;
            _sum += StableMath.Log(_product);
            _product = 1.0;
            _factors = 0;
        }

        public readonly double Total() => _sum + StableMath.Log(_product);
    }
}
