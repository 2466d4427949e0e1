using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Tails.Margins;

namespace Prometheus.Synthetic.Scenarios.Tests.Tails;

public sealed class MarginTests
{
    [Theory]
    [InlineData(MarginKind.Gpd)]
    [InlineData(MarginKind.StudentT)]
    [InlineData(MarginKind.Empirical)]
    [InlineData(MarginKind.Normal)]
    public void Quantile_and_probability_undo_each_other(MarginKind kind)
    {
        IMargin margin = Fit(kind, Sample(3_000));
        for (double u = 0.0005; u < 0.9996; u += 0.0005)
            // The Student table is good to 1e-6 of the standardised value.
            Assert.Equal(u, margin.Cdf(margin.Quantile(u)), 2e-7);
    }

    [Theory]
    [InlineData(MarginKind.Gpd)]
    [InlineData(MarginKind.StudentT)]
    public void Deep_tails_undo_each_other_in_relative_terms(MarginKind kind)
    {
        IMargin margin = Fit(kind, Sample(3_000));
        foreach (double u in new[] { 1e-4, 1e-6, 1e-9, 1e-12 })
            Assert.Equal(1.0, margin.Cdf(margin.Quantile(u)) / u, 1e-5);
    }

    [Fact]
    public void Quantiles_increase_through_the_thresholds()
    {
        IMargin margin = Fit(MarginKind.Gpd, Sample(3_000));
        double last = double.NegativeInfinity;
        for (int i = 1; i < 20_000; i++)
        {
            double x = margin.Quantile(i / 20_000.0);
            Assert.True(x > last);
            last = x;
        }
    }

    [Fact]
    public void Probabilities_of_the_sample_are_uniform()
    {
        double[] sample = Sample(5_000);
        foreach (MarginKind kind in new[] { MarginKind.Gpd, MarginKind.StudentT })
        {
            IMargin margin = Fit(kind, sample);
            double[] u = [.. sample.Select(margin.Cdf).Order()];
            double distance = u.Select(
                    (value, i) =>
                        Math.Max(Math.Abs(value - (double)i / u.Length), Math.Abs(value - (i + 1.0) / u.Length))
                )
                .Max();
            // Kolmogorov's 1 % point 1.63/√n; fitted parameters only make it smaller.
            Assert.True(distance < 1.63 / Math.Sqrt(u.Length), $"{kind}: {distance}");
        }
    }

    [Fact]
    public void Transform_gives_the_same_bits_as_single_quantiles()
    {
        var stream = new PhiloxStream(3);
        foreach (MarginKind kind in Enum.GetValues<MarginKind>())
        {
            IMargin margin = Fit(kind, Sample(2_000));
            double[] many = new double[501];
            stream.FillUniforms(many, 1, 2, DrawPurpose.Margin);
            double[] single = [.. many.Select(margin.Quantile)];
            margin.Transform(many, 1);
            Assert.Equal(single, many);
        }
    }

    [Fact]
    public void Every_series_that_cannot_carry_tails_is_named_at_once()
    {
        double[] rows = [.. Sample(600).SelectMany(x => new[] { x, x + 1.0, -x })];
        ScenarioRefusedException refused = Assert.Throws<ScenarioRefusedException>(() =>
            new MarginSpec(MarginKind.Gpd, 0.05, "generator_spec.margins").Fit(rows, ["A", "B", "C"])
        );
        Assert.Equal(3, refused.Errors.Count);
        Assert.All(refused.Errors, e => Assert.Equal(ErrorCodes.TooFewExceedances, e.Code));
        Assert.Contains(refused.Errors, e => e.Field.Contains("of B", StringComparison.Ordinal));
    }

    [Fact]
    public void Tail_fraction_goes_with_gpd_only()
    {
        var reader = new SpecReader(
            "margins",
            System.Text.Json.JsonDocument.Parse("""{"kind":"student_t","tail_fraction":0.1}""").RootElement
        );
        MarginSpec.Read(reader, "margins");
        Assert.Equal(
            ErrorCodes.Conflict,
            Assert.Throws<ScenarioRefusedException>(reader.ThrowIfRefused).Errors[0].Code
        );
    }

    private static IMargin Fit(MarginKind kind, double[] sample) =>
        new MarginSpec(kind, 0.1, "margins").Fit(sample, ["X"])[0];

    /// <summary>Student-t values with four degrees of freedom, times 1 %.</summary>
    private static double[] Sample(int count)
    {
        var stream = new PhiloxStream(5);
        var t = new Prometheus.Synthetic.Scenarios.Numerics.StudentT(4);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => 0.01 * t.QuantileOfScore(stream.Normal(i, 0, DrawPurpose.Margin))),
        ];
    }
}
