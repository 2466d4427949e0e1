using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Volatility;

/// <summary>
/// A panel split into volatility and rows of standardised residuals (Barone-Adesi, Giannopoulos and Vosper 1999). Returns
/// are filtered as logarithms, macro changes as they are; residuals are re-standardised to mean 0 and variance 1 over
/// the history. Per driver σ²(t+1) = ω + α·e²(t) + β·σ²(t); an EWMA has ω = 0, α = 1 − λ, β = λ and the sample mean as μ.
/// </summary>
internal sealed class FilteredPanel
{
    private FilteredPanel(int width) =>
        (Mean, Omega, Alpha, Beta, Today, Cap) = (
            new double[width],
            new double[width],
            new double[width],
            new double[width],
            new double[width],
            new double[width]
        );

    /// <summary>T × K residuals, time-major.</summary>
    public double[] Residuals { get; private set; } = [];

    public double[] Mean { get; }

    public double[] Omega { get; }

    public double[] Alpha { get; }

    public double[] Beta { get; }

    /// <summary>Variance forecast for the first step of a path: today's.</summary>
    public double[] Today { get; }

    /// <summary>Largest variance a path may reach.</summary>
    public double[] Cap { get; }

    /// <exception cref="ScenarioRefusedException">A driver does not move, or the history is too short to fit a GARCH.</exception>
    public static FilteredPanel Fit(ShockPanel panel, VolatilityFilterSpec spec, JsonObject report)
    {
        if (spec.Garch && panel.Days < GarchFit.FewestObservations)
            throw new ScenarioRefusedException(
                ErrorCodes.TooLittleHistory,
                "generator_spec.filter.model",
                $"a GARCH(1,1) needs at least {GarchFit.FewestObservations} days of history and there are {panel.Days}; widen the dates or use model ewma"
            );
        RefuseConstant(panel);
        var filtered = new FilteredPanel(panel.Width);
        double[] residuals = new double[panel.Values.Length];
        var garches = new Garch?[panel.Width];
        // Drivers are independent of one another, so the number of threads changes no bit.
        Parallel.For(0, panel.Width, k => garches[k] = filtered.FitDriver(panel, k, spec, residuals));
        filtered.Residuals = residuals;
        Describe(panel, spec, filtered, garches, report);
        return filtered;
    }

    private Garch? FitDriver(ShockPanel panel, int k, VolatilityFilterSpec spec, double[] residuals)
    {
        double[] x = panel.Column(k);
        if (panel.Drivers[k].Kind != DriverKind.Macro)
        {
            for (int t = 0; t < x.Length; t++)
                x[t] = StableMath.Log(1.0 + x[t]);
        }

        Garch? garch = spec.Garch ? GarchFit.Fit(x, spec.StudentT) : null;
        if (garch is { Converged: false })
            garch = null;
        double mean = 0.0;
        foreach (double v in x)
            mean += v;
        Mean[k] = garch?.Mean ?? mean / x.Length;
        Omega[k] = garch?.Omega ?? 0.0;
        Alpha[k] = garch?.Alpha ?? 1.0 - spec.Lambda;
        Beta[k] = garch?.Beta ?? spec.Lambda;
        Residualise(x, k, spec, residuals, panel.Width);
        return garch;
    }

    private void Residualise(double[] x, int k, VolatilityFilterSpec spec, double[] residuals, int width)
    {
        for (int t = 0; t < x.Length; t++)
            x[t] -= Mean[k];
        double backcast = EwmaVariance.Backcast(x);
        double variance = Omega[k] + (Alpha[k] + Beta[k]) * backcast;
        double highest = variance;
        // Weeks of stale prices let an EWMA decay to nothing, and the next move would look infinite.
        double floor = 1e-4 * backcast;
        double sum = 0.0;
        double squares = 0.0;
        for (int t = 0; t < x.Length; t++)
        {
            variance = Math.Max(variance, floor);
            highest = Math.Max(highest, variance);
            double z = x[t] / Math.Sqrt(variance);
            residuals[t * width + k] = z;
            sum += z;
            variance = Omega[k] + Alpha[k] * (x[t] * x[t]) + Beta[k] * variance;
        }

        Today[k] = Math.Max(variance, floor);
        Cap[k] = spec.VolatilityCap * spec.VolatilityCap * Math.Max(highest, Today[k]);
        double mean = sum / x.Length;
        for (int t = 0; t < x.Length; t++)
        {
            double z = residuals[t * width + k] -= mean;
            squares += z * z;
        }

        double scale = 1.0 / Math.Sqrt(squares / x.Length);
        for (int t = 0; t < x.Length; t++)
            residuals[t * width + k] *= scale;
    }

    private static void RefuseConstant(ShockPanel panel)
    {
        var errors = new List<FieldError>();
        for (int k = 0; k < panel.Width && errors.Count < 20; k++)
        {
            double[] column = panel.Column(k);
            if (column.All(v => v == column[0]))
                errors.Add(
                    new FieldError(
                        ErrorCodes.ConstantSeries,
                        panel.Drivers[k].Id,
                        $"is {column[0]} on all {panel.Days} days and has no volatility to filter; exclude it or leave filter out"
                    )
                );
        }

        if (errors.Count > 0)
            throw new ScenarioRefusedException(errors);
    }

    private static void Describe(
        ShockPanel panel,
        VolatilityFilterSpec spec,
        FilteredPanel filtered,
        Garch?[] garches,
        JsonObject report
    )
    {
        double[] persistence =
        [
            .. Enumerable.Range(0, panel.Width).Select(k => filtered.Alpha[k] + filtered.Beta[k]).Order(),
        ];
        var filter = new JsonObject
        {
            ["model"] = spec.Garch ? "garch" : "ewma",
            ["median_persistence"] = persistence[persistence.Length / 2],
            ["returns_filtered_as"] = "log returns; a step is exp(mean + sigma z) - 1, which stays above -1",
            ["volatility_cap"] = spec.VolatilityCap,
        };
        if (spec.Garch)
        {
            filter["innovations"] = spec.StudentT ? "t" : "normal";
            filter["fallback_to_ewma"] = new JsonArray([
                .. panel.Drivers.Where((_, k) => garches[k] is null).Select(d => (JsonNode)d.Id),
            ]);
        }
        else
        {
            filter["lambda"] = spec.Lambda;
        }

        if (panel.Width <= 100)
        {
            filter["drivers"] = new JsonArray([
                .. panel.Drivers.Select(
                    (d, k) =>
                        (JsonNode)
                            new JsonObject
                            {
                                ["id"] = d.Id,
                                ["mean"] = filtered.Mean[k],
                                ["omega"] = filtered.Omega[k],
                                ["alpha"] = filtered.Alpha[k],
                                ["beta"] = filtered.Beta[k],
                                ["nu"] = garches[k]?.DegreesOfFreedom,
                                ["volatility_today"] = Math.Sqrt(filtered.Today[k]),
                            }
                ),
            ]);
        }

        report["filter"] = filter;
    }
}
