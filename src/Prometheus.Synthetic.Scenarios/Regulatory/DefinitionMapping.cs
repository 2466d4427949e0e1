using System.Text.Json.Nodes;

namespace Prometheus.Synthetic.Scenarios.Regulatory;

/// <summary>
/// How a definition's periods lie on the steps of a path. Daily figures: a step is a day. Quarterly figures: Q quarters
/// are spread over H ≥ Q steps, quarter q ending at step ⌊q·H/Q⌋, so that each quarter's figure is hit at the end of
/// some step; a step then stands for about 63·Q/H trading days. One quarter over 60 steps is close to daily.
/// </summary>
/// <param name="From">Periods of the definition before the first step.</param>
internal sealed record DefinitionMapping(bool Quarterly, int From, int Periods, int Horizon)
{
    private const double TradingDaysPerQuarter = 63.0;

    /// <summary>Time of the end of a step (1..H; 0 is the baseline) in periods of the definition.</summary>
    public double TimeOf(int step)
    {
        if (!Quarterly)
            return From + step;
        int quarter = 0;
        while (quarter < Periods && EndOf(quarter + 1) <= step)
            quarter++;
        if (quarter == Periods)
            return From + Periods;
        int start = EndOf(quarter);
        return From + quarter + (step - start) / (double)(EndOf(quarter + 1) - start);
    }

    /// <summary>The step at whose end a period of the selection (1..) ends; 0 for the baseline.</summary>
    public int EndOf(int period) => Quarterly ? period * Horizon / Periods : period;

    /// <summary>Trading days that a step stands for.</summary>
    public double DaysPerStep => Quarterly ? TradingDaysPerQuarter * Periods / Horizon : 1.0;

    public JsonObject ToJson() =>
        new()
        {
            ["frequency"] = Quarterly ? "quarterly" : "daily",
            ["first_period"] = From + 1,
            ["periods"] = Periods,
            ["steps"] = Horizon,
            ["trading_days_per_step"] = DaysPerStep,
            ["period_end_steps"] = new JsonArray([
                .. Enumerable
                    .Range(1, Math.Min(Periods, 60))
                    .Select(EndOf)
                    .Where(s => s <= Horizon)
                    .Select(s => JsonValue.Create(s)),
            ]),
        };
}
