using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Tails.Margins;

/// <summary>The kinds of marginal model.</summary>
public enum MarginKind
{
    Gpd,
    StudentT,
    Empirical,
    Normal,
}

/// <summary><c>margins</c>: which distribution each series is given.</summary>
/// <param name="TailFraction">Share of the sample in each tail of <c>gpd</c>.</param>
/// <param name="Path">Where it stands in the request.</param>
public sealed record MarginSpec(MarginKind Kind, double TailFraction, string Path)
{
    private const double DefaultTailFraction = 0.10;
    private const string ReplicatesKey = "goodness_of_fit_replicates";

    /// <summary><c>goodness_of_fit_replicates</c>: of the parametric bootstrap behind each margin's test; 0 for no test.</summary>
    public int Replicates { get; init; }

    /// <param name="reader">The object <c>{kind, tail_fraction}</c>; null for <c>gpd</c> with tails of 10 %.</param>
    public static MarginSpec Read(SpecReader? reader, string path)
    {
        if (reader is null)
            return new MarginSpec(MarginKind.Gpd, DefaultTailFraction, path);
        string kind = reader.Choice("kind", "gpd", "gpd", "student_t", "empirical", "normal");
        bool given = reader.Has("tail_fraction");
        double fraction = reader.Number("tail_fraction", DefaultTailFraction, 0.005, 0.25);
        if (given && kind != "gpd")
            reader.Refuse(ErrorCodes.Conflict, "tail_fraction", $"goes with kind 'gpd', not '{kind}'; remove it");
        int replicates = ParametricBootstrap.Read(reader, ReplicatesKey);
        if (replicates > 0 && kind == "empirical")
            reader.Refuse(ErrorCodes.Conflict, ReplicatesKey, "kind 'empirical' is the sample itself; remove it");
        reader.Finish();
        return new MarginSpec(
            kind switch
            {
                "student_t" => MarginKind.StudentT,
                "empirical" => MarginKind.Empirical,
                "normal" => MarginKind.Normal,
                _ => MarginKind.Gpd,
            },
            fraction,
            path
        )
        {
            Replicates = replicates,
        };
    }

    /// <summary>Fits every column of the rows; all refusals at once, each naming its series.</summary>
    /// <param name="rows">T × n values, row after row.</param>
    /// <param name="ids">The n series' names.</param>
    /// <exception cref="ScenarioRefusedException">A series cannot carry the model.</exception>
    public IMargin[] Fit(double[] rows, IReadOnlyList<string> ids)
    {
        int n = ids.Count;
        long parts = Kind == MarginKind.Gpd ? 2L * n : n;
        ParametricBootstrap.RefuseTooMany(Replicates, parts, "margins or tails", $"{Path}.{ReplicatesKey}");
        int count = rows.Length / n;
        var margins = new IMargin[n];
        var errors = new ScenarioRefusedException?[n];
        // Each series is fitted alone, so the order of the threads cannot touch a digit.
        Parallel.For(
            0,
            n,
            i =>
            {
                double[] column = new double[count];
                for (int t = 0; t < count; t++)
                    column[t] = rows[t * n + i];
                try
                {
                    margins[i] = Fit(column, $"{Path} of {ids[i]}");
                }
                catch (ScenarioRefusedException refused)
                {
                    errors[i] = refused;
                }
            }
        );
        FieldError[] all = [.. errors.Where(e => e is not null).SelectMany(e => e!.Errors)];
        return all.Length == 0 ? margins : throw new ScenarioRefusedException(all);
    }

    private IMargin Fit(double[] column, string field)
    {
        switch (Kind)
        {
            case MarginKind.StudentT:
                return new StudentMargin(StudentFit.Of(column, field));
            case MarginKind.Empirical:
                return new EmpiricalMargin(column);
            case MarginKind.Normal:
                return NormalMargin.Of(column);
            default:
                return SemiParametricMargin.Of(column, TailFraction, field);
        }
    }
}
