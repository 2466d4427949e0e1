using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Tails.Margins;

namespace Prometheus.Synthetic.Scenarios.Tails.Severity;

/// <summary>
/// A GEV fit of block maxima against the worst step of each path. A path of H steps is H/<c>block_days</c> blocks, so
/// the fit is carried to the path's length by max-stability; then the share of paths beyond its 1-in-20 level should be
/// 5 %, within a factor of two and three binomial errors.
/// </summary>
/// <param name="BlockDays">Days per block of the external fit.</param>
public sealed record GevCheck(string Id, bool Lower, string? Source, GeneralizedExtremeValue Fit, int BlockDays)
    : SeverityCheck(Id, Lower, Source)
{
    private const double Share = 0.05;

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

    public override SeverityResult Evaluate(ReadOnlySpan<double> values, int steps)
    {
        double[] maxima = GeneralizedExtremeValueFit.BlockMaxima(Signed(values), steps);
        Array.Sort(maxima);
        GeneralizedExtremeValue expected = Fit.OfMaximum((double)steps / BlockDays);
        double level = expected.Quantile(1.0 - Share);
        int beyond = 0;
        foreach (double m in maxima)
            beyond += m > level ? 1 : 0;
        double observed = (double)beyond / maxima.Length;
        double error = Math.Sqrt(Share * (1.0 - Share) / maxima.Length);
        string verdict =
            maxima.Length < GeneralizedExtremeValueFit.FewestBlocks ? "undecided"
            : observed < 0.5 * Share - 3.0 * error ? "lighter"
            : observed > 2.0 * Share + 3.0 * error ? "heavier"
            : "pass";
        // With few paths the lower bound falls below zero: no path at all beyond the level is then no evidence.
        return new SeverityResult(
            verdict,
            new JsonObject
            {
                ["kind"] = "gev",
                ["expected_1_in_20"] = level,
                ["observed_1_in_20"] =
                    maxima.Length > 1 ? SemiParametricMargin.QuantileOf(maxima, 1.0 - Share) : maxima[0],
                ["share_beyond"] = observed,
                ["expected_share"] = Share,
                ["paths"] = maxima.Length,
            }
        );
    }
}
