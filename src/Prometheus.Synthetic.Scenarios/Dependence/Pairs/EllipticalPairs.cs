using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Numerics.Optimisation;

namespace Prometheus.Synthetic.Scenarios.Dependence.Pairs;

/// <summary>Maximum pseudo-likelihood of the Gaussian and t pairs.</summary>
internal static class EllipticalPairs
{
    private const double LargestCorrelation = 0.9999;

    /// <summary>ρ by a one-dimensional search; the likelihood needs three sums of the normal scores only.</summary>
    public static PairFit Gaussian(double[] u, double[] v, double tau)
    {
        double squares = 0.0;
        double products = 0.0;
        for (int i = 0; i < u.Length; i++)
        {
            double x = StandardNormal.Quantile(u[i]);
            double y = StandardNormal.Quantile(v[i]);
            squares += x * x + y * y;
            products += x * y;
        }

        double Negative(double rho)
        {
            double left = (1.0 - rho) * (1.0 + rho);
            return 0.5 * u.Length * StableMath.Log(left) + (rho * rho * squares - 2.0 * rho * products) / (2.0 * left);
        }

        Minimum best = Minimum.OnInterval(Negative, -LargestCorrelation, LargestCorrelation, 1e-8);
        return new PairFit(new GaussianPair(best.Place[0]), -best.Value, tau, u.Length, false);
    }

    /// <summary>ν by a search over ln ν in [2.05, 60], ρ for each ν by a search about sin(πτ/2).</summary>
    public static PairFit Student(double[] u, double[] v, double tau)
    {
        int n = u.Length;
        double[] zx = new double[n];
        double[] zy = new double[n];
        for (int i = 0; i < n; i++)
        {
            zx[i] = StandardNormal.Quantile(u[i]);
            zy[i] = StandardNormal.Quantile(v[i]);
        }

        double[] squares = new double[n];
        double[] products = new double[n];
        double rho = Sine.OfTau(tau);
        double Negative(double logNu)
        {
            double nu = StableMath.Exp(logNu);
            var t = new StudentT(nu);
            EvenGrid values = StudentTable.Values(t, 32);
            double margins = 0.0;
            double product = 1.0;
            for (int i = 0; i < n; i++)
            {
                double x = Math.CopySign(values.At(Math.Abs(zx[i])), zx[i]);
                double y = Math.CopySign(values.At(Math.Abs(zy[i])), zy[i]);
                squares[i] = (x * x + y * y) / nu;
                products[i] = 2.0 * x * y / nu;
                product *= (1.0 + x * x / nu) * (1.0 + y * y / nu);
                if (product > 1e150)
                {
                    margins += StableMath.Log(product);
                    product = 1.0;
                }
            }

            margins = 2.0 * n * t.LogConstant - 0.5 * (nu + 1.0) * (margins + StableMath.Log(product));
            double Joint(double r)
            {
                double inverse = 1.0 / ((1.0 - r) * (1.0 + r));
                double sum = 0.0;
                double factor = 1.0;
                for (int i = 0; i < n; i++)
                {
                    factor *= 1.0 + (squares[i] - r * products[i]) * inverse;
                    if (factor > 1e150)
                    {
                        sum += StableMath.Log(factor);
                        factor = 1.0;
                    }
                }

                sum += StableMath.Log(factor);
                return n * (1.8378770664093454836 - 0.5 * StableMath.Log(inverse)) + 0.5 * (nu + 2.0) * sum;
            }

            double low = Math.Max(rho - 0.25, -LargestCorrelation);
            double high = Math.Min(rho + 0.25, LargestCorrelation);
            Minimum inner = Minimum.OnInterval(Joint, low, high, 1e-7);
            rho = inner.Place[0];
            return inner.Value + margins;
        }

        double first = StableMath.Log(PairFit.LowestDegreesOfFreedom);
        double last = StableMath.Log(PairFit.HighestDegreesOfFreedom);
        double[] grid = [.. Enumerable.Range(0, 7).Select(i => first + (last - first) * i / 6.0)];
        Minimum best = Minimum.OnGrid(Negative, grid, 1e-5);
        double found = StableMath.Exp(best.Place[0]);
        double value = Negative(best.Place[0]);
        bool atBound = best.Place[0] <= first + 1e-4 || best.Place[0] >= last - 1e-4;
        return new PairFit(new StudentPair(rho, found), -value, tau, n, atBound);
    }
}
