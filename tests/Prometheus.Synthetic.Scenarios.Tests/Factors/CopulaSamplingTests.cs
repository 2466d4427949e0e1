using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Dependence;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Tests.Factors;

/// <summary>Fitted margins and copulas where factors and residuals are drawn.</summary>
public sealed class CopulaSamplingTests
{
    private static readonly GenerationShape Shape = new(1_000, 10, 170);

    public static TheoryData<string> Factors { get; } =
    [
        """{"family":"gaussian"}""",
        """{"family":"student_t"}""",
        """{"family":"vine"}""",
        """{"family":"vine","truncation":1}""",
    ];

    [Theory]
    [MemberData(nameof(Factors))]
    public void Factors_keep_their_distribution_and_dependence(string copula)
    {
        CalibrationSnapshot snapshot = KnownMarket.Create();
        IPathGenerator generator = snapshot.Generator(Spec(copula), Shape);
        double[] set = generator.Set(Shape);
        int width = generator.Drivers.Count;
        for (int f = 12; f < 15; f++)
        {
            double[] drawn = Column(set, width, f);
            double[] history = Column(snapshot, f);
            // Quantiles of the set are those of the history: binomial error of the rarer side, times four.
            foreach (double p in new[] { 0.01, 0.1, 0.5, 0.9, 0.99 })
            {
                double q = history.Order().ElementAt((int)(p * history.Length));
                double share = (double)drawn.Count(x => x <= q) / drawn.Length;
                double error = Math.Sqrt(p * (1 - p) * (1.0 / history.Length + 1.0 / drawn.Length));
                Assert.Equal(p, share, 4.0 * error);
            }

            for (int g = 12; g < f; g++)
            {
                double before = KendallTau.Of(history, Column(snapshot, g));
                // Sampling error of τ: 2/3·√(1/2000 + 1/10000)·√2 ≈ 0.023 at most under dependence; three of it.
                // A tree cut after the first level keeps two of the three pairs only.
                double slack = copula.Contains("truncation", StringComparison.Ordinal) ? 0.3 : 0.07;
                Assert.Equal(before, KendallTau.Of(drawn, Column(set, width, g)), slack);
            }
        }
    }

    [Fact]
    public void Report_says_what_was_fitted_and_how_well()
    {
        JsonObject report = KnownMarket.Create().Generator(Spec("""{"family":"student_t"}"""), Shape).Report;
        JsonObject sampling = report["factor_sampling"]!.AsObject();
        Assert.Equal("copula", sampling["method"]!.GetValue<string>());
        // The market is normal: ν ends far out.
        Assert.True(sampling["copula"]!["degrees_of_freedom"]!.GetValue<double>() > 15.0);
        Assert.Equal("pass", sampling["goodness_of_fit"]!["verdict"]!.GetValue<string>());
        Assert.Equal(4, sampling["margins"]!.AsArray().Count);
        JsonNode tails = sampling["tail_dependence"]!;
        Assert.Equal(
            tails["lower_before"]!.GetValue<double>(),
            tails["lower_after"]!.GetValue<double>(),
            // 2,000 days at q = 5 %: 100 counts a pair, six pairs.
            0.08
        );
    }

    [Fact]
    public void Paths_have_the_same_bits_however_they_are_cut()
    {
        CalibrationSnapshot snapshot = KnownMarket.Create(instruments: 4);
        foreach (
            string spec in new[]
            {
                Spec("""{"family":"vine","condition":{"values":{"MKT":-0.03},"to_step":2}}"""),
                """{"residuals":{"sampling":{"method":"margins","margins":{"kind":"student_t"}}}}""",
                """{"residuals":{"sampling":{"method":"copula","copula":{"family":"student_t"}}}}""",
            }
        )
        {
            IPathGenerator generator = snapshot.Generator(spec, Shape);
            double[] whole = generator.Set(Shape);
            int path = Shape.HorizonDays * generator.Drivers.Count;
            double[] one = new double[path];
            foreach (int p in new[] { 0, 1, 17, 333, 999 })
            {
                snapshot.Generator(spec, Shape).Generate(p, one);
                Assert.Equal(whole[(p * path)..((p + 1) * path)], one);
            }
        }
    }

