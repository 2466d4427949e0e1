using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Factors.Residuals;
using Prometheus.Synthetic.Scenarios.Factors.Sampling;
using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Sampling;

namespace Prometheus.Synthetic.Scenarios.Factors.Model;

/// <summary>
/// Fits r = α + B·f + ε over a pool of days. B is registered, or Σ_rf·Σ_ff⁻¹ (least squares; with Σ_ff shrunk where the
/// sample is short); α makes the residuals' means zero in either case.
/// </summary>
public sealed record FactorModelFit(
    FactorModel Model,
    FactorSample Factors,
    ResidualSample Residuals,
    JsonObject Report
)
{
    /// <summary>Days per column below which <see cref="Shrinkage.Auto"/> shrinks.</summary>
    private const int ShortSample = 20;

    /// <exception cref="ScenarioRefusedException">
    /// No instruments or factors, constant series, missing exposures, a singular covariance: all of a kind at once.
    /// </exception>
    public static FactorModelFit Of(
        CalibrationSnapshot snapshot,
        DayPool pool,
        FactorModelSpec spec,
        PhiloxStream stream
    )
    {
        ShockPanel panel = snapshot.Panel;
        int[] instruments = OfKind(panel, DriverKind.Instrument);
        int[] factors = OfKind(panel, DriverKind.Factor);
        int[] macros = OfKind(panel, DriverKind.Macro);
        if (instruments.Length == 0)
            throw new ScenarioRefusedException(
                ErrorCodes.TooLittleHistory,
                "universe_filter",
                "the calibration data hold no instrument; widen the filter"
            );
        if (factors.Length == 0)
            throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                "generator_spec.factors",
                "the calibration data hold no factor returns; import them as factors or widen the dates"
            );

        var report = new JsonObject();
        RegisteredExposures? registered = spec.ModelId is null
            ? null
            : RegisteredExposures.Of(snapshot, instruments, factors, spec, report);
        if (registered is not null)
            (instruments, factors) = (registered.Instruments, registered.Factors);
        int[] columns = [.. factors, .. macros];
        RefuseConstant(panel, pool, [.. instruments, .. columns]);

        FactorSample sample = Sample(panel, pool, columns, spec.Shrinkage, stream, report);
        int regressors = spec.MacroAsFactors ? columns.Length : factors.Length;
        double[] returns = Rows(panel, pool, instruments);
        double[] exposures = registered?.Values ?? new double[instruments.Length * regressors];
        bool[] estimate = registered?.Estimate ?? [.. Enumerable.Repeat(true, instruments.Length)];
        if (estimate.Contains(true))
            Regress(sample, regressors, returns, instruments.Length, estimate, exposures);

        double[] means = SampleMoments.Means(returns, instruments.Length);
        double[] alpha = new double[instruments.Length];
        for (int i = 0; i < alpha.Length; i++)
        {
            alpha[i] = means[i];
            for (int f = 0; f < regressors; f++)
                alpha[i] -= exposures[i * regressors + f] * sample.Means[f];
        }

        var model = new FactorModel(
            spec.ModelId ?? FactorModelSpec.Estimated,
            [.. instruments.Select(k => panel.Drivers[k])],
            sample.Columns,
            regressors,
            alpha,
            exposures
        );
        report["model"] = model.Describe();
        double[] residuals = Subtract(model, sample, returns);
        return new FactorModelFit(
            model,
            sample,
            new ResidualSample(pool, instruments.Length, residuals, stream),
            report
        );
    }

    private static int[] OfKind(ShockPanel panel, DriverKind kind) =>
        [.. Enumerable.Range(0, panel.Width).Where(k => panel.Drivers[k].Kind == kind)];

    /// <summary>The pool's values of some columns, P × n.</summary>
    private static double[] Rows(ShockPanel panel, DayPool pool, int[] columns)
    {
        double[] rows = new double[pool.Count * columns.Length];
        for (int t = 0; t < pool.Count; t++)
        {
            ReadOnlySpan<double> day = panel.Day(pool[t]);
            for (int c = 0; c < columns.Length; c++)
                rows[t * columns.Length + c] = day[columns[c]];
        }

        return rows;
    }

    private static void RefuseConstant(ShockPanel panel, DayPool pool, int[] columns)
    {
        var errors = new List<FieldError>();
        foreach (int k in columns)
        {
            double first = panel[pool[0], k];
            bool constant = true;
            for (int t = 1; t < pool.Count && constant; t++)
                constant = panel[pool[t], k] == first;
            if (constant)
                errors.Add(
                    new FieldError(
                        ErrorCodes.ConstantSeries,
                        panel.Drivers[k].Id,
                        $"has the value {first} on all {pool.Count} days drawn from; a factor model needs it to vary; mend the history or leave it out"
                    )
                );
        }

        if (errors.Count > 0)
            throw new ScenarioRefusedException(errors);
    }

    private static FactorSample Sample(
        ShockPanel panel,
        DayPool pool,
        int[] columns,
        Shrinkage shrinkage,
        PhiloxStream stream,
        JsonObject report
    )
    {
        int n = columns.Length;
        double[] rows = Rows(panel, pool, columns);
        double[] means = SampleMoments.Means(rows, n);
        double[] covariance = SampleMoments.Covariance(rows, n, means, pool.Count);
        bool shrink = shrinkage switch
        {
            Shrinkage.None => false,
            Shrinkage.LedoitWolf => true,
            _ => pool.Count < ShortSample * n,
        };
        if (shrink && n > 1)
        {
            // On standardised columns, so that a factor in percent and one in decimals are treated alike; the target
            // is then the identity and variances stay as they are.
            double[] deviations = SampleMoments.Deviations(covariance, n);
            double[] standardised = new double[rows.Length];
            for (int i = 0; i < rows.Length; i++)
                standardised[i] = (rows[i] - means[i % n]) / deviations[i % n];
            LedoitWolf shrunk = LedoitWolf.Estimate(standardised, n);
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                    covariance[i * n + j] =
                        i == j ? covariance[i * n + j] : shrunk.Covariance[i * n + j] * deviations[i] * deviations[j];
            }

            report["shrinkage_intensity"] = shrunk.Intensity;
        }
        else
        {
            report["shrinkage_intensity"] = 0.0;
        }

        return new FactorSample(pool, [.. columns.Select(k => panel.Drivers[k])], rows, means, covariance, stream);
    }

    /// <summary>Rows of B for the marked instruments: Σ_ff·b = σ_fr, by Cholesky.</summary>
    private static void Regress(
        FactorSample sample,
        int regressors,
        double[] returns,
        int count,
        bool[] estimate,
        double[] exposures
    )
    {
        int width = sample.Width;
        double[] root = new double[regressors * regressors];
        for (int i = 0; i < regressors; i++)
            sample.Covariance.AsSpan(i * width, regressors).CopyTo(root.AsSpan(i * regressors));
        int failed = Cholesky.Factor(root, regressors, root);
        if (failed >= 0)
            throw new ScenarioRefusedException(
                ErrorCodes.SingularCovariance,
                "generator_spec.factors",
                $"the covariance of the {regressors} factors over {sample.Pool.Count} days is singular: {sample.Columns[failed].Id} is a linear combination of {string.Join(", ", sample.Columns.Take(failed).Select(c => c.Id))}; leave one out or use factor_model.shrinkage 'ledoit_wolf'"
            );

        double[] means = SampleMoments.Means(returns, count);
        double[] cross = new double[count * regressors];
        for (int t = 0; t < sample.Pool.Count; t++)
        {
            for (int i = 0; i < count; i++)
            {
                double r = returns[t * count + i] - means[i];
                for (int f = 0; f < regressors; f++)
                    cross[i * regressors + f] += r * (sample.Rows[t * width + f] - sample.Means[f]);
            }
        }

        for (int i = 0; i < count; i++)
        {
            if (!estimate[i])
                continue;
            Span<double> row = cross.AsSpan(i * regressors, regressors);
            for (int f = 0; f < regressors; f++)
                row[f] /= sample.Pool.Count;
            Cholesky.Solve(root, regressors, row);
            row.CopyTo(exposures.AsSpan(i * regressors));
        }
    }

    private static double[] Subtract(FactorModel model, FactorSample sample, double[] returns)
    {
        int count = model.Instruments.Count;
        double[] residuals = new double[returns.Length];
        for (int t = 0; t < sample.Pool.Count; t++)
        {
            ReadOnlySpan<double> day = sample.Rows.AsSpan(t * sample.Width, sample.Width);
            for (int i = 0; i < count; i++)
                residuals[t * count + i] = returns[t * count + i] - model.Explained(i, day);
        }

        return residuals;
    }
}
