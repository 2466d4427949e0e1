using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Factors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Tests.Factors;

/// <summary>
/// A market drawn from a known factor model: three correlated normal factors, one macro series in percent, instruments
/// with known exposures and residual volatilities, residuals of neighbours correlated at 0.4.
/// </summary>
internal static class KnownMarket
{
    public static readonly string[] FactorIds = ["MKT", "SMB", "VAL"];

    public static readonly double[] FactorVolatility = [0.011, 0.006, 0.005];

    /// <summary>Root of the factors' correlation.</summary>
    private static readonly double[] Root = [1, 0, 0, 0.3, 0.953939201416946, 0, -0.2, 0.4, 0.894427190999916];

    public static double Beta(int instrument, int factor) =>
        factor == 0 ? 0.6 + 0.1 * (instrument % 9) : 0.25 * ((instrument + 3 * factor) % 5 - 2);

    public static double ResidualVolatility(int instrument) => 0.008 + 0.001 * (instrument % 6);

    public static CalibrationSnapshot Create(int days = 2_000, int instruments = 12, bool macro = true, ulong seed = 99)
    {
        var stream = new PhiloxStream(seed);
        int width = instruments + FactorIds.Length + (macro ? 1 : 0);
        double[] values = new double[days * width];
        double[] z = new double[instruments + FactorIds.Length + 2];
        for (int t = 0; t < days; t++)
        {
            Span<double> day = values.AsSpan(t * width, width);
            stream.FillNormals(z, t, 0, DrawPurpose.SimulatedMarket);
            for (int f = 0; f < 3; f++)
            {
                double sum = 0.0;
                for (int k = 0; k < 3; k++)
                    sum += Root[f * 3 + k] * z[k];
                day[instruments + f] = 0.0003 + FactorVolatility[f] * sum;
            }

            if (macro)
                day[^1] = 0.04 * (z[3] - 0.5 * z[0]);
            for (int i = 0; i < instruments; i++)
            {
                // Neighbouring residuals share a normal: 0.4 = a·b with a² + b² = 1.
                double residual = 0.894427190999916 * z[4 + i] + 0.447213595499958 * z[(5 + i) % z.Length];
                day[i] = 0.0002 + ResidualVolatility(i) * residual;
                for (int f = 0; f < 3; f++)
                    day[i] += Beta(i, f) * day[instruments + f];
            }
        }

        return new CalibrationSnapshot(
            Dates(days)[^1],
            new ShockPanel(Drivers(instruments, macro), Dates(days), values)
        );
    }

    /// <summary>With the true exposures registered, and none where <paramref name="missing"/> says so.</summary>
    public static CalibrationSnapshot WithExposures(
        this CalibrationSnapshot snapshot,
        Func<int, int, bool>? missing = null
    )
    {
        int instruments = snapshot.Panel.Drivers.Count(d => d.Kind == DriverKind.Instrument);
        double[] values = new double[instruments * 3];
        for (int i = 0; i < values.Length; i++)
            values[i] = missing?.Invoke(i / 3, i % 3) == true ? double.NaN : Beta(i / 3, i % 3);
        return snapshot with { Exposures = new FactorExposures("FM_1", snapshot.AsOf, values) };
    }

    /// <summary>Alternating months of CRISIS and CALM, <paramref name="crisisDays"/> of each 21 days in crisis.</summary>
    public static CalibrationSnapshot WithRegimes(this CalibrationSnapshot snapshot, int crisisDays = 10)
    {
        int days = snapshot.Panel.Days;
        return snapshot with
        {
            Regimes = new RegimeHistory(
                "RM_1",
                [.. Enumerable.Range(0, days).Select(t => t % 21 < crisisDays ? "CRISIS" : "CALM")],
                [.. Enumerable.Repeat(0.9, days)]
            ),
        };
    }

    public static IPathGenerator Generator(
        this CalibrationSnapshot snapshot,
        string spec,
        GenerationShape shape,
        params string[]? regimes
    )
    {
        var family = new FactorBootstrapFamily();
        return family.Calibrate(
            snapshot,
            family.ParseSpec(JsonSerializer.Deserialize<JsonElement>(spec)),
            shape,
            regimes is { Length: > 0 } ? regimes : null
        );
    }

    /// <summary>The whole set, [path][step][driver].</summary>
    public static double[] Set(this IPathGenerator generator, GenerationShape shape)
    {
        double[] set = new double[shape.NumPaths * shape.HorizonDays * generator.Drivers.Count];
        generator.Generate(0, set);
        return set;
    }

    public static DateOnly[] Dates(int days) =>
        [.. Enumerable.Range(0, days).Select(t => new DateOnly(2010, 1, 1).AddDays(t))];

    private static Driver[] Drivers(int instruments, bool macro) =>
        [
            .. Enumerable
                .Range(0, instruments)
                .Select(i => new Driver(DriverKind.Instrument, $"EQUITY:S{i:000}", Driver.SimpleReturn)),
            .. FactorIds.Select(f => new Driver(DriverKind.Factor, f, Driver.SimpleReturn)),
            .. macro ? [new Driver(DriverKind.Macro, "DGS10", "percent")] : Array.Empty<Driver>(),
        ];
}
