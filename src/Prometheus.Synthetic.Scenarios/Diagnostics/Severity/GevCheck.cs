using System.Globalization;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Tails;

namespace Prometheus.Synthetic.Scenarios.Diagnostics.Severity;

/// <summary>
/// A GEV fit of block maxima against the worst step of each path. A path of H steps is H/<c>block_days</c> blocks, so
/// the fit is carried to the path's length by max-stability; then the share of paths beyond its 1-in-20 level should be
/// 5 %, within a factor of two and three binomial errors. Paths count by their probabilities.
/// </summary>
/// <param name="BlockDays">Days per block of the external fit.</param>
public sealed record GevCheck(string Id, bool Lower, string? Source, GeneralizedExtremeValue Fit, int BlockDays)
    : SeverityCheck(Id, Lower, Source)
{
    private const double Share = 0.05;

    public override string Kind => "gev";

    protected override string Measure => "share of paths whose worst step is beyond the 1-in-20 level";

    protected override double Expected => Share;

    internal static GevCheck Read(SpecReader entry, string id, bool lower, string? source) =>
        new(
            id,
            lower,
            source,
            new GeneralizedExtremeValue(
                Required(entry, "location", -1e6, 1e6),
                Required(entry, "scale", 1e-12, 1e6),
                Required(entry, "shape", -1.0, 2.0)
            ),
            entry.Integer("block_days", 21, 1, 2_600)
        );

    internal override SeverityFinding Evaluate(ReadOnlySpan<double> values, int steps, PathWeights weights)
    {
        double[] maxima = GeneralizedExtremeValueFit.BlockMaxima(Signed(values), steps);
        double level = Fit.OfMaximum((double)steps / BlockDays).Quantile(1.0 - Share);
        if (weights.EffectivePaths < GeneralizedExtremeValueFit.FewestBlocks)
            return Undecided(
                maxima.Length,
                Invariant(
                    $"{maxima.Length} paths count as {weights.EffectivePaths:0.#} equally weighted ones; {GeneralizedExtremeValueFit.FewestBlocks} are needed to judge the level {level:G5}"
                )
            );
        double beyond = 0.0;
        for (int p = 0; p < maxima.Length; p++)
            beyond += maxima[p] > level ? weights[p] : 0.0;
        double lowest = 0.5 * Share - 3.0 * Error(0.5 * Share, weights);
        // Few paths: none beyond the level is then as likely as not even of a set that is severe enough.
        if (beyond == 0.0 && lowest <= 0.0)
            return Undecided(
                maxima.Length,
                Invariant(
                    $"none of {maxima.Length} paths goes beyond the level {level:G5}, and they are too few to call that light; ask for 400"
                )
            );
        return Judged(
            beyond,
            Error(Share, weights),
            Math.Max(0.0, lowest),
            2.0 * Share + 3.0 * Error(2.0 * Share, weights),
            maxima.Length,
            Invariant(
                $"the fit of {BlockDays}-day blocks, carried to {steps} steps, has the 1-in-20 level {level:G5}; allowed are half to twice 5 % and three standard errors"
            )
        );
    }

    /// <summary>Binomial standard error of a share of weighted paths.</summary>
    private static double Error(double share, PathWeights weights) =>
        Math.Sqrt(share * (1.0 - share) * weights.SumOfSquares);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
