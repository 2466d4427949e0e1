using System.Buffers;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Dependence.Elliptical;
using Prometheus.Synthetic.Scenarios.Dependence.Vines;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Tails.Margins;

namespace Prometheus.Synthetic.Scenarios.Dependence;

/// <summary>
/// A joint distribution by Sklar's theorem: each series has its own fitted margin, a copula fitted to the series' ranks
/// joins them. Independent from step to step.
/// </summary>
public sealed class JointModel
{
    /// <summary>Rows drawn to state the tail dependence of what will be drawn.</summary>
    private const int ReportRows = 20_000;

    private const double ReportLevel = 0.05;
    private readonly ICopula _copula;
    private readonly ICopula? _conditional;
    private readonly CopulaCondition? _condition;
    private readonly IMargin[] _margins;

    // Made when it is read: workers that only draw need none, and a bootstrap takes its time.
    private readonly Lazy<JsonObject> _report;

    private JointModel(
        IMargin[] margins,
        ICopula copula,
        ICopula? conditional,
        CopulaCondition? condition,
        Func<JsonObject> report
    )
    {
        _margins = margins;
        _copula = copula;
        _conditional = conditional;
        _condition = condition;
        _report = new(report);
    }

    public int Width => _margins.Length;

    /// <summary>Margins, copula, ties, goodness of fit and tail dependence before and after.</summary>
    public JsonObject Report => _report.Value;

    /// <param name="rows">T × K observations, row after row.</param>
    /// <exception cref="ScenarioRefusedException">A margin or the copula cannot be fitted, or a given id is unknown.</exception>
    public static JointModel Fit(
        double[] rows,
        IReadOnlyList<string> ids,
        MarginSpec marginSpec,
        CopulaSpec spec,
        PhiloxStream stream,
        ushort lane
    )
    {
        int n = ids.Count;
        EllipticalFit.RefuseWidth(n, spec.Path);
        ParametricBootstrap.RefuseTooMany(
            spec.Replicates,
            n * (n - 1L) / 2,
            "pairs",
            $"{spec.Path}.{CopulaSpec.ReplicatesKey}"
        );
        int[] given = Given(spec, ids);
        IMargin[] margins = marginSpec.Fit(rows, ids);
        (double[][] columns, int[] tied) = Ranks.OfColumns(rows, n);
        var report = new JsonObject();
        ICopula copula;
        Func<double[][], ICopula> refit;
        ICopula? conditional = null;
        if (spec.Family == "vine")
        {
            var options = new VineOptions(spec.Families, spec.Truncation, spec.IndependenceLevel, given);
            Vine vine = VineFit.Of(columns, ids, options, spec.Path);
            copula = vine;
            refit = others => VineFit.Of(others, ids, options, spec.Path);
            report["copula"] = vine.Describe();
            if (spec.Condition is { } condition)
            {
                double[] uniforms = [.. given.Select(i => margins[i].Cdf(condition.Values[ids[i]]))];
                conditional = vine.Given(given, uniforms, $"{spec.Path}.condition");
                report["condition"] = Describe(condition, given, ids, uniforms);
            }
        }
        else
        {
            EllipticalFit Again(double[][] others) =>
                EllipticalFit.Of(others, ids, spec.Family == "student_t", spec.DegreesOfFreedom, spec.Path);
            EllipticalFit fit = Again(columns);
            copula = fit.Copula;
            refit = others => Again(others).Copula;
            JsonObject described = fit.Copula.Describe();
            described["log_likelihood"] = fit.LogLikelihood;
            described["projection_norm"] = fit.Projection;
            if (fit.AtBound is { } bound)
                described["warning"] =
                    bound == "upper"
                        ? "degrees of freedom at the upper bound: Gaussian for any purpose here"
                        : "degrees of freedom at the lower bound: joint tails may be heavier than fitted";
            report["copula"] = described;
        }

        report["series"] = new JsonArray([.. ids.Select(id => (JsonNode)id)]);
        report["margins"] = new JsonArray([.. margins.Select(m => (JsonNode)m.Describe())]);
        report["tied_observations"] = new JsonArray([.. tied.Select(t => (JsonNode)t)]);
        return new JointModel(
            margins,
            copula,
            conditional,
            spec.Condition,
            () =>
            {
                report["goodness_of_fit"] = GoodnessOfFit
                    .Of(copula, columns, spec.Replicates, refit, stream, lane)
                    .Describe();
                if (marginSpec.Replicates > 0)
                    report["margin_fit"] = MarginGoodness.Describe(marginSpec, margins, rows, ids, stream, lane);
                report["tail_dependence"] = TailDependence.Compare(
                    TailDependence.Of(columns, ReportLevel),
                    TailDependence.Of(Draws(copula, stream, lane), ReportLevel)
                );
                return report;
            }
        );
    }

