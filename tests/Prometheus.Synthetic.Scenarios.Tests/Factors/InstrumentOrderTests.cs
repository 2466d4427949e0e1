using Prometheus.Synthetic.Scenarios.Factors;
using Prometheus.Synthetic.Scenarios.Factors.Residuals;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Sampling;

namespace Prometheus.Synthetic.Scenarios.Tests.Factors;

/// <summary>An instrument's paths follow its name: neither the order of the instruments nor who else is there moves a bit.</summary>
public sealed class InstrumentOrderTests
{
    private const int Instruments = 29;
    private static readonly GenerationShape Shape = new(40, 17, 31);

    /// <summary>
    /// Residual sampling by every method that any number of instruments can take. A copula of residuals is fitted and
    /// drawn in the instruments' order and is not among them.
    /// </summary>
    public static TheoryData<string> Specs { get; } =
    [
        "{}",
        """{"residuals":{"sampling":{"method":"rows"}}}""",
        """{"residuals":{"sampling":{"method":"normal"}}}""",
        """{"residuals":{"sampling":{"method":"student_t","degrees_of_freedom":4}}}""",
        """{"residuals":{"sampling":{"method":"margins","margins":{"kind":"empirical"}}}}""",
    ];

    /// <summary>
    /// A panel holds its drivers in canonical order, whatever order a request names them in; so it is the sampler that
    /// is given the instruments in another order here.
    /// </summary>
    [Theory]
    [MemberData(nameof(Specs))]
    [InlineData("""{"residuals":{"sampling":{"method":"student_t"}}}""")]
    public void Permuting_the_instruments_permutes_the_residuals(string spec)
    {
        CalibrationSnapshot history = KnownMarket.Create(days: 400, instruments: Instruments);
        int[] order = [.. Enumerable.Range(0, Instruments).Select(i => i * 12 % Instruments)];
        double[] a = Residuals(history, spec, [.. Enumerable.Range(0, Instruments)]);
        double[] b = Residuals(history, spec, order);
        for (int row = 0; row < a.Length / Instruments; row++)
        {
            for (int i = 0; i < Instruments; i++)
                Assert.Equal(a[row * Instruments + order[i]], b[row * Instruments + i]);
        }
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Leaving_instruments_out_leaves_the_others_as_they_were(string spec)
    {
        CalibrationSnapshot history = KnownMarket.Create(days: 400, instruments: Instruments);
        int width = history.Panel.Width;
        int[] kept = [.. Enumerable.Range(0, width).Where(k => k >= Instruments || k % 3 == 1)];
        double[] a = history.Generator(spec, Shape).Set(Shape);
        double[] b = Taking(history, kept).Generator(spec, Shape).Set(Shape);
        for (int row = 0; row < a.Length / width; row++)
        {
            for (int k = 0; k < kept.Length; k++)
                Assert.Equal(a[row * width + kept[k]], b[row * kept.Length + k]);
        }
    }

    private static double[] Residuals(CalibrationSnapshot history, string spec, int[] order)
    {
        var pool = DayPool.Of(history, null, 30, "a test");
        var sample = new ResidualSample(
            pool,
            order.Length,
            [.. Enumerable.Range(0, pool.Count).SelectMany(t => order.Select(i => history.Panel[t, i]))],
            new PhiloxStream(Shape.Seed)
        )
        {
            Ids = [.. order.Select(i => history.Panel.Drivers[i].Id)],
        };
        var asked = FactorBootstrapSpec.Parse(Families.Json(spec));
        double[] residuals = new double[Shape.NumPaths * Shape.HorizonDays * order.Length];
        asked.ResidualSampling.Fit(sample).Fill(0, Shape.NumPaths, Shape.HorizonDays, residuals, order.Length);
        return residuals;
    }

    private static CalibrationSnapshot Taking(CalibrationSnapshot history, int[] columns)
    {
        ShockPanel panel = history.Panel;
        double[] values = new double[panel.Days * columns.Length];
        for (int t = 0; t < panel.Days; t++)
        {
            for (int k = 0; k < columns.Length; k++)
                values[t * columns.Length + k] = panel[t, columns[k]];
        }

        return history with
        {
            Panel = new ShockPanel([.. columns.Select(k => panel.Drivers[k])], panel.Dates, values),
        };
    }
}
