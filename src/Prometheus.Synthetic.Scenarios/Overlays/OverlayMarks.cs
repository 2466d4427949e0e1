using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Generation;

namespace Prometheus.Synthetic.Scenarios.Overlays;

/// <summary>
/// What is said of every cell that an overlay touched. A step on which an overlay reaches every driver is marked once for
/// all of them; the drivers it names carry a mark of their own besides.
/// </summary>
internal static class OverlayMarks
{
    private const string Key = "overlays";

    public static IReadOnlyList<CellMark> Of(
        IReadOnlyList<Strike> strikes,
        int width,
        int horizon,
        IReadOnlyList<CellMark> before
    )
    {
        var marks = new SortedDictionary<(int Step, int Driver), JsonObject>();
        foreach (CellMark mark in before)
            marks[(mark.Step, mark.Driver)] = (JsonObject)mark.Metadata.DeepClone();
        foreach (Strike strike in strikes)
        {
            bool everywhere = Enumerable.Range(0, width).All(strike.Layer.Reaches);
            HashSet<int> hit = [.. strike.Layer.Hit];
            for (int h = strike.FirstStep; h <= Math.Min(strike.LastStep, horizon); h++)
            {
                double effect = strike.EffectAt(h);
                if (effect == 0.0)
                    continue;
                bool allHit = hit.Count == width;
                if (everywhere)
                    Add(marks, (h, -1), strike, effect, allHit ? "shocked" : "propagated");
                for (int k = 0; k < width; k++)
                {
                    if (hit.Contains(k) && !allHit)
                        Add(marks, (h, k), strike, effect, "shocked");
                    else if (!everywhere && strike.Layer.Reaches(k))
                        Add(marks, (h, k), strike, effect, hit.Contains(k) ? "shocked" : "propagated");
                }
            }
        }

        // A cell's own mark replaces the step's where both are read, so it says what the step's says as well.
        foreach (((int step, int driver), JsonObject mark) in marks)
        {
            if (driver < 0 || mark[Key] is not JsonArray own || !marks.TryGetValue((step, -1), out JsonObject? all))
                continue;
            foreach (JsonNode? entry in all[Key] as JsonArray ?? [])
            {
                if (own.All(o => (string?)o?["tag"] != (string?)entry?["tag"]))
                    own.Add(entry?.DeepClone());
            }
        }

        return [.. marks.Select(m => new CellMark(m.Key.Driver, m.Key.Step, m.Value))];
    }

    private static void Add(
        SortedDictionary<(int, int), JsonObject> marks,
        (int, int) cell,
        Strike strike,
        double effect,
        string role
    )
    {
        if (!marks.TryGetValue(cell, out JsonObject? mark))
            marks[cell] = mark = [];
        if (mark[Key] is not JsonArray list)
            mark[Key] = list = [];
        list.Add(
            new JsonObject
            {
                ["tag"] = strike.Layer.Overlay.Name,
                ["type"] = strike.Layer.Overlay.Type,
                ["role"] = role,
                ["effect"] = effect,
            }
        );
    }
}
