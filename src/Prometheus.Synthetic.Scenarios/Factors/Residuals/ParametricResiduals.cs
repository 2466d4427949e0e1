using System.Buffers;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Sampling;
using Prometheus.Synthetic.Scenarios.Tails;

namespace Prometheus.Synthetic.Scenarios.Factors.Residuals;

/// <summary>Independent normal residuals of each instrument's own standard deviation.</summary>
public sealed record NormalResiduals : ResidualSampling
{
    public override IResidualSampler Fit(ResidualSample sample) => new ScaledResidualSampler(sample, null);
}

/// <summary>Independent Student-t residuals, each with its own mixing, of each instrument's own standard deviation.</summary>
/// <param name="Nu">
/// <c>degrees_of_freedom</c>, ν &gt; 2, the same for all; null for the maximum-likelihood estimate over all instruments.
/// </param>
/// <param name="Field">Where ν stands in the request, for refusals.</param>
public sealed record StudentResiduals(double? Nu, string Field) : ResidualSampling
{
    public override IResidualSampler Fit(ResidualSample sample) =>
        new ScaledResidualSampler(
            sample,
            Nu is { } given
                ? DegreesOfFreedom.Given(given)
                : DegreesOfFreedom.OfEach(sample.Rows, sample.Ids, Field)
        );
}

/// <summary>ε = σ·Z, for the t times the mixing factor of a second, independent score.</summary>
internal sealed class ScaledResidualSampler(ResidualSample sample, DegreesOfFreedom? degreesOfFreedom) : IResidualSampler
{
    private readonly double[] _deviations = sample.Deviations();
    private readonly InstrumentDraws _draws = new(sample.Ids, sample.Stream);
    private readonly StudentMixing? _mixing = degreesOfFreedom is { } nu ? new StudentMixing(nu.Value) : null;

    public int RowsAtOnce => 1;

    public JsonObject Report
    {
        get
        {
            var report = new JsonObject
            {
                ["method"] = degreesOfFreedom is null ? "normal" : "student_t",
                ["pool_days"] = sample.Pool.Count,
            };
            degreesOfFreedom?.Describe(report);
            return report;
        }
    }

    public void Fill(int firstPath, int paths, int steps, Span<double> destination, int stride)
    {
        int width = sample.Instruments;
        // A row for the step beyond an odd horizon, and two of scores for the mixing.
        double[] rented = ArrayPool<double>.Shared.Rent(3 * width);
        Span<double> spare = rented.AsSpan(0, width);
        Span<double> evenScores = rented.AsSpan(width, width);
        Span<double> oddScores = rented.AsSpan(2 * width, width);
        for (int p = 0; p < paths; p++)
        {
            for (int step = 0; step < steps; step += 2)
            {
                int row = p * steps + step;
                Span<double> even = destination.Slice(row * stride, width);
                Span<double> odd = step + 1 < steps ? destination.Slice((row + 1) * stride, width) : spare;
                _draws.FillNormals(firstPath + p, step / 2, DrawPurpose.Residual, even, odd);
                if (_mixing is not null)
                {
                    _draws.FillNormals(firstPath + p, step / 2, DrawPurpose.ResidualMixing, evenScores, oddScores);
                    Mix(_mixing, evenScores, even);
                    Mix(_mixing, oddScores, odd);
                }

                Scale(even);
                Scale(odd);
            }
        }

        ArrayPool<double>.Shared.Return(rented);
    }

    private static void Mix(StudentMixing mixing, Span<double> scores, Span<double> cells)
    {
        for (int i = 0; i < cells.Length; i++)
            cells[i] *= mixing.At(scores[i]);
    }

    private void Scale(Span<double> cells)
    {
        for (int i = 0; i < cells.Length; i++)
            cells[i] *= _deviations[i];
    }

    public IReadOnlyList<DateOnly>? SourceDates(int path, int steps) => null;
}
