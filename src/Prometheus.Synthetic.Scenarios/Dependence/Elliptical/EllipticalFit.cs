using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;
using Prometheus.Synthetic.Scenarios.Numerics.Optimisation;

namespace Prometheus.Synthetic.Scenarios.Dependence.Elliptical;

/// <summary>
/// Gaussian and t copulas from pseudo-observations: ρ of each pair as sin(πτ/2), which no margin and no outlier moves,
/// then the nearest correlation matrix; ν by a one-dimensional search of the pseudo-likelihood over ln ν in [2.05, 60]
/// (Demarta and McNeil, "The t copula and related copulas", 2005).
/// </summary>
/// <param name="LogLikelihood">Pseudo-log-likelihood at the fit.</param>
/// <param name="Projection">Frobenius distance by which the pairwise matrix was moved to be a correlation matrix.</param>
/// <param name="AtBound"><c>lower</c>, <c>upper</c> (Gaussian for any purpose here) or null.</param>
public sealed record EllipticalFit(
    EllipticalCopula Copula,
    double[] Taus,
    double LogLikelihood,
    double Projection,
    string? AtBound
)
{
    /// <summary>Widest matrix that is fitted: pairs grow with K², and K(K+1)/2 correlations need as many days.</summary>
    public const int MostSeries = 100;

    /// <summary>Eigenvalues of the correlation are lifted to this share at least, so that it can be factorised.</summary>
    private const double LeastEigenvalue = 1e-6;

    /// <param name="columns">K columns of pseudo-observations.</param>
    /// <param name="student">t copula instead of Gaussian.</param>
    /// <param name="degreesOfFreedom">ν when it is given rather than estimated.</param>
    /// <exception cref="ScenarioRefusedException">Too many series, a constant one, two that are the same, no convergence.</exception>
    public static EllipticalFit Of(
        double[][] columns,
        IReadOnlyList<string> ids,
        bool student,
        double? degreesOfFreedom,
        string field
    )
    {
        int n = columns.Length;
        RefuseWidth(n, field);
        double[] taus = KendallTau.Matrix(columns);
        RefuseDegenerate(taus, ids, field);
        double[] pairwise = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                pairwise[i * n + j] = i == j ? 1.0 : Sine.OfTau(taus[i * n + j]);
        }

        NearestCorrelation nearest = NearestCorrelation.Of(pairwise, n);
        if (!nearest.Converged)
            throw new ScenarioRefusedException(
                ErrorCodes.NotConverged,
                field,
                $"the correlation matrix nearest to the pairwise estimates was not reached in {nearest.Iterations} projections; leave out series that nearly repeat others"
            );
        double[] correlation = Lifted(nearest.Matrix, n);
        double[] scores = new double[columns[0].Length * n];
        for (int t = 0; t < columns[0].Length; t++)
        {
            for (int i = 0; i < n; i++)
                scores[t * n + i] = StandardNormal.Quantile(columns[i][t]);
        }

        double[] root = new double[n * n];
        int failed = Cholesky.Factor(correlation, n, root);
        if (failed >= 0)
            throw new ScenarioRefusedException(
                ErrorCodes.SingularCovariance,
                field,
                $"the copula's correlation matrix is singular at {ids[failed]}: it nearly repeats series before it; leave it out"
            );
        double projection = SampleMoments.Distance(pairwise, correlation);
        if (!student)
            return new EllipticalFit(
                new EllipticalCopula(correlation, n, null, field),
                taus,
                GaussianLikelihood(scores, root, n),
                projection,
                null
            );

        double first = StableMath.Log(Pairs.PairFit.LowestDegreesOfFreedom);
        double last = StableMath.Log(Pairs.PairFit.HighestDegreesOfFreedom);
        double found;
        if (degreesOfFreedom is { } given)
        {
            found = StableMath.Log(given);
        }
        else
        {
            double[] grid = [.. Enumerable.Range(0, 9).Select(i => first + (last - first) * i / 8.0)];
            found = Minimum.OnGrid(log => -StudentLikelihood(scores, root, n, StableMath.Exp(log)), grid, 1e-6).Place[
                0
            ];
        }

        double nu = degreesOfFreedom ?? StableMath.Exp(found);
        string? bound =
            degreesOfFreedom is not null ? null
            : found <= first + 1e-4 ? "lower"
            : found >= last - 1e-4 ? "upper"
            : null;
        return new EllipticalFit(
            new EllipticalCopula(correlation, n, nu, field),
            taus,
            StudentLikelihood(scores, root, n, nu),
            projection,
            bound
        );
    }

    internal static void RefuseWidth(int n, string field)
    {
        if (n < 2)
            throw new ScenarioRefusedException(
                ErrorCodes.OutOfRange,
                field,
                "a copula joins at least 2 series; leave the copula out or name more series"
            );
        if (n > MostSeries)
            throw new ScenarioRefusedException(
                ErrorCodes.OverLimit,
                field,
                $"{n} series; a copula is fitted to at most {MostSeries}; for more, put the copula on the factors (factor_model.sampling) and give the residuals margins of their own (residuals.sampling 'margins')"
            );
    }

    internal static void RefuseDegenerate(double[] taus, IReadOnlyList<string> ids, string field)
    {
        int n = ids.Count;
        var errors = new List<FieldError>();
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double tau = taus[i * n + j];
                if (!(Math.Abs(tau) <= Pairs.PairFit.DegenerateTau))
                    errors.Add(
                        new FieldError(
                            ErrorCodes.DegenerateDependence,
                            field,
                            double.IsNaN(tau)
                                ? $"{ids[j]} or {ids[i]} is constant; leave it out"
                                : $"Kendall's tau of {ids[j]} and {ids[i]} is {tau:G4}: the same series for any purpose; leave one of them out"
                        )
                    );
            }
        }

        if (errors.Count > 0)
            throw new ScenarioRefusedException(errors);
    }

    private static double[] Lifted(double[] matrix, int n)
    {
        SymmetricEigen eigen = SymmetricEigen.Of(matrix, n);
        if (eigen.Values[^1] >= LeastEigenvalue)
            return matrix;
        double[] lifted = eigen.Apply(value => Math.Max(value, LeastEigenvalue));
        return SampleMoments.Correlation(lifted, n);
    }

    private static double GaussianLikelihood(double[] scores, double[] root, int n)
    {
        int count = scores.Length / n;
        double[] x = new double[n];
        double sum = 0.0;
        for (int t = 0; t < count; t++)
        {
            scores.AsSpan(t * n, n).CopyTo(x);
            double plain = Square(x);
            Cholesky.SolveLower(root, n, x);
            sum += plain - Square(x);
        }

        return 0.5 * sum - count * LogDeterminant(root, n);
    }

    private static double StudentLikelihood(double[] scores, double[] root, int n, double nu)
    {
        var t = new StudentT(nu);
        EvenGrid values = StudentTable.Values(t, 32);
        int count = scores.Length / n;
        double constant =
            GammaFunctions.LogGamma(0.5 * (nu + n))
            - GammaFunctions.LogGamma(0.5 * nu)
            - 0.5 * n * (StableMath.Log(nu) + 1.1447298858494001741)
            - LogDeterminant(root, n)
            - n * t.LogConstant;
        double[] x = new double[n];
        double margins = 0.0;
        double joint = 0.0;
        for (int row = 0; row < count; row++)
        {
            double product = 1.0;
            for (int i = 0; i < n; i++)
            {
                double z = scores[row * n + i];
                x[i] = Math.CopySign(values.At(Math.Abs(z)), z);
                product *= 1.0 + x[i] * x[i] / nu;
                if (product > 1e200)
                {
                    margins += StableMath.Log(product);
                    product = 1.0;
                }
            }

            margins += StableMath.Log(product);
            Cholesky.SolveLower(root, n, x);
            joint += StableMath.Log1p(Square(x) / nu);
        }

        return count * constant - 0.5 * (nu + n) * joint + 0.5 * (nu + 1.0) * margins;
    }

    private static double Square(double[] x)
    {
        double sum = 0.0;
        foreach (double value in x)
            sum += value * value;
        return sum;
    }

    private static double LogDeterminant(double[] root, int n)
    {
        double sum = 0.0;
        for (int i = 0; i < n; i++)
            sum += StableMath.Log(root[i * n + i]);
        return sum;
    }
}
