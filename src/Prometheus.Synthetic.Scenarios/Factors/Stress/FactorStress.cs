using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Factors.Sampling;
using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;

namespace Prometheus.Synthetic.Scenarios.Factors.Stress;

/// <summary>
/// What is done to a drawn factor day x, however it was drawn: x* = k ∘ (μ + M·(x − μ)), with
/// M = D·R*^½·R^−½·D⁻¹ when correlations are perturbed (D the standard deviations, symmetric roots, so that the order of
/// the columns does not matter). If x has correlation R, x* has R*; means and, but for k, standard deviations stay.
/// </summary>
public sealed class FactorStress
{
    private const int MaxWidth = 512;
    private readonly double[] _means;
    private readonly double[] _scale;
    private readonly double[]? _map;

    private FactorStress(double[] means, double[] scale, double[]? map, JsonObject report)
    {
        _means = means;
        _scale = scale;
        _map = map;
        Report = report;
    }

    /// <summary>‖ΔR‖ and what else was decided, for the set's metadata.</summary>
    public JsonObject Report { get; }

    /// <exception cref="ScenarioRefusedException">
    /// An id is unknown, the sample's correlation is singular where it must be undone, or the nearest correlation matrix
    /// is not reached.
    /// </exception>
    public static FactorStress Of(FactorSample sample, ShockScaling scaling, CorrelationStress? correlation)
    {
        double[] scale = scaling.Of(sample.Columns);
        var report = new JsonObject { ["shock_scaling"] = new JsonObject() };
        for (int i = 0; i < scale.Length; i++)
            report["shock_scaling"]![sample.Columns[i].Id] = scale[i];
        double[]? map = correlation is null ? null : Map(sample, correlation, report);
        return new FactorStress(sample.Means, scale, map, report);
    }

    /// <summary>Replaces rows of C values in place.</summary>
    public void Apply(Span<double> rows)
    {
        int n = _scale.Length;
        Span<double> centred = stackalloc double[MaxWidth];
        for (; rows.Length >= n; rows = rows[n..])
        {
            if (_map is not null)
            {
                for (int i = 0; i < n; i++)
                    centred[i] = rows[i] - _means[i];
                for (int i = 0; i < n; i++)
                {
                    double sum = 0.0;
                    for (int j = 0; j < n; j++)
                        sum += _map[i * n + j] * centred[j];
                    rows[i] = _means[i] + sum;
                }
            }

            for (int i = 0; i < n; i++)
                rows[i] *= _scale[i];
        }
    }

    private static double[] Map(FactorSample sample, CorrelationStress stress, JsonObject report)
    {
        int n = sample.Width;
        if (n > MaxWidth)
            throw new ScenarioRefusedException(
                ErrorCodes.OverLimit,
                CorrelationStress.Field,
                $"{n} sampled columns; correlations of at most {MaxWidth} can be perturbed; name fewer factors"
            );
        double[] r = SampleMoments.Correlation(sample.Covariance, n);
        double[] target = stress.Target([.. sample.Columns.Select(c => c.Id)], r);
        double[] blended = new double[n * n];
        for (int i = 0; i < blended.Length; i++)
            blended[i] = (1.0 - stress.Theta) * r[i] + stress.Theta * target[i];
        for (int i = 0; i < n; i++)
            blended[i * n + i] = 1.0;
        NearestCorrelation nearest = NearestCorrelation.Of(blended, n);
        if (!nearest.Converged)
            throw new ScenarioRefusedException(
                ErrorCodes.NotConverged,
                CorrelationStress.Field,
                $"the nearest correlation matrix was not reached in {nearest.Iterations} projections; ask for a smaller change"
            );
        SymmetricEigen eigen = SymmetricEigen.Of(r, n);
        if (!(eigen.Values[^1] > Cholesky.PivotTolerance))
            throw new ScenarioRefusedException(
                ErrorCodes.SingularCovariance,
                CorrelationStress.Field,
                $"the correlation of the {n} sampled columns is singular (smallest eigenvalue {eigen.Values[^1]:G3}), so it cannot be exchanged for another; {Culprit(sample, eigen)} depends on the others, leave it out or use factor_model.shrinkage 'ledoit_wolf'"
            );
        double[] undo = eigen.Apply(value => 1.0 / Math.Sqrt(value));
        double[] redo = SymmetricEigen.Of(nearest.Matrix, n).Apply(value => Math.Sqrt(Math.Max(value, 0.0)));
        double[] deviations = sample.Deviations();
        double[] map = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double sum = 0.0;
                for (int k = 0; k < n; k++)
                    sum += redo[i * n + k] * undo[k * n + j];
                map[i * n + j] = deviations[i] * sum / deviations[j];
            }
        }

        report["correlation"] = new JsonObject
        {
            ["target"] = stress.Name,
            ["theta"] = stress.Theta,
            ["columns"] = new JsonArray([.. sample.Columns.Select(c => (JsonNode)c.Id)]),
            ["before"] = Matrix(r, n),
            ["after"] = Matrix(nearest.Matrix, n),
            ["change_norm"] = SampleMoments.Distance(r, nearest.Matrix),
            ["projection_norm"] = nearest.Distance,
            ["projections"] = nearest.Iterations,
        };
        return map;
    }

    private static string Culprit(FactorSample sample, SymmetricEigen eigen)
    {
        int n = sample.Width;
        int largest = 0;
        for (int i = 1; i < n; i++)
        {
            if (Math.Abs(eigen.Vectors[i * n + n - 1]) > Math.Abs(eigen.Vectors[largest * n + n - 1]))
                largest = i;
        }

        return sample.Columns[largest].Id;
    }

    private static JsonArray Matrix(double[] values, int n) =>
        [.. values.Chunk(n).Select(row => new JsonArray([.. row.Select(v => (JsonNode)v)]))];
}
