namespace Prometheus.Synthetic.Scenarios.Dependence.Vines;

/// <summary>
/// An order of the variables in which every beginning is a vine of its own, with, for each variable, the edges that lead
/// from its fresh uniform down to its value: edge k of the chain joins it to an earlier variable given k − 1 others.
/// </summary>
internal sealed record VineOrder(int[] Variables, int[][] Chains)
{
    /// <param name="first">Variables that must come first.</param>
    /// <returns>Null when these do not form a vine of their own.</returns>
    public static VineOrder? Of(Vine vine, IReadOnlyList<int> first)
    {
        int width = vine.Width;
        bool[] left = new bool[width];
        Array.Fill(left, true);
        bool[] early = new bool[width];
        foreach (int i in first)
            early[i] = true;
        int[] variables = new int[width];
        int[][] chains = new int[width][];
        for (int at = width - 1; at > 0; at--)
        {
            // The one edge of the top tree of what is left: either of its conditioned variables can be taken last.
            int top = -1;
            for (int e = 0; e < vine.Edges.Count && top < 0; e++)
            {
                if (vine.Edges[e].Level == at && vine.Edges[e].Within(left))
                    top = e;
            }

            if (top < 0)
                return null;
            VineEdge edge = vine.Edges[top];
            int last = !early[edge.B] ? edge.B : edge.A;
            if (early[last] && at >= first.Count)
                return null;
            variables[at] = last;
            chains[at] = Chain(vine, top, last);
            left[last] = false;
        }

        variables[0] = Array.IndexOf(left, true);
        chains[0] = [];
        return new VineOrder(variables, chains);
    }

    /// <summary>The edges with the variable conditioned, from the top edge down to tree 1.</summary>
    private static int[] Chain(Vine vine, int top, int variable)
    {
        var chain = new List<int>();
        for (int e = top; e >= 0; )
        {
            chain.Add(e);
            VineEdge edge = vine.Edges[e];
            e = edge.A == variable ? edge.InputA : edge.InputB;
        }

        return [.. chain];
    }
}
