using Prometheus.Synthetic.Scenarios.Diagnostics.Severity;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>
/// What a set is like beside the sample it was calibrated on (fidelity), how much of it is history repeated
/// (memorisation), and which part of what could happen it covers. Computed from a stated sample of its paths; figures are
/// for judgement and enter no hash.
/// </summary>
/// <param name="PathsSampled">Paths looked at, spread over the set.</param>
/// <param name="EffectivePaths">
/// Equally weighted paths that would carry the same error; fewer than sampled when paths carry probabilities.
/// </param>
/// <param name="DriversSampled">Drivers looked at one by one, evenly spaced, the portfolio of all instruments besides.</param>
/// <param name="Memorisation">Null when no driver moves in history.</param>
/// <param name="Coverage">Null when no driver moves in history.</param>
/// <param name="Notes">What could not be computed, and why.</param>
public sealed record SetDiagnostics(
    int PathsSampled,
    double EffectivePaths,
    int DriversSampled,
    IReadOnlyList<FidelityCheck> Fidelity,
    MemorisationReport? Memorisation,
    CoverageReport? Coverage,
    IReadOnlyList<string> Notes
)
{
    /// <summary>Name of the equally weighted portfolio of all instruments.</summary>
    public const string Portfolio = "PORTFOLIO";

    /// <summary>The set held against the extreme-value figures of its <c>severity_checks</c>; empty when it has none.</summary>
    public IReadOnlyList<SeverityFinding> Severity { get; init; } = [];

    /// <summary>Number of checks that warn.</summary>
    public int Warnings => Fidelity.Count(c => c.Verdict == Verdict.Warn);

    /// <summary>Diagnoses a set from what its record holds: deterministic, no IO.</summary>
    public static SetDiagnostics Of(
        CalibrationSnapshot snapshot,
        IPathGenerator generator,
        GenerationShape shape,
        CancellationToken ct = default
    ) => Of(snapshot, generator, shape, [], ct);

    /// <summary>As above, with external figures of its severity.</summary>
    /// <param name="checks">All of drivers that the generator has.</param>
    public static SetDiagnostics Of(
        CalibrationSnapshot snapshot,
        IPathGenerator generator,
        GenerationShape shape,
        IReadOnlyList<SeverityCheck> checks,
        CancellationToken ct = default
    )
    {
        var notes = new List<string>();
        IReadOnlyList<SeverityFinding> severity = SeverityChecks.Of(generator, shape, checks, notes, ct);
        SetDiagnostics compared = Compare(snapshot, generator, shape, ct);
        // The same probabilities are weighed twice; what is said of them is said once.
        return compared with { Severity = severity, Notes = [.. compared.Notes.Union(notes)] };
    }

    private static SetDiagnostics Compare(
        CalibrationSnapshot snapshot,
        IPathGenerator generator,
        GenerationShape shape,
        CancellationToken ct
    )
    {
        var notes = new List<string>();
        if (snapshot.Panel.Days < 2)
        {
            notes.Add("the set was not calibrated on history; there is nothing to compare it with");
            return new SetDiagnostics(0, 0, 0, [], null, null, notes);
        }

        PathSample sample = PathSample.Of(generator, shape, ct);
        List<Series> series = Match(snapshot.Panel, sample, notes);
        int drivers = series.Count;
        // The portfolio of one instrument is that instrument.
        if (sample.Instruments.Count > 1)
        {
            double[] portfolio = sample.PortfolioIn(snapshot.Panel);
            if (portfolio.Length > 0)
                series.Add(new Series(Portfolio, [.. sample.Portfolio], portfolio, isPortfolio: true));
            else
                notes.Add("not every instrument of the set is in the calibration panel; the portfolio is not compared");
        }

        foreach (Series constant in series.Where(s => !s.Moves))
            notes.Add($"{constant.Name} does not move in history; it is left out");
        series.RemoveAll(s => !s.Moves);
        if (series.Count == 0)
        {
            notes.Add("no driver of the set moves in the calibration sample; nothing can be compared");
            return new SetDiagnostics(sample.Paths.Count, sample.Paths.Count, drivers, [], null, null, notes);
        }

        int paths = sample.Paths.Count;
        var weights = PathWeights.Of(sample.Probabilities, notes);
        var classifier = new TraitClassifier(series, shape.HorizonDays, snapshot);
        PathTraits[] traits =
        [
            .. Enumerable
                .Range(0, paths)
                .Select(p => classifier.Classify(p * shape.HorizonDays, sample.SourceDates[p])),
        ];
        if (snapshot.Panel.Days < shape.HorizonDays)
            notes.Add(
                $"history has {snapshot.Panel.Days} days and no window of {shape.HorizonDays}; traits have no usual range, and nothing is near a window"
            );
        if (shape.HorizonDays < Spectra.WindowClassifier.MinDays)
            notes.Add(
                $"{shape.HorizonDays} steps are too short for a spectral class; {Spectra.WindowClassifier.MinDays} are needed"
            );
        return new SetDiagnostics(
            paths,
            weights.EffectivePaths,
            drivers,
            new Fidelity(series, new FactEstimates(shape.HorizonDays, weights)).Run(),
            Diagnostics.Memorisation.Of(series[^1], paths, shape.HorizonDays),
            Diagnostics.Coverage.Of(traits, weights, classifier),
            notes
        );
    }

    private static List<Series> Match(ShockPanel panel, PathSample sample, List<string> notes)
    {
        var series = new List<Series>();
        int unknown = 0;
        for (int c = 0; c < sample.Drivers.Count; c++)
        {
            Driver driver = sample.Drivers[c];
            int k = panel.IndexOf(driver.Kind, driver.Id);
            if (k < 0)
                unknown++;
            else
                series.Add(new Series(driver.Id, sample.Columns[c], panel.Column(k)));
        }

        if (unknown > 0)
            notes.Add($"{unknown} sampled drivers are not in the calibration panel; they are not compared");
        return series;
    }
}
