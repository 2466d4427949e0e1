namespace Prometheus.Synthetic.Storage.Market.Simulation;

/// <summary>What all simulated markets share: calendar, regimes, factors and macro series of one (seed, years, end).</summary>
internal sealed class SimulatedWorld
{
    /// <summary>Region → how many trading days late its regime engine notices a change.</summary>
    public static IReadOnlyList<(string Region, int Delay)> Regions { get; } = [("EU", 3), ("GLOBAL", 2), ("US", 1)];

    public required SimulatedDraws Draws { get; init; }

    public required DateOnly[] Days { get; init; }

    public required Phase[] Phases { get; init; }

    public required FactorPaths Factors { get; init; }

    public required IReadOnlyList<MacroPath> Macro { get; init; }

    /// <summary>Index of the first trading day of each month; exposures are registered on these days and hold from them.</summary>
    public required int[] MonthStarts { get; init; }

    /// <summary>Month of each day, an index into <see cref="MonthStarts"/>.</summary>
    public required int[] MonthOf { get; init; }

    public static SimulatedWorld Create(ulong seed, int years, DateOnly end)
    {
        var draws = new SimulatedDraws(seed);
        DateOnly[] days = TradingCalendar.Days(end, years);
        Phase[] phases = RegimePhases.Simulate(draws, days.Length);
        FactorPaths factors = FactorPaths.Simulate(draws, phases);
        int[] starts = [.. Enumerable.Range(0, days.Length).Where(t => t == 0 || days[t].Month != days[t - 1].Month)];
        int[] monthOf = new int[days.Length];
        for (int t = 1; t < days.Length; t++)
            monthOf[t] = monthOf[t - 1] + (days[t].Month != days[t - 1].Month ? 1 : 0);
        return new SimulatedWorld
        {
            Draws = draws,
            Days = days,
            Phases = phases,
            Factors = factors,
            Macro = MacroPaths.Simulate(draws, days, phases, factors),
            MonthStarts = starts,
            MonthOf = monthOf,
        };
    }
}
