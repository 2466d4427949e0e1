using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Engine.Reading;

/// <summary>Which part of a set to read; the default is all of it.</summary>
public sealed record PathSlice
{
    /// <summary>First path, 0-based.</summary>
    public int FirstPath { get; init; }

    /// <summary>Number of paths; null for all that follow.</summary>
    public int? PathCount { get; init; }

    /// <summary>Ids of the wanted instruments, factors or macro series, in the order wanted; null for all in canonical order.</summary>
    public IReadOnlyList<string>? DriverIds { get; init; }

    /// <summary>Only drivers of this kind; null for all.</summary>
    public DriverKind? Kind { get; init; }

    /// <summary>About how many cells a block holds; bounds the reader's memory to 8 bytes each.</summary>
    public int BlockCells { get; init; } = 2_000_000;
}

/// <summary>
/// A block of consecutive paths. Its buffer is the reader's and is overwritten by the next block: copy what is to stay.
/// </summary>
/// <param name="Drivers">The K drivers of the slice, in its order.</param>
/// <param name="Values">PathCount·H·K shocks, [path][step 1..H][driver]; the baseline (step 0) is zero and not in it.</param>
public sealed record PathBlock(
    int FirstPath,
    int PathCount,
    int HorizonDays,
    IReadOnlyList<Driver> Drivers,
    ReadOnlyMemory<double> Values
)
{
    /// <summary>The K shocks of a step.</summary>
    /// <param name="path">0..PathCount−1 within the block.</param>
    /// <param name="step">1..H.</param>
    public ReadOnlySpan<double> Step(int path, int step) =>
        Values.Span.Slice((path * HorizonDays + step - 1) * Drivers.Count, Drivers.Count);

    /// <summary>One shock.</summary>
    public double this[int path, int step, int driver] => Step(path, step)[driver];
}
