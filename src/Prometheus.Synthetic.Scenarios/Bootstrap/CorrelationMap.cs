using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Bootstrap;

/// <summary>
/// Recombines the drivers of each day linearly so that the draws' correlation becomes that of the whole history:
/// z ↦ L_h·L_d⁻¹·z on standardised values, with L the Cholesky factors. Means and variances of the draws stay; the
/// values are no longer historical ones.
/// </summary>
internal static class CorrelationMap
{
    /// <param name="shares">T shares of the draws.</param>
    /// <returns>The recombined T × K values, and ‖C_d − C_h‖ (Frobenius) before.</returns>
    /// <exception cref="ScenarioRefusedException">A driver does not move in the draws, or their correlation is singular.</exception>
    public static (double[] Values, double Distance) Apply(ShockPanel panel, double[] shares)
    {
        int k = panel.Width;
        (double[] mean, double[] deviation, double[] drawn) = Moments(panel, shares);
        double[] equal = new double[panel.Days];
        Array.Fill(equal, 1.0 / panel.Days);
        (_, _, double[] history) = Moments(panel, equal);
        double distance = SampleMoments.Distance(drawn, history);
        double[] from = Factor(panel, drawn, "the drawn days");
        double[] to = Factor(panel, history, "the history");
        double[] values = new double[panel.Values.Length];
        double[] z = new double[k];
        for (int t = 0; t < panel.Days; t++)
        {
            ReadOnlySpan<double> row = panel.Day(t);
            for (int i = 0; i < k; i++)
                z[i] = (row[i] - mean[i]) / deviation[i];
            Cholesky.SolveLower(from, k, z);
            for (int i = 0; i < k; i++)
            {
                double sum = 0.0;
                for (int j = 0; j <= i; j++)
                    sum += to[i * k + j] * z[j];
                values[t * k + i] = mean[i] + deviation[i] * sum;
            }
        }

        return (values, distance);
    }

    /// <summary>Frobenius distance between the correlation of weighted values and that of the panel.</summary>
    public static double Distance(ShockPanel panel, double[] values, double[] shares)
    {
        double[] equal = new double[panel.Days];
        Array.Fill(equal, 1.0 / panel.Days);
        return SampleMoments.Distance(
            Moments(panel.Drivers, values, shares).Correlation,
            Moments(panel.Drivers, panel.Values, equal).Correlation
        );
    }

    private static (double[] Mean, double[] Deviation, double[] Correlation) Moments(
        ShockPanel panel,
        double[] shares
    ) => Moments(panel.Drivers, panel.Values, shares);

    private static (double[] Mean, double[] Deviation, double[] Correlation) Moments(
        IReadOnlyList<Driver> drivers,
        ReadOnlySpan<double> values,
        double[] shares
    )
    {
        int k = drivers.Count;
        double[] mean = new double[k];
        for (int t = 0; t < shares.Length; t++)
        {
            for (int i = 0; i < k; i++)
                mean[i] += shares[t] * values[t * k + i];
        }

        double[] covariance = new double[k * k];
        double[] centred = new double[k];
        for (int t = 0; t < shares.Length; t++)
        {
            if (shares[t] == 0.0)
                continue;
            for (int i = 0; i < k; i++)
                centred[i] = values[t * k + i] - mean[i];
            for (int i = 0; i < k; i++)
            {
                double weighted = shares[t] * centred[i];
                for (int j = 0; j <= i; j++)
                    covariance[i * k + j] += weighted * centred[j];
            }
        }

        double[] deviation = SampleMoments.Deviations(covariance, k);
        for (int i = 0; i < k; i++)
        {
            if (!(deviation[i] > 1e-14 * (1.0 + Math.Abs(mean[i]))))
                throw new ScenarioRefusedException(
                    ErrorCodes.ConstantSeries,
                    drivers[i].Id,
                    "does not move on the days drawn from, so it has no correlation to keep; exclude it or set correlation to drawn"
                );
            for (int j = 0; j < i; j++)
                covariance[j * k + i] = covariance[i * k + j];
        }

        return (mean, deviation, SampleMoments.Correlation(covariance, k));
    }

    private static double[] Factor(ShockPanel panel, double[] correlation, string of)
    {
        int k = panel.Width;
        double[] lower = new double[k * k];
        int row = Cholesky.Factor(correlation, k, lower);
        if (row >= 0)
            throw new ScenarioRefusedException(
                ErrorCodes.SingularCovariance,
                "generator_spec.correlation",
                $"the correlation of {k} drivers on {of} is singular at {panel.Drivers[row].Id}: it is a combination of others, or there are not more days than drivers; use fewer drivers, more days, or set correlation to drawn"
            );
        return lower;
    }
}
