namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>Evaluates facts over the paths of a set and over history.</summary>
/// <param name="steps">H.</param>
internal sealed class FactEstimates(int steps, PathWeights weights)
{
    /// <summary>Windows of history whose shape is averaged.</summary>
    private const int MaxWindows = 250;

    /// <summary>Fewest windows side by side whose spread says something about an error.</summary>
    private const int FewestWindows = 5;

    private readonly Dictionary<Series, (double Mean, double Absolute)> _means = [];

    public int Steps => steps;

    public double EffectivePaths => weights.EffectivePaths;

    /// <summary>The figure over the set's paths; <c>Events</c> is the equally weighted number behind a rare-event figure.</summary>
    public (PathMean Figure, double Count) OfSet(Fact fact, Series a, Series b)
    {
        double[] sums = new double[weights.Count];
        double[] counts = new double[weights.Count];
        double total = 0;
        (double meanA, double absoluteA) = MeansOf(a);
        var own = new OwnMeans(meanA, MeansOf(b).Mean, absoluteA);
        for (int p = 0; p < sums.Length; p++)
        {
            (sums[p], counts[p]) = fact.Of(a, b, own, a.Set.AsSpan(p * steps, steps), b.Set.AsSpan(p * steps, steps));
            total += weights[p] * counts[p];
        }

        return (PathMean.Of(sums, counts, weights), total * weights.EffectivePaths);
    }

    /// <summary>
    /// The figure over the reference sample: as one block and without an error, because what a set resamples is that
    /// sample; or, where the length of a window matters, window by window with the error of so many windows as fit side
    /// by side.
    /// </summary>
    public PathMean OfHistory(Fact fact, Series a, Series b)
    {
        var own = new OwnMeans(a.Mean, b.Mean, a.AbsoluteMean);
        if (fact.Scope != FactScope.Rhythm)
        {
            (double whole, double count) = fact.Of(a, b, own, a.History, b.History);
            return new PathMean(whole / count, 0);
        }

        int starts = Math.Max(0, a.History.Length - steps + 1);
        int windows = Math.Min(MaxWindows, starts);
        var figures = new List<double>(windows);
        for (int i = 0; i < windows; i++)
        {
            ReadOnlySpan<double> window = a.History.AsSpan((int)((long)i * starts / windows), steps);
            (double figure, double used) = fact.Of(a, b, own, window, window);
            if (used > 0)
                figures.Add(figure);
        }

        int separate = SeparateWindows(a);
        if (separate < FewestWindows || figures.Count < FewestWindows)
            return new PathMean(double.NaN, double.NaN);
        double mean = figures.Average();
        double variance = figures.Sum(f => (f - mean) * (f - mean)) / (figures.Count - 1);
        return new PathMean(mean, Math.Sqrt(variance / Math.Min(separate, figures.Count)));
    }

    /// <summary>
    /// The error of the figure of as many days drawn one by one from history, or paths where neighbours matter. A set that
    /// by chance lacks the few days that carry a figure sees too small an error in its own spread; history does not.
    /// 0 where history is too short to say, and for figures that carry history's own error.
    /// </summary>
    public double LeastError(Fact fact, Series a, Series b)
    {
        int length = fact.FewestSteps > 1 ? steps : 1;
        int blocks = a.History.Length / length;
        if (fact.Scope == FactScope.Rhythm || blocks < FewestWindows)
            return 0;
        var own = new OwnMeans(a.Mean, b.Mean, a.AbsoluteMean);
        double sum = 0;
        double count = 0;
        double sumSquares = 0;
        double countSquares = 0;
        double products = 0;
        for (int i = 0; i < blocks; i++)
        {
            (double s, double c) = fact.Of(
                a,
                b,
                own,
                a.History.AsSpan(i * length, length),
                b.History.AsSpan(i * length, length)
            );
            sum += s;
            count += c;
            sumSquares += s * s;
            countSquares += c * c;
            products += s * c;
        }

        // Σ(s − m·c)² with m = Σs/Σc.
        double mean = sum / count;
        double squares = sumSquares - mean * (2 * products - mean * countSquares);
        double drawn = EffectivePaths * steps / length;
        double error = Math.Sqrt(Math.Max(squares, 0) * blocks / drawn) / count;
        return double.IsFinite(error) ? error : 0;
    }

    /// <summary>Number of observations that a verdict rests on: paths, or windows of history when they are fewer.</summary>
    public double Observations(Fact fact, Series a) =>
        fact.Scope == FactScope.Rhythm ? Math.Min(EffectivePaths, SeparateWindows(a)) : EffectivePaths;

    /// <summary>Whether enough rare events are expected at the given figure for a verdict.</summary>
    public static bool Enough(Fact fact, double figure, double count) =>
        fact.Rare switch
        {
            RareEvents.Sum => figure * count >= Fact.FewestEvents,
            RareEvents.Count => count >= Fact.FewestEvents,
            _ => true,
        };

    private (double Mean, double Absolute) MeansOf(Series s)
    {
        if (_means.TryGetValue(s, out (double, double) known))
            return known;
        double mean = 0;
        double absolute = 0;
        for (int p = 0; p < weights.Count; p++)
        {
            double sum = 0;
            double sizes = 0;
            foreach (double v in s.Set.AsSpan(p * steps, steps))
            {
                sum += v;
                sizes += Math.Abs(v);
            }

            mean += weights[p] * sum / steps;
            absolute += weights[p] * sizes / steps;
        }

        return _means[s] = (mean, absolute);
    }

    private int SeparateWindows(Series s) => s.History.Length / steps;
}
