using System.Buffers;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>
/// The part of a set that diagnostics look at: evenly spaced paths and drivers, and the equally weighted portfolio of all
/// instruments. Paths are pure functions of their number, so the sample is generated anew instead of read back: it does
/// not depend on shards, and an old set can be diagnosed from its record alone.
/// </summary>
public sealed class PathSample
{
    /// <summary>Most paths looked at: a standard error of a twentieth of a path's own spread.</summary>
    public const int MaxPaths = 400;

    /// <summary>Most drivers looked at one by one.</summary>
    public const int MaxDrivers = 24;

    private PathSample(
        IReadOnlyList<int> paths,
        IReadOnlyList<Driver> drivers,
        int steps,
        double[][] columns,
        double[] portfolio,
        IReadOnlyList<IReadOnlyList<DateOnly>?> sourceDates,
        IReadOnlyList<double?> probabilities,
        IReadOnlyList<Driver> instruments
    )
    {
        Paths = paths;
        Drivers = drivers;
        Steps = steps;
        Columns = columns;
        Portfolio = portfolio;
        SourceDates = sourceDates;
        Probabilities = probabilities;
        Instruments = instruments;
    }

    /// <summary>Path numbers, ascending.</summary>
    public IReadOnlyList<int> Paths { get; }

    /// <summary>The drivers looked at, in canonical order.</summary>
    public IReadOnlyList<Driver> Drivers { get; }

    /// <summary>Steps H of a path.</summary>
    public int Steps { get; }

    /// <summary>Per driver: the shocks of all sampled paths, path after path, P·H values.</summary>
    public IReadOnlyList<double[]> Columns { get; }

    /// <summary>Simple return of the equally weighted portfolio of all instruments, P·H values; empty without instruments.</summary>
    public IReadOnlyList<double> Portfolio { get; }

    /// <summary>Per path: the historical dates behind its steps, null where there are none.</summary>
    public IReadOnlyList<IReadOnlyList<DateOnly>?> SourceDates { get; }

    /// <summary>All instruments of the set: the portfolio's members.</summary>
    public IReadOnlyList<Driver> Instruments { get; }

    /// <summary>Per path: the probability it carries within its set, null where it carries none.</summary>
    public IReadOnlyList<double?> Probabilities { get; }

    /// <summary>Generates the sample of a set.</summary>
    public static PathSample Of(IPathGenerator generator, GenerationShape shape, CancellationToken ct = default) =>
        Of(generator, shape, Spread(generator.Drivers.Count, MaxDrivers), MaxPaths, ct);

    /// <summary>Generates the sample of a set for chosen drivers.</summary>
    /// <param name="chosen">Positions among the generator's drivers.</param>
    public static PathSample Of(
        IPathGenerator generator,
        GenerationShape shape,
        IReadOnlyList<int> chosen,
        CancellationToken ct = default
    ) => Of(generator, shape, chosen, MaxPaths, ct);

    /// <summary>Generates the sample of a set for chosen drivers and a number of paths.</summary>
    /// <param name="chosen">Positions among the generator's drivers.</param>
    /// <param name="most">Most paths looked at.</param>
    public static PathSample Of(
        IPathGenerator generator,
        GenerationShape shape,
        IReadOnlyList<int> chosen,
        int most,
        CancellationToken ct
    )
    {
        int[] paths = Scatter(shape.NumPaths, most);
        int width = generator.Drivers.Count;
        int steps = shape.HorizonDays;
        int[] instruments =
        [
            .. Enumerable.Range(0, width).Where(k => generator.Drivers[k].Kind == DriverKind.Instrument),
        ];
        var columns = new double[chosen.Count][];
        for (int c = 0; c < columns.Length; c++)
            columns[c] = new double[paths.Length * steps];
        double[] portfolio = new double[instruments.Length > 0 ? paths.Length * steps : 0];
        var dates = new IReadOnlyList<DateOnly>?[paths.Length];
        double?[] probabilities = new double?[paths.Length];
        double[] buffer = ArrayPool<double>.Shared.Rent(steps * width);
        try
        {
            Span<double> path = buffer.AsSpan(0, steps * width);
            for (int p = 0; p < paths.Length; p++)
            {
                ct.ThrowIfCancellationRequested();
                generator.Generate(paths[p], path);
                PathAnnotation? annotation = generator.Describe(paths[p]);
                dates[p] = annotation?.SourceDates;
                probabilities[p] = annotation?.Probability;
                for (int h = 0; h < steps; h++)
                {
                    ReadOnlySpan<double> row = path.Slice(h * width, width);
                    for (int c = 0; c < chosen.Count; c++)
                        columns[c][p * steps + h] = row[chosen[c]];
                    if (instruments.Length > 0)
                        portfolio[p * steps + h] = Mean(row, instruments);
                }
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(buffer);
        }

        return new PathSample(
            paths,
            [.. chosen.Select(c => generator.Drivers[c])],
            steps,
            columns,
            portfolio,
            dates,
            probabilities,
            [.. instruments.Select(k => generator.Drivers[k])]
        );
    }

    /// <summary>The same portfolio in history, T values; empty unless the panel has every member.</summary>
    public double[] PortfolioIn(ShockPanel panel)
    {
        int[] members = [.. Instruments.Select(d => panel.IndexOf(d.Kind, d.Id))];
        if (members.Length == 0 || members.Contains(-1))
            return [];
        double[] returns = new double[panel.Days];
        for (int t = 0; t < returns.Length; t++)
            returns[t] = Mean(panel.Day(t), members);
        return returns;
    }

    private static double Mean(ReadOnlySpan<double> row, int[] members)
    {
        double sum = 0;
        foreach (int k in members)
            sum += row[k];
        return sum / members.Length;
    }

    /// <summary>At most <paramref name="most"/> numbers of 0 … count − 1, evenly spaced, the first among them.</summary>
    internal static int[] Spread(int count, int most)
    {
        int taken = Math.Min(count, most);
        int[] chosen = new int[taken];
        for (int i = 0; i < taken; i++)
            chosen[i] = (int)((long)i * count / taken);
        return chosen;
    }

    /// <summary>
    /// One number from each of <paramref name="most"/> equal parts of 0 … count − 1, at golden-ratio places within them:
    /// families give neighbouring paths different templates or targets in turn, and equal spacing could meet one of them
    /// only.
    /// </summary>
    private static int[] Scatter(int count, int most)
    {
        if (count <= most)
            return Spread(count, most);
        const double goldenRatio = 0.61803398874989485;
        int[] chosen = new int[most];
        for (int i = 0; i < most; i++)
        {
            double place = (i * goldenRatio) % 1.0;
            chosen[i] = (int)((i + place) * count / most);
        }

        return chosen;
    }
}