    /// <summary>Fills rows of K values, row r = (path, step) = (firstPath + r / steps, r mod steps).</summary>
    public void Fill(PhiloxStream stream, ushort lane, int firstPath, int steps, Span<double> rows)
    {
        int width = Width;
        _copula.Fill(stream, lane, firstPath, steps, rows);
        if (_conditional is not null)
        {
            double[] rented = ArrayPool<double>.Shared.Rent(rows.Length);
            Span<double> conditioned = rented.AsSpan(0, rows.Length);
            _conditional.Fill(stream, lane, firstPath, steps, conditioned);
            for (int r = 0; r * width < rows.Length; r++)
            {
                int step = r % steps + 1;
                if (step >= _condition!.FromStep && step <= _condition.ToStep)
                    conditioned.Slice(r * width, width).CopyTo(rows[(r * width)..]);
            }

            ArrayPool<double>.Shared.Return(rented);
        }

        for (int i = 0; i < width; i++)
            _margins[i].Transform(rows[i..], width);
    }

    private static int[] Given(CopulaSpec spec, IReadOnlyList<string> ids)
    {
        if (spec.Condition is not { } condition)
            return [];
        var errors = new List<FieldError>();
        var given = new List<int>();
        foreach (string id in condition.Values.Keys)
        {
            int at = ids.ToList().IndexOf(id);
            if (at < 0)
                errors.Add(
                    new FieldError(
                        ErrorCodes.UnknownValue,
                        $"{spec.Path}.condition.values.{id}",
                        $"is not a series of the copula; there are {string.Join(", ", ids.Take(20))}{Spelling.Suggest(id, ids)}"
                    )
                );
            else
                given.Add(at);
        }

        if (given.Count == ids.Count)
            errors.Add(
                new FieldError(
                    ErrorCodes.Conflict,
                    $"{spec.Path}.condition.values",
                    "gives every series, so that nothing is left to draw; leave one out"
                )
            );
        return errors.Count == 0 ? [.. given] : throw new ScenarioRefusedException(errors);
    }

    private static JsonObject Describe(
        CopulaCondition condition,
        int[] given,
        IReadOnlyList<string> ids,
        double[] uniforms
    )
    {
        var values = new JsonObject();
        for (int i = 0; i < given.Length; i++)
            values[ids[given[i]]] = new JsonObject
            {
                ["value"] = condition.Values[ids[given[i]]],
                ["probability"] = uniforms[i],
            };
        return new JsonObject
        {
            ["values"] = values,
            ["from_step"] = condition.FromStep,
            ["to_step"] = condition.ToStep,
        };
    }

    private static double[][] Draws(ICopula copula, PhiloxStream stream, ushort lane)
    {
        int n = copula.Width;
        double[] rows = new double[ReportRows * n];
        copula.Fill(stream, lane, 0, 1, rows);
        double[][] columns = new double[n][];
        for (int i = 0; i < n; i++)
        {
            columns[i] = new double[ReportRows];
            for (int r = 0; r < ReportRows; r++)
                columns[i][r] = rows[r * n + i];
        }

        return columns;
    }
}