    [Fact]
    public void Given_factor_holds_its_value_on_its_steps_and_moves_the_others()
    {
        CalibrationSnapshot snapshot = KnownMarket.Create();
        IPathGenerator generator = snapshot.Generator(
            Spec("""{"family":"vine","condition":{"values":{"MKT":-0.03},"from_step":2,"to_step":3}}"""),
            Shape
        );
        double[] set = generator.Set(Shape);
        int width = generator.Drivers.Count;
        double[] smb = new double[Shape.HorizonDays];
        for (int p = 0; p < Shape.NumPaths; p++)
        {
            for (int h = 0; h < Shape.HorizonDays; h++)
            {
                double mkt = set[(p * Shape.HorizonDays + h) * width + 12];
                smb[h] += set[(p * Shape.HorizonDays + h) * width + 13] / Shape.NumPaths;
                if (h is 1 or 2)
                    // Tables through the copula are good to 1e-7 of a probability of 0.3 %, the tail's slope to some 1e-6.
                    Assert.Equal(-0.03, mkt, 1e-6);
                else
                    Assert.NotEqual(-0.03, mkt, 1e-9);
            }
        }

        // Correlation 0.3: E[SMB | MKT] = 0.3·0.006/0.011·(−0.0303) ≈ −0.005. Sampling error 0.006/√1000 and that of ρ.
        double expected = 0.3 * 0.006 / 0.011 * (-0.03 - 0.0003) + 0.0003;
        Assert.Equal(expected, smb[1], 0.0016);
        Assert.Equal(expected, smb[2], 0.0016);
        Assert.Equal(0.0003, smb[5], 0.0011);
    }

    [Fact]
    public void Residual_margins_keep_each_instruments_distribution()
    {
        CalibrationSnapshot snapshot = KnownMarket.Create();
        IPathGenerator generator = snapshot.Generator(
            """{"residuals":{"sampling":{"method":"margins","margins":{"kind":"gpd","tail_fraction":0.05}}}}""",
            Shape
        );
        double[] set = generator.Set(Shape);
        int width = generator.Drivers.Count;
        var model = new ReportedModel(generator);
        for (int i = 0; i < 12; i++)
        {
            double[] residuals =
            [
                .. Enumerable.Range(0, 10_000).Select(r => model.Residual(i, set.AsSpan(r * width, width))),
            ];
            double deviation = Math.Sqrt(residuals.Average(e => e * e));
            // Two samples, 2,000 and 10,000: relative error √(½·(1/2000 + 1/10000)) ≈ 1.7 %; four of it.
            Assert.Equal(KnownMarket.ResidualVolatility(i), deviation, 0.07 * KnownMarket.ResidualVolatility(i));
        }

        Assert.Equal(12, generator.Report["residual_sampling"]!["margins"]!.AsArray().Count);
    }

    [Fact]
    public void Refusals_name_the_series_and_the_field()
    {
        ScenarioRefusedException few = Assert.Throws<ScenarioRefusedException>(() =>
            KnownMarket.Create(days: 300).Generator(Spec("""{"family":"student_t"}"""), Shape)
        );
        Assert.Equal(ErrorCodes.TooFewExceedances, few.Errors[0].Code);
        // Four columns, two tails each.
        Assert.Equal(4, few.Errors.Select(e => e.Field.Split('(')[0]).Distinct().Count());
        Assert.Contains("of MKT", few.Message, StringComparison.Ordinal);

        ScenarioRefusedException unknown = Assert.Throws<ScenarioRefusedException>(() =>
            KnownMarket.Create().Generator(Spec("""{"family":"vine","condition":{"values":{"MKTT":-0.03}}}"""), Shape)
        );
        Assert.Equal(ErrorCodes.UnknownValue, unknown.Errors[0].Code);
        Assert.EndsWith("copula.condition.values.MKTT", unknown.Errors[0].Field, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_instruments_take_a_copula_on_the_factors_and_are_refused_one_on_the_residuals()
    {
        CalibrationSnapshot snapshot = KnownMarket.Create(days: 800, instruments: 120);
        var shape = new GenerationShape(10, 5, 1);
        double[] set = snapshot
            .Generator(
                """{"factor_model":{"sampling":{"method":"copula","copula":{"family":"student_t"}}},"residuals":{"sampling":{"method":"margins"}}}""",
                shape
            )
            .Set(shape);
        Assert.All(set, x => Assert.True(double.IsFinite(x)));
        ScenarioRefusedException wide = Assert.Throws<ScenarioRefusedException>(() =>
            snapshot.Generator("""{"residuals":{"sampling":{"method":"copula"}}}""", shape)
        );
        Assert.Equal(ErrorCodes.OverLimit, wide.Errors[0].Code);
        Assert.Contains("on the factors", wide.Message, StringComparison.Ordinal);
    }

    private static string Spec(string copula) =>
        """{"macro_ids":["DGS10"],"factor_model":{"sampling":{"method":"copula","copula":COPULA}}}""".Replace(
            "COPULA",
            copula,
            StringComparison.Ordinal
        );

    private static double[] Column(double[] rows, int width, int k) =>
        [.. Enumerable.Range(0, rows.Length / width).Select(t => rows[t * width + k])];

    private static double[] Column(CalibrationSnapshot snapshot, int k) =>
        [.. Enumerable.Range(0, snapshot.Panel.Days).Select(t => snapshot.Panel[t, k])];
}
