using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Plausibility;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>
/// The coordinates in which a shock is chosen and its plausibility is measured, and how every driver of the panel
/// follows from them: driver k moves by Rows[k]·x. Either the drivers themselves, or the factors of a model with macro
/// series and, for the target instruments, a direct term (their own residual).
/// </summary>
public sealed class ShockSpace
{
    private readonly DerivedDrivers _derived;

    private ShockSpace(
        string kind,
        IReadOnlyList<Driver> drivers,
        CalibrationMetric metric,
        double[] sample,
        LinearForm[] rows,
        DerivedDrivers derived,
        IReadOnlyList<string> notes
    )
    {
        Sample = sample;
        Kind = kind;
        Drivers = drivers;
        Metric = metric;
        Rows = rows;
        _derived = derived;
        Notes = notes;
    }

    /// <summary>drivers, or factors:MODEL.</summary>
    public string Kind { get; }

    public IReadOnlyList<Driver> Drivers { get; }

    public CalibrationMetric Metric { get; }

    /// <summary>T × d calibration days in the coordinates of the space, time-major.</summary>
    public double[] Sample { get; }

    /// <summary>Per driver, its linear dependence on x.</summary>
    public IReadOnlyList<LinearForm> Rows { get; }

    public IReadOnlyList<string> Notes { get; }

    public int Dimension => Metric.Dimension;

    /// <summary>Writes the drivers' moves of one day; derived ones are closed exactly.</summary>
    public void Move(double[] x, Span<double> day)
    {
        for (int k = 0; k < Rows.Count; k++)
            day[k] = Rows[k].Of(x);
        _derived.Close(day);
    }

    /// <summary>Bᵀw: exposure of weighted drivers (K weights) in the coordinates of the space.</summary>
    public double[] Exposure(ReadOnlySpan<double> weights)
    {
        double[] exposure = new double[Dimension];
        for (int k = 0; k < Rows.Count; k++)
        {
            if (weights[k] == 0.0)
                continue;
            LinearForm row = Rows[k];
            for (int i = 0; i < row.Index.Length; i++)
                exposure[row.Index[i]] += weights[k] * row.Weight[i];
        }

        return exposure;
    }

    /// <summary>The space of the drivers themselves, less those that are constant or follow from others.</summary>
    public static ShockSpace OfDrivers(ShockPanel panel, ThreatModel model)
    {
        var derived = new DerivedDrivers(panel.Drivers, model.Indices);
        HashSet<int> follows = [.. derived.Drivers];
        int[] free = [.. Enumerable.Range(0, panel.Width).Where(k => !follows.Contains(k) && Varies(panel, k))];
        if (free.Length == 0)
            throw new ScenarioRefusedException(
                ErrorCodes.ConstantSeries,
                "universe_filter",
                "no driver of the panel varies; widen the universe or the dates"
            );
        double[] data = new double[panel.Days * free.Length];
        for (int t = 0; t < panel.Days; t++)
        {
            for (int i = 0; i < free.Length; i++)
                data[t * free.Length + i] = panel[t, free[i]];
        }

        LinearForm[] rows = new LinearForm[panel.Width];
        Array.Fill(rows, new LinearForm([], []));
        for (int i = 0; i < free.Length; i++)
            rows[free[i]] = LinearForm.Coordinate(i);
        Chain(rows, derived, free.Length);
        var metric = new CalibrationMetric([.. free.Select(k => panel.Drivers[k].Id)], panel.Dates, data);
        return new ShockSpace("drivers", panel.Drivers, metric, data, rows, derived, ConstantNotes(panel));
    }

