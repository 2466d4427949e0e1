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
        IReadOnlyList<IReadOnlyList<DateOnly>?> sourceDates
    )
    {
        Paths = paths;
        Drivers = drivers;
        Steps = steps;
        Columns = columns;
        Portfolio = portfolio;
        SourceDates = sourceDates;
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

    /// <summary>Generates the sample of a set.</summary>
    public static PathSample Of(IPathGenerator generator, GenerationShape shape, CancellationToken ct = default)
    {
        int[] paths = Spread(shape.NumPaths, MaxPaths);
        int[] chosen = Spread(generator.Drivers.Count, MaxDrivers);
        int width = generator.Drivers.Count;
        int steps = shape.HorizonDays;
        int[] instruments =
        [
            .. Enumerable.Range(0, width).Where(k => generator.Drivers[k].Kind == DriverKind.Instrument),
        ];
        var columns = new double[chosen.Length][];
        for (int c = 0; c < columns.Length; c++)
            columns[c] = new double[paths.Length * steps];
        double[] portfolio = new double[instruments.Length > 0 ? paths.Length * steps : 0];
        var dates = new IReadOnlyList<DateOnly>?[paths.Length];
        double[] buffer = ArrayPool<double>.Shared.Rent(steps * width);
        try
        {
            Span<double> path = buffer.AsSpan(0, steps * width);
            for (int p = 0; p < paths.Length; p++)
            {
                ct.ThrowIfCancellationRequested();
                generator.Generate(paths[p], path);
                dates[p] = generator.Describe(paths[p])?.SourceDates;
                for (int h = 0; h < steps; h++)
                {
                    ReadOnlySpan<double> row = path.Slice(h * width, width);
                    for (int c = 0; c < chosen.Length; c++)
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

        return new PathSample(paths, [.. chosen.Select(c => generator.Drivers[c])], steps, columns, portfolio, dates);
    }

    /// <summary>The same portfolio in history, T values.</summary>
    public static double[] PortfolioOf(ShockPanel panel)
    {
        int[] instruments =
        [
            .. Enumerable.Range(0, panel.Width).Where(k => panel.Drivers[k].Kind == DriverKind.Instrument),
        ];
        if (instruments.Length == 0)
            return [];
        double[] returns = new double[panel.Days];
        for (int t = 0; t < returns.Length; t++)
            returns[t] = Mean(panel.Day(t), instruments);
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
    private static int[] Spread(int count, int most)
    {
        int taken = Math.Min(count, most);
        int[] chosen = new int[taken];
        for (int i = 0; i < taken; i++)
            chosen[i] = (int)((long)i * count / taken);
        return chosen;
    }
}
