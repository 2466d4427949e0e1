using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Bootstrap;

/// <summary>The source dates of a resampled path, and where it does what a reader should know of.</summary>
internal static class BlockAnnotation
{
    /// <param name="smoothedDays">Days after each seam that are blended; 0 for none.</param>
    /// <returns>
    /// Source dates; in the metadata <c>wrapped_steps</c>, whose day is the first of history after the last (the n→1 seam
    /// of the circle, where two days meet that never did), and <c>seam_steps</c> when seams are smoothed.
    /// </returns>
    public static PathAnnotation Of(BlockSampler sampler, ShockPanel panel, int horizon, int path, int smoothedDays)
    {
        Span<int> index = stackalloc int[horizon];
        sampler.Fill(path, index);
        var dates = new DateOnly[horizon];
        var wrapped = new JsonArray();
        var seams = new JsonArray();
        for (int h = 0; h < horizon; h++)
        {
            dates[h] = panel.Dates[index[h]];
            if (h == 0)
                continue;
            if (index[h] == 0 && index[h - 1] == panel.Days - 1)
                wrapped.Add(h + 1);
            if (smoothedDays > 0 && index[h] != index[h - 1] + 1)
                seams.Add(h + 1);
        }

        var metadata = new JsonObject();
        if (wrapped.Count > 0)
            metadata["wrapped_steps"] = wrapped;
        if (seams.Count > 0)
            metadata["seam_steps"] = seams;
        return new PathAnnotation { SourceDates = dates, Metadata = metadata.Count > 0 ? metadata : null };
    }
}
