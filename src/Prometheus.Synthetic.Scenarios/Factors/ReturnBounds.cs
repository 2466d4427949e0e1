using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Scenarios.Factors;

/// <summary>
/// What keeps returns possible: an instrument's or factor's return below the floor is set to it, one above the cap
/// likewise, and every such cell is counted. Factors are bounded before instruments are made of them.
/// </summary>
/// <param name="Floor"><c>return_floor</c> in (−1, 0), −0.99 by default.</param>
/// <param name="Cap"><c>return_cap</c> &gt; 0, 10 (+1000 % in a step) by default.</param>
public sealed record ReturnBounds(double Floor, double Cap)
{
    public static ReturnBounds Read(SpecReader reader) =>
        new(reader.Number("return_floor", -0.99, -0.999999, -0.01), reader.Number("return_cap", 10.0, 0.01, 1000.0));

    /// <summary>Bounds values in place and says how many it moved.</summary>
    public int Apply(Span<double> values)
    {
        int moved = 0;
        foreach (ref double value in values)
        {
            if (value >= Floor && value <= Cap)
                continue;
            value = value < Floor ? Floor : Cap;
            moved++;
        }

        return moved;
    }
}
