using Prometheus.Synthetic.Scenarios.Dependence.Pairs;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Scenarios.Dependence.Vines;

/// <summary>How a vine is fitted.</summary>
/// <param name="Families">Names from <see cref="PairFit.Families"/>.</param>
/// <param name="Truncation">Trees beyond this one are independent; null for none.</param>
/// <param name="IndependenceLevel">Level of the test that sets a pair independent; 0 never does.</param>
/// <param name="First">Variables that must be able to come first in sampling (those that will be conditioned on).</param>
public sealed record VineOptions(
    IReadOnlyList<string> Families,
    int? Truncation,
    double IndependenceLevel,
    IReadOnlyList<int> First
)
{
    public static VineOptions Default { get; } = new(PairFit.Families, null, 0.05, []);
}

/// <summary>
/// A regular vine by the sequential method of Dißmann, Brechmann, Czado and Kurowicka (Computational Statistics and Data
/// Analysis 59, 2013): tree by tree the spanning tree of greatest Σ|τ| among the edges that the proximity condition
/// allows, on each edge the family and rotation of least AIC. Variables named to come first are spanned first in every
/// tree, so that they form a vine of their own and can be fixed while the others are drawn jointly given them.
/// </summary>
public static class VineFit
{
    /// <summary>Widest vine: K(K − 1)/2 pairs are fitted.</summary>
    public const int MostSeries = 50;

    /// <summary>Fewest observations for parameters that mean anything.</summary>
    public const int FewestObservations = 100;

    /// <param name="columns">K columns of pseudo-observations in (0, 1).</param>
    /// <param name="ids">The series' names, for refusals.</param>
    public static Vine Of(double[][] columns, IReadOnlyList<string> ids, VineOptions options, string field)
    {
        int width = columns.Length;
        int count = columns[0].Length;
        if (width < 2 || width > MostSeries)
            throw new ScenarioRefusedException(
                width < 2 ? ErrorCodes.OutOfRange : ErrorCodes.OverLimit,
                field,
                $"{width} series; a vine joins 2 to {MostSeries}; for more, put the vine on the factors or use family 'student_t'"
            );
        if (count < FewestObservations)
            throw new ScenarioRefusedException(
                ErrorCodes.TooLittleHistory,
                field,
                $"{count} days; a vine needs at least {FewestObservations}; widen the dates"
            );
        Elliptical.EllipticalFit.RefuseDegenerate(KendallTau.Matrix(columns), ids, field);
        bool[] first = new bool[width];
        foreach (int i in options.First)
            first[i] = true;

        var edges = new List<VineEdge>();
        double likelihood = 0.0;
        int parameters = 0;
        // A node of tree k is a variable (k = 1) or an edge of tree k − 1, with the values that its two sides hand on.
        List<Node> nodes = [.. Enumerable.Range(0, width).Select(i => new Node([i], -1, i, i, columns[i], columns[i]))];
        for (int level = 1; level < width; level++)
        {
            bool truncated = options.Truncation is { } most && level > most;
            List<(int I, int J)> tree = SpanningTree(nodes, first, truncated);
            var fitted = new (VineEdge Edge, Node Node, PairFit Fit)[tree.Count];
            int offset = edges.Count;
            int depth = level;
            // Edges of one tree do not touch each other; their order in the list is fixed.
            Parallel.For(
                0,
                tree.Count,
                e =>
                    fitted[e] = Fit(
                        nodes[tree[e].I],
                        nodes[tree[e].J],
                        depth,
                        offset + e,
                        truncated,
                        options,
                        ids,
                        field
                    )
            );
            nodes = [.. fitted.Select(f => f.Node)];
            edges.AddRange(fitted.Select(f => f.Edge));
            foreach ((_, _, PairFit fit) in fitted)
            {
                likelihood += fit.LogLikelihood;
                parameters += fit.Copula.Parameters.Count;
            }
        }

        return new Vine(width, edges, options, likelihood, parameters);
    }

