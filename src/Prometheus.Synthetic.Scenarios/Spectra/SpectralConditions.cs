using Prometheus.Synthetic.Scenarios.Selection;

namespace Prometheus.Synthetic.Scenarios.Spectra;

/// <summary>Days at which a window of an allowed class starts.</summary>
/// <param name="series">T returns.</param>
public sealed class SpectralClassCondition(double[] series, int windowDays, IReadOnlyList<WindowClass> allowed)
    : IDayCondition
{
    private readonly IReadOnlyList<WindowScores> _scores = new WindowClassifier(windowDays).ScoreAll(series);

    public string Name => "spectral_condition classes";

    public bool StartOnly => true;

    public bool Admits(int day) => day < _scores.Count && allowed.Contains(_scores[day].Class);
}

/// <summary>
/// Days whose preceding window is among the given share of those most like the last window of the history, by
/// <see cref="SpectralDistance"/>; ties go to the earlier day.
/// </summary>
public sealed class SpectralDistanceCondition : IDayCondition
{
    private readonly bool[] _near;

    /// <param name="series">T returns, at least twice the window.</param>
    /// <param name="windowDays">Days of a window.</param>
    /// <param name="share">Share kept, above 0 to 1.</param>
    public SpectralDistanceCondition(double[] series, int windowDays, double share)
    {
        int levels = Math.Min(5, MaximalOverlapTransform.MaxLevels(windowDays));
        double[] today = SpectralDistance.Profile(series.AsSpan(series.Length - windowDays), levels);
        int days = series.Length - windowDays;
        double[] distances = new double[days];
        int[] order = new int[days];
        for (int i = 0; i < days; i++)
        {
            order[i] = windowDays + i;
            distances[i] = SpectralDistance.Between(
                SpectralDistance.Profile(series.AsSpan(i, windowDays), levels),
                today
            );
        }

        Array.Sort(distances, order, comparer: null);
        int kept = Math.Max(1, (int)(share * days));
        double farthest = distances[kept - 1];
        _near = new bool[series.Length];
        // Array.Sort is not stable: among equal distances at the border the earlier days are taken.
        int below = Array.FindIndex(distances, d => d == farthest);
        for (int i = 0; i < below; i++)
            _near[order[i]] = true;
        int end = Array.FindLastIndex(distances, d => d == farthest) + 1;
        foreach (int day in order[below..end].Order().Take(kept - below))
            _near[day] = true;
    }

    public string Name => "spectral_condition nearest_share";

    public bool StartOnly => true;

    public bool Admits(int day) => _near[day];
}
