namespace Prometheus.Synthetic.Scenarios.Generation;

/// <summary>The size and seed of a set.</summary>
/// <param name="NumPaths">Number of paths, 1 or more.</param>
/// <param name="HorizonDays">Steps per path, 1..60; horizon index 0 is the baseline and is not generated.</param>
/// <param name="Seed">Key of every random draw.</param>
public sealed record GenerationShape(int NumPaths, int HorizonDays, ulong Seed)
{
    public const int MaxHorizonDays = 60;
}
