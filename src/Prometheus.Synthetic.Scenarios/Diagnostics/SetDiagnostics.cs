using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>
/// What a set is like beside the sample it was calibrated on (fidelity), how much of it is history repeated
/// (memorisation), and which part of what could happen it covers. Computed from a stated sample of its paths; figures are
/// for judgement and enter no hash.
/// </summary>
/// <param name="PathsSampled">Paths looked at, evenly spaced.</param>
/// <param name="DriversSampled">Drivers looked at one by one, evenly spaced, the portfolio of all instruments besides.</param>
/// <param name="Memorisation">Null when no driver moves in history.</param>
/// <param name="Coverage">Null when no driver moves in history.</param>
/// <param name="Notes">What could not be computed, and why.</param>
public sealed record SetDiagnostics(
    int PathsSampled,
    int DriversSampled,
    IReadOnlyList<FidelityCheck> Fidelity,
    MemorisationReport? Memorisation,
    CoverageReport? Coverage,
    IReadOnlyList<string> Notes
)
{
    /// <summary>Name of the equally weighted portfolio of all instruments.</summary>
    public const string Portfolio = "PORTFOLIO";

    /// <summary>Number of checks that warn.</summary>
    public int Warnings => Fidelity.Count(c => c.Verdict == Verdict.Warn);

    /// <summary>Diagnoses a set from what its record holds: deterministic, no IO.</summary>
    public static SetDiagnostics Of(
        CalibrationSnapshot snapshot,
        IPathGenerator generator,
        GenerationShape shape,
        CancellationToken ct = default
    )
    {
        var notes = new List<string>();
        if (snapshot.Panel.Days < 2)
        {
            notes.Add("the set was not calibrated on history; there is nothing to compare it with");
            return new SetDiagnostics(0, 0, [], null, null, notes);
        }

        PathSample sample = PathSample.Of(generator, shape, ct);
        List<Series> series = Match(snapshot.Panel, sample, notes);
        int drivers = series.Count;
        double[] portfolio = PathSample.PortfolioOf(snapshot.Panel);
        if (portfolio.Length > 0 && sample.Portfolio.Count > 0)
            series.Add(new Series(Portfolio, [.. sample.Portfolio], portfolio));
        foreach (Series constant in series.Where(s => !s.Moves))
            notes.Add($"{constant.Name} does not move in history; it is left out");
        series.RemoveAll(s => !s.Moves);
        if (series.Count == 0)
        {
            notes.Add("no driver of the set moves in the calibration sample; nothing can be compared");
            return new SetDiagnostics(sample.Paths.Count, drivers, [], null, null, notes);
        }

        int paths = sample.Paths.Count;
        var classifier = new TraitClassifier(series, shape.HorizonDays, snapshot);
        PathTraits[] traits =
        [
            .. Enumerable
                .Range(0, paths)
                .Select(p => classifier.Classify(p * shape.HorizonDays, sample.SourceDates[p])),
        ];
        if (!classifier.HasRadius)
            notes.Add("the drivers' covariance is singular; distances are not defined");
        if (shape.HorizonDays < Spectra.WindowClassifier.MinDays)
            notes.Add(
                $"{shape.HorizonDays} steps are too short for a spectral class; {Spectra.WindowClassifier.MinDays} are needed"
            );
        return new SetDiagnostics(
            paths,
            drivers,
            new Fidelity(series, paths, shape.HorizonDays).Run(),
            Diagnostics.Memorisation.Of(series[^1], paths, shape.HorizonDays),
            Diagnostics.Coverage.Of(traits, classifier),
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
