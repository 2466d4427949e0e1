using CsCheck;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Scenarios.Tests.Factors;

/// <summary>What holds bit by bit, whatever the numbers are.</summary>
public sealed class FactorBootstrapPropertyTests
{
    private static readonly GenerationShape Shape = new(150, 17, 0x1234_5678_9ABC_DEF0);

    public static TheoryData<string> Specs { get; } =
    [
        "{}",
        """{"macro_ids":["DGS10"],"factor_model":{"macro_as_factors":true},"residuals":{"sampling":{"method":"rows","block_length":4}}}""",
        """{"factor_model":{"sampling":{"method":"normal"}},"residuals":{"sampling":{"method":"normal"}},"correlation":{"constant":0.9,"theta":0.5}}""",
        """{"factor_model":{"sampling":{"method":"student_t","degrees_of_freedom":3}},"residuals":{"sampling":{"method":"student_t"}},"shock_scaling":4,"return_floor":-0.05,"return_cap":0.05}""",
    ];

    /// <summary>Any cut into shards, by any number of threads, gives the bits of the whole.</summary>
    [Theory]
    [MemberData(nameof(Specs))]
    public void Shards_give_the_bits_of_the_whole(string spec)
    {
        // 29 instruments: whole vectors, and a rest.
        CalibrationSnapshot history = KnownMarket.Create(days: 400, instruments: 29);
        IPathGenerator generator = history.Generator(spec, Shape);
        double[] whole = generator.Set(Shape);
        int path = Shape.HorizonDays * generator.Drivers.Count;
        Gen.Int[1, Shape.NumPaths]
            .AlwaysHolds(
                size =>
                {
                    IPathGenerator other = history.Generator(spec, Shape);
                    double[] pieces = new double[whole.Length];
                    Parallel.For(
                        0,
                        (Shape.NumPaths + size - 1) / size,
                        shard =>
                        {
                            int first = shard * size;
                            int count = Math.Min(size, Shape.NumPaths - first);
                            other.Generate(first, pieces.AsSpan(first * path, count * path));
                        }
                    );
                    Assert.True(whole.AsSpan().SequenceEqual(pieces));
                    for (int p = 0; p < Shape.NumPaths; p += 31)
                        Same(generator.Describe(p), other.Describe(p));
                },
                cases: 6
            );
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void A_shorter_horizon_is_a_prefix_of_a_longer_one(string spec)
    {
        CalibrationSnapshot history = KnownMarket.Create(days: 400, instruments: 29);
        GenerationShape shorter = Shape with { HorizonDays = 5, NumPaths = 20 };
        IPathGenerator generator = history.Generator(spec, Shape);
        double[] longer = generator.Set(Shape);
        double[] prefix = history.Generator(spec, shorter).Set(shorter);
        int width = generator.Drivers.Count;
        for (int p = 0; p < shorter.NumPaths; p++)
            Assert.True(
                longer
                    .AsSpan(p * Shape.HorizonDays * width, 5 * width)
                    .SequenceEqual(prefix.AsSpan(p * 5 * width, 5 * width))
            );
    }

    /// <summary>A description tells the same whether the path was generated before or not.</summary>
    [Fact]
    public void Describing_needs_no_generating()
    {
        CalibrationSnapshot history = KnownMarket.Create(days: 400);
        IPathGenerator generated = history.Generator((string)Specs.Last().Data, Shape);
        generated.Set(Shape);
        IPathGenerator fresh = history.Generator((string)Specs.Last().Data, Shape);
        int bounded = 0;
        for (int p = 0; p < Shape.NumPaths; p++)
        {
            PathAnnotation? annotation = fresh.Describe(p);
            Same(generated.Describe(p), annotation);
            bounded += annotation?.Metadata?["bounded_cells"]?.GetValue<int>() ?? 0;
        }

        Assert.True(bounded > 0);
    }

    /// <summary>With whole rows the instruments' order is only an order: other names, same numbers under them.</summary>
    [Fact]
    public void Permuting_instruments_permutes_columns()
    {
        const string spec = """{"residuals":{"sampling":{"method":"rows"}}}""";
        CalibrationSnapshot history = KnownMarket.Create(days: 400, instruments: 29);
        int width = history.Panel.Width;
        int[] order = [.. Enumerable.Range(0, 29).Select(i => i * 12 % 29)];
        double[] values = history.Panel.Values.ToArray();
        for (int t = 0; t < history.Panel.Days; t++)
        {
            for (int i = 0; i < 29; i++)
                values[t * width + i] = history.Panel[t, order[i]];
        }

        CalibrationSnapshot permuted = history with
        {
            Panel = new ShockPanel(history.Panel.Drivers, history.Panel.Dates, values),
        };
        double[] a = history.Generator(spec, Shape).Set(Shape);
        double[] b = permuted.Generator(spec, Shape).Set(Shape);
        for (int row = 0; row < a.Length / width; row++)
        {
            for (int k = 0; k < width; k++)
                Assert.Equal(a[row * width + (k < 29 ? order[k] : k)], b[row * width + k]);
        }
    }

    /// <summary>k = 2 doubles the factor columns exactly, and instruments move by B·f.</summary>
    [Fact]
    public void Scaling_multiplies_the_factors_and_leaves_the_residuals()
    {
        CalibrationSnapshot history = KnownMarket.Create(days: 400);
        IPathGenerator plain = history.Generator("{}", Shape);
        IPathGenerator scaled = history.Generator("""{"shock_scaling":{"MKT":2,"VAL":-1}}""", Shape);
        double[] a = plain.Set(Shape);
        double[] b = scaled.Set(Shape);
        int width = plain.Drivers.Count;
        var model = new ReportedModel(plain);
        for (int row = 0; row < a.Length / width; row++)
        {
            ReadOnlySpan<double> before = a.AsSpan(row * width, width);
            ReadOnlySpan<double> after = b.AsSpan(row * width, width);
            Assert.Equal(2.0 * before[12], after[12]);
            Assert.Equal(before[13], after[13]);
            Assert.Equal(-before[14], after[14]);
            Assert.Equal(before[15], after[15]);
            // Returns below 1: each of five additions rounds by at most 1.1e-16.
            for (int i = 0; i < 12; i++)
                Assert.Equal(model.Residual(i, before), model.Residual(i, after), 1.2e-15);
        }
    }

    /// <summary>r = ((α + B₁f₁) + B₂f₂ + …) + ε to the bit, ε being the historical residual of the day that is named.</summary>
    [Fact]
    public void Every_cell_is_the_model_plus_the_residual_of_a_named_day()
    {
        const string spec = """{"residuals":{"sampling":{"method":"rows"}}}""";
        CalibrationSnapshot history = KnownMarket.Create(days: 400, instruments: 29);
        IPathGenerator generator = history.Generator(spec, Shape);
        var model = new ReportedModel(generator);
        double[] set = generator.Set(Shape);
        int width = generator.Drivers.Count;
        List<DateOnly> dates = [.. history.Panel.Dates];
        for (int p = 0; p < 30; p++)
        {
            PathAnnotation annotation = generator.Describe(p)!;
            string[] residualDates =
            [
                .. annotation.Metadata!["residual_dates"]!.AsArray().Select(d => d!.GetValue<string>()),
            ];
            for (int h = 0; h < Shape.HorizonDays; h++)
            {
                Span<double> row = set.AsSpan((p * Shape.HorizonDays + h) * width, width);
                ReadOnlySpan<double> factorDay = history.Panel.Day(dates.IndexOf(annotation.SourceDates![h]));
                ReadOnlySpan<double> residualDay = history.Panel.Day(
                    dates.IndexOf(DateOnly.ParseExact(residualDates[h], "yyyy-MM-dd"))
                );
                Assert.True(row[29..].SequenceEqual(factorDay[29..]));
                for (int i = 0; i < 29; i++)
                {
                    double explained = model.Alpha[i];
                    for (int f = 0; f < 3; f++)
                        explained += model.Exposures[i][f] * row[29 + f];
                    Assert.Equal(explained + model.Residual(i, residualDay), row[i]);
                }
            }
        }
    }

    /// <summary>No return leaves the bounds, factors included, and the count is that of the cells at a bound.</summary>
    [Fact]
    public void Bounds_hold_and_are_counted()
    {
        CalibrationSnapshot history = KnownMarket.Create(days: 400, instruments: 29);
        IPathGenerator generator = history.Generator((string)Specs.Last().Data, Shape);
        double[] set = generator.Set(Shape);
        int width = generator.Drivers.Count;
        int total = 0;
        for (int p = 0; p < Shape.NumPaths; p++)
        {
            int atBound = 0;
            for (int h = 0; h < Shape.HorizonDays; h++)
            {
                ReadOnlySpan<double> row = set.AsSpan((p * Shape.HorizonDays + h) * width, width - 1);
                foreach (double r in row)
                {
                    Assert.InRange(r, -0.05, 0.05);
                    atBound += r is -0.05 or 0.05 ? 1 : 0;
                }
            }

            Assert.Equal(atBound, generator.Describe(p)?.Metadata?["bounded_cells"]?.GetValue<int>() ?? 0);
            total += atBound;
        }

        Assert.True(total > 1_000);
    }

    private static void Same(PathAnnotation? a, PathAnnotation? b)
    {
        Assert.Equal(a?.SourceDates, b?.SourceDates);
        Assert.Equal(a?.Metadata?.ToJsonString(), b?.Metadata?.ToJsonString());
    }
}