    private static (VineEdge Edge, Node Node, PairFit Fit) Fit(
        Node left,
        Node right,
        int level,
        int number,
        bool truncated,
        VineOptions options,
        IReadOnlyList<string> ids,
        string field
    )
    {
        int[] given = [.. left.Variables.Intersect(right.Variables).Order()];
        int a = left.Variables.Except(given).Single();
        int b = right.Variables.Except(given).Single();
        double[] u = left.Of(a);
        double[] v = right.Of(b);
        PairFit fit = truncated
            ? new PairFit(IndependentPair.Instance, 0.0, 0.0, u.Length, false)
            : PairFit.Best(u, v, options.Families, options.IndependenceLevel, $"{field}, {ids[a]} and {ids[b]}");
        PairCopula copula = fit.Copula;
        double[] ofA = u;
        double[] ofB = v;
        if (copula is not IndependentPair)
        {
            ofA = new double[u.Length];
            ofB = new double[u.Length];
            for (int t = 0; t < u.Length; t++)
            {
                ofA[t] = Guard(copula.H(u[t], v[t]));
                ofB[t] = Guard(copula.HOther(v[t], u[t]));
            }
        }

        var edge = new VineEdge(level, a, b, given, left.Edge, right.Edge, copula);
        return (edge, new Node([.. given, a, b], number, a, b, ofA, ofB), fit);
    }

    /// <summary>Keeps pseudo-observations where every family's density is finite.</summary>
    private static double Guard(double u) => Math.Clamp(u, 1e-10, 1.0 - 1e-10);

    /// <summary>
    /// Prim's algorithm on |τ|, nodes wholly among the first variables before all others; ties go to the lower numbers.
    /// </summary>
    private static List<(int I, int J)> SpanningTree(List<Node> nodes, bool[] first, bool truncated)
    {
        int n = nodes.Count;
        double[] weights = new double[n * n];
        Array.Fill(weights, double.NaN);
        Parallel.For(
            0,
            n,
            i =>
            {
                for (int j = 0; j < i; j++)
                {
                    if (Joinable(nodes[i], nodes[j]) is not var (a, b))
                        continue;
                    weights[i * n + j] = weights[j * n + i] = truncated
                        ? 0.0
                        : Math.Abs(KendallTau.Of(nodes[i].Of(a), nodes[j].Of(b)));
                }
            }
        );
        bool[] early = [.. nodes.Select(node => Array.TrueForAll(node.Variables, v => first[v]))];
        bool[] reached = new bool[n];
        var tree = new List<(int, int)>();
        int start = Math.Max(Array.IndexOf(early, true), 0);
        reached[start] = true;
        while (tree.Count < n - 1)
        {
            bool earlyLeft = Enumerable.Range(0, n).Any(i => early[i] && !reached[i]);
            (int I, int J) best = (-1, -1);
            double weight = -1.0;
            for (int i = 0; i < n; i++)
            {
                if (!reached[i])
                    continue;
                for (int j = 0; j < n; j++)
                {
                    if (reached[j] || (earlyLeft && !early[j]) || double.IsNaN(weights[i * n + j]))
                        continue;
                    if (weights[i * n + j] > weight)
                        (best, weight) = ((i, j), weights[i * n + j]);
                }
            }

            reached[best.J] = true;
            tree.Add(best);
        }

        return tree;
    }

    /// <summary>The variables that an edge between two nodes would join; null when they share too few (proximity).</summary>
    private static (int A, int B)? Joinable(Node left, Node right)
    {
        int[] given = [.. left.Variables.Intersect(right.Variables)];
        return given.Length != left.Variables.Length - 1
            ? null
            : (left.Variables.Except(given).Single(), right.Variables.Except(given).Single());
    }

    private sealed record Node(int[] Variables, int Edge, int A, int B, double[] OfA, double[] OfB)
    {
        /// <summary>F(variable | the node's others).</summary>
        public double[] Of(int variable) => variable == A ? OfA : OfB;
    }
}
