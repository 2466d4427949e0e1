using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Numerics.Optimisation;

namespace Prometheus.Synthetic.Scenarios.Tails;

/// <summary>
/// ν of a multivariate Student-t, or one ν that several samples share, by maximum likelihood with every location and
/// scatter free: the ECME algorithm (Liu and Rubin, "ML estimation of the t distribution using EM and its extensions,
/// ECM and ECME", Statistica Sinica 5, 1995), whose ν step maximises the likelihood itself. ν in [2.05, 60].
/// </summary>
/// <param name="Value">ν.</param>
/// <param name="Estimated">False when the request gave it.</param>
/// <param name="AtBound"><c>lower</c>, <c>upper</c> (normal for any purpose here) or null.</param>
public sealed record DegreesOfFreedom(double Value, bool Estimated, string? AtBound)
{
    /// <summary>Days per column below which a scatter cannot be told from noise, and fewest days at all.</summary>
    public const int DaysPerColumn = 5;
    public const int FewestDays = 30;

    /// <summary>Columns of one sample beyond which the estimate costs more than it tells.</summary>
    public const int MostColumns = 128;

    private const int MostSteps = 500;
    private const double Tolerance = 1e-7;

    public static DegreesOfFreedom Given(double value) => new(value, false, null);

    /// <summary>One ν for all columns together: every day has one mixing variable.</summary>
    /// <param name="rows">T × n observations, row after row.</param>
    /// <param name="field">Where the request would have given ν, for refusals.</param>
    /// <exception cref="ScenarioRefusedException">Too few days, too many columns, or no maximum.</exception>
    public static DegreesOfFreedom OfJoint(double[] rows, int width, string field)
    {
        if (width > MostColumns)
            throw new ScenarioRefusedException(
                ErrorCodes.OverLimit,
                field,
                $"cannot be estimated for {width} columns, at most {MostColumns} are; give it, or name fewer factors"
            );
        RefuseShort(rows.Length / width, width, field);
        return Of([new StudentBlock(rows, width, $"the {width} columns")], field);
    }

    /// <summary>One ν for series that are independent of one another, each with its own location and scale.</summary>
    /// <param name="rows">T × n observations, row after row.</param>
    /// <param name="ids">The n names. Sums run over the series by name, so that their order changes no digit.</param>
    /// <param name="field">Where the request would have given ν, for refusals.</param>
    /// <exception cref="ScenarioRefusedException">Too few days, or no maximum.</exception>
    public static DegreesOfFreedom OfEach(double[] rows, IReadOnlyList<string> ids, string field)
    {
        int width = ids.Count;
        int days = rows.Length / width;
        RefuseShort(days, 1, field);
        var blocks = new List<StudentBlock>();
        foreach (int i in Enumerable.Range(0, width).OrderBy(i => ids[i], StringComparer.Ordinal))
        {
            double[] series = new double[days];
            for (int t = 0; t < days; t++)
                series[t] = rows[t * width + i];
            // What does not move (a residual scaled to nothing, an index its factors explain) says nothing of tails.
            if (series.Any(v => v != series[0]))
                blocks.Add(new StudentBlock(series, 1, $"the values of {ids[i]}"));
        }

        return blocks.Count > 0
            ? Of([.. blocks], field)
            : new DegreesOfFreedom(StudentFit.HighestDegreesOfFreedom, true, "upper");
    }

    /// <summary>Adds ν, where it comes from, and a warning at a bound.</summary>
    public void Describe(JsonObject report)
    {
        report["degrees_of_freedom"] = Value;
        report["degrees_of_freedom_basis"] = Estimated ? "maximum_likelihood" : "given";
        if (AtBound is not null)
            report["degrees_of_freedom_at_bound"] = AtBound;
    }

    private static DegreesOfFreedom Of(StudentBlock[] blocks, string field)
    {
        double low = StableMath.Log(StudentFit.LowestDegreesOfFreedom);
        double high = StableMath.Log(StudentFit.HighestDegreesOfFreedom);
        double[] tails = new double[blocks.Length];
        double[] moves = new double[blocks.Length];
        double Negative(double logNu)
        {
            double nu = StableMath.Exp(logNu);
            // Each block alone, then in their order: threads change no digit.
            Parallel.For(0, blocks.Length, b => tails[b] = blocks[b].LogTail(nu));
            double sum = 0.0;
            for (int b = 0; b < blocks.Length; b++)
            {
                double shape = 0.5 * (nu + blocks[b].Width);
                double constant =
                    GammaFunctions.LogGamma(shape)
                    - GammaFunctions.LogGamma(0.5 * nu)
                    - 0.5 * blocks[b].Width * StableMath.Log(nu);
                sum += blocks[b].Distances.Length * constant - shape * tails[b];
            }

            return -sum;
        }

        Measure(blocks, field);
        double at = Minimum.OnGrid(Negative, [low, low + 0.35, low + 0.75, low + 1.3, low + 2.1, high], 1e-6).Place[0];
        for (int step = 0; step < MostSteps; step++)
        {
            double nu = StableMath.Exp(at);
            Parallel.For(0, blocks.Length, b => moves[b] = blocks[b].Climb(nu));
            Measure(blocks, field);
            double[] near = [Math.Max(low, at - 0.3), at, Math.Min(high, at + 0.3)];
            double next = Minimum.OnGrid(Negative, [.. near.Distinct()], Tolerance).Place[0];
            double change = Math.Max(Math.Abs(next - at), moves.Max());
            at = next;
            if (change <= 2.0 * Tolerance)
                break;
        }

        return new DegreesOfFreedom(
            StableMath.Exp(at),
            true,
            at <= low + 1e-4 ? "lower"
                : at >= high - 1e-4 ? "upper"
                : null
        );
    }

    private static void Measure(StudentBlock[] blocks, string field)
    {
        var refused = new ScenarioRefusedException?[blocks.Length];
        Parallel.For(
            0,
            blocks.Length,
            b =>
            {
                try
                {
                    blocks[b].Measure(field);
                }
                catch (ScenarioRefusedException e)
                {
                    refused[b] = e;
                }
            }
        );
        FieldError[] errors = [.. refused.Where(e => e is not null).SelectMany(e => e!.Errors)];
        if (errors.Length > 0)
            throw new ScenarioRefusedException(errors);
    }

    private static void RefuseShort(int days, int width, string field)
    {
        int fewest = Math.Max(FewestDays, DaysPerColumn * width);
        if (days < fewest)
            throw new ScenarioRefusedException(
                ErrorCodes.TooLittleHistory,
                field,
                $"cannot be estimated from {days} days; {width} columns need at least {fewest}; give it, or widen the dates"
            );
    }
}