    /// <summary>
    /// The space of the panel's factors and macro series, with a direct term for each instrument in
    /// <paramref name="direct"/>. Registered exposures are used where there are any, regression elsewhere.
    /// </summary>
    /// <exception cref="ScenarioRefusedException">The panel has no factors.</exception>
    public static ShockSpace OfFactors(CalibrationSnapshot snapshot, ThreatModel model, IReadOnlyList<int> direct)
    {
        ShockPanel panel = snapshot.Panel;
        var derived = new DerivedDrivers(panel.Drivers, model.Indices);
        HashSet<int> follows = [.. derived.Drivers];
        int[] factors = [.. Of(DriverKind.Factor)];
        int[] macros = [.. Of(DriverKind.Macro)];
        if (factors.Length == 0)
            throw new ScenarioRefusedException(
                ErrorCodes.MissingExposure,
                "generator_spec.factors",
                "the panel holds no factor that varies; import factors or leave factors and factor_model_id out"
            );
        int[] terms = [.. direct.Where(k => !follows.Contains(k) && Varies(panel, k)).Order()];
        var exposures = FactorLoadings.Of(snapshot, factors);
        int d = factors.Length + macros.Length + terms.Length;
        double[] data = new double[panel.Days * d];
        for (int t = 0; t < panel.Days; t++)
        {
            Span<double> day = data.AsSpan(t * d, d);
            for (int i = 0; i < factors.Length; i++)
                day[i] = panel[t, factors[i]];
            for (int i = 0; i < macros.Length; i++)
                day[factors.Length + i] = panel[t, macros[i]];
            for (int i = 0; i < terms.Length; i++)
                day[factors.Length + macros.Length + i] = exposures.Residual(t, terms[i]);
        }

        LinearForm[] rows = new LinearForm[panel.Width];
        Array.Fill(rows, new LinearForm([], []));
        for (int i = 0; i < factors.Length; i++)
            rows[factors[i]] = LinearForm.Coordinate(i);
        for (int i = 0; i < macros.Length; i++)
            rows[macros[i]] = LinearForm.Coordinate(factors.Length + i);
        double[] dense = new double[d];
        foreach (int k in Of(DriverKind.Instrument).Where(k => !follows.Contains(k)))
        {
            Array.Clear(dense);
            exposures.Of(k).CopyTo(dense.AsSpan());
            int term = Array.BinarySearch(terms, k);
            if (term >= 0)
                dense[factors.Length + macros.Length + term] = 1.0;
            rows[k] = LinearForm.Of(dense);
        }

        Chain(rows, derived, d);
        string[] names =
        [
            .. factors.Concat(macros).Select(k => panel.Drivers[k].Id),
            .. terms.Select(k => "direct:" + panel.Drivers[k].Id),
        ];
        return new ShockSpace(
            "factors:" + (snapshot.Exposures?.ModelId ?? "estimated"),
            panel.Drivers,
            new CalibrationMetric(names, panel.Dates, data),
            data,
            rows,
            derived,
            [.. ConstantNotes(panel), .. exposures.Notes]
        );

        IEnumerable<int> Of(DriverKind kind) =>
            Enumerable.Range(0, panel.Width).Where(k => panel.Drivers[k].Kind == kind && Varies(panel, k));
    }

    /// <summary>Derived drivers depend on x through what they derive from.</summary>
    private static void Chain(LinearForm[] rows, DerivedDrivers derived, int size)
    {
        foreach ((int driver, int[] on, double[] weights) in derived.Linear())
        {
            double[] dense = new double[size];
            for (int i = 0; i < on.Length; i++)
            {
                LinearForm row = rows[on[i]];
                for (int j = 0; j < row.Index.Length; j++)
                    dense[row.Index[j]] += weights[i] * row.Weight[j];
            }

            rows[driver] = LinearForm.Of(dense);
        }
    }

    private static bool Varies(ShockPanel panel, int k)
    {
        for (int t = 1; t < panel.Days; t++)
        {
            if (panel[t, k] != panel[0, k])
                return true;
        }

        return false;
    }

    private static IReadOnlyList<string> ConstantNotes(ShockPanel panel)
    {
        string[] constant =
        [
            .. Enumerable.Range(0, panel.Width).Where(k => !Varies(panel, k)).Select(k => panel.Drivers[k].Id),
        ];
        return constant.Length == 0 ? [] : [$"Constant in the sample and left at rest: {string.Join(", ", constant)}."];
    }
}
