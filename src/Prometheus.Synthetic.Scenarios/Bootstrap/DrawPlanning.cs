using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Selection;

namespace Prometheus.Synthetic.Scenarios.Bootstrap;

/// <summary>Turns a spec, the request's regimes and the data into a <see cref="DrawPlan"/>.</summary>
internal static class DrawPlanning
{
    /// <exception cref="ScenarioRefusedException">The pool, or a regime that paths reach, holds too few days.</exception>
    public static DrawPlan Build(
        CalibrationSnapshot snapshot,
        BlockBootstrapSpec spec,
        double length,
        IReadOnlyList<string>? regimeFilter,
        JsonObject report
    )
    {
        int days = snapshot.Panel.Days;
        IDayCondition[] conditions = [.. spec.Days.Conditions(snapshot)];
        StartPool admitted = StartPool.All(days);
        foreach (IDayCondition condition in conditions.Where(c => !c.StartOnly))
            admitted = admitted.Where(condition);
        bool[] mask = admitted.Mask();
        RegimeHistory? regimes = Regimes(snapshot, spec, regimeFilter);
        StartPool pool = admitted;
        RegimeChain? chain = null;
        if (spec.RegimeMode == RegimeMode.Transition)
        {
            StartPool starts = conditions.Where(c => c.StartOnly).Aggregate(admitted, (p, c) => p.Where(c));
            chain = RegimeChain.Estimate(snapshot, regimes!, mask, starts.Mask(), regimeFilter, spec.MinPoolDays);
            pool = pool.Where(new RegimeCondition(regimes!, regimeFilter ?? chain.Labels));
            report["regime_chain"] = chain.Describe();
        }
        else if (regimeFilter is not null)
        {
            pool = pool.Where(new RegimeCondition(regimes!, regimeFilter));
            mask = pool.Mask();
        }

        foreach (IDayCondition condition in conditions.Where(c => c.StartOnly))
            pool = pool.Where(condition);
        bool narrowed = !pool.IsWhole;
        if (spec.Scheme == BlockScheme.Moving)
            pool = pool.Where(new RoomCondition(days, (int)length));
        if (narrowed && pool.Count < spec.MinPoolDays)
            throw new ScenarioRefusedException(
                ErrorCodes.PoolTooSmall,
                regimeFilter is not null ? "regime_filter" : "generator_spec.min_pool_days",
                $"{pool.Count} start days are left and generator_spec.min_pool_days asks for {spec.MinPoolDays} ({pool.Explain()}); widen the conditions or the dates, or lower it"
            );
        Describe(snapshot, spec, pool, report);
        return new DrawPlan(
            spec.Scheme,
            length,
            pool,
            chain is null ? mask : null,
            spec.EndBlocksAtGaps ? snapshot.GapsBefore : [],
            spec.HalfLifeDays,
            chain
        );
    }

    private static RegimeHistory? Regimes(
        CalibrationSnapshot snapshot,
        BlockBootstrapSpec spec,
        IReadOnlyList<string>? regimeFilter
    )
    {
        if (regimeFilter is null && spec.RegimeMode != RegimeMode.Transition)
            return null;
        return snapshot.Regimes
            ?? throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                regimeFilter is null ? "generator_spec.regime_mode" : "regime_filter",
                "the calibration data hold no regime labels; run the Regime Engine or leave regimes out"
            );
    }

    private static void Describe(
        CalibrationSnapshot snapshot,
        BlockBootstrapSpec spec,
        StartPool pool,
        JsonObject report
    )
    {
        report["history_days"] = snapshot.Panel.Days;
        report["pool_days"] = pool.Count;
        report["pool"] = pool.Describe();
        report["gaps_in_history"] = snapshot.GapsBefore.Count;
        report["blocks_end_at_gaps"] = spec.EndBlocksAtGaps;
        if (spec.Scheme == BlockScheme.Moving)
            report["moving_blocks"] =
                "days near the ends of history are drawn less often: weight min(i, b, n-i+1, n-b+1)";
        if (spec.HalfLifeDays is { } halfLife)
            report["half_life_days"] = halfLife;
        if (spec.Days.Describe() is { } episodes)
            report["episodes"] = episodes;
        if (spec.RegimeMode == RegimeMode.Exit && !pool.IsWhole)
            report["regime_mode"] = "exit: a block ends where its conditions do, and another starts";
    }

    /// <summary>Days after which a whole moving block still fits.</summary>
    private sealed class RoomCondition(int days, int length) : IDayCondition
    {
        public string Name => $"room for a moving block of {length} days";

        public bool Admits(int day) => day + length <= days;
    }
}
