namespace Prometheus.Synthetic.Scenarios.Spectra;

/// <summary>What dominates a window of returns. Names in JSON: TREND_DOMINATED, CHOPPY, OSCILLATORY.</summary>
public enum WindowClass
{
    /// <summary>Energy in the drift and the slowest swings: prices went somewhere.</summary>
    TrendDominated,

    /// <summary>Energy in changes that reverse within days: prices went back and forth.</summary>
    Choppy,

    /// <summary>One cycle stands out between the two.</summary>
    Oscillatory,
}

/// <summary>How far a window stands from white noise in the three directions, in standard deviations.</summary>
/// <param name="Trend">Energy share of periods of half the window or more, drift included.</param>
/// <param name="Choppiness">Energy share of periods below four days.</param>
/// <param name="Cycle">Share of the largest line among those between.</param>
public readonly record struct WindowScores(double Trend, double Choppiness, double Cycle)
{
    /// <summary>The largest score names the class; ties go to the earlier one.</summary>
    public WindowClass Class =>
        Trend >= Choppiness && Trend >= Cycle ? WindowClass.TrendDominated
        : Choppiness >= Cycle ? WindowClass.Choppy
        : WindowClass.Oscillatory;
}
