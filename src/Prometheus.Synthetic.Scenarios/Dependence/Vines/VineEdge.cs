using Prometheus.Synthetic.Scenarios.Dependence.Pairs;

namespace Prometheus.Synthetic.Scenarios.Dependence.Vines;

/// <summary>
/// One pair copula of a vine: of (A, B) given the variables D. Its inputs are F(A | D) and F(B | D), its outputs
/// F(A | D, B) and F(B | D, A), which the edges of the next tree take as their inputs.
/// </summary>
/// <param name="Level">Tree 1, 2, …; |D| = Level − 1.</param>
/// <param name="A">First conditioned variable.</param>
/// <param name="B">Second conditioned variable.</param>
/// <param name="Given">D, ascending.</param>
/// <param name="InputA">Where F(A | D) comes from: the edge of the tree below, by number; −1 in tree 1.</param>
/// <param name="InputB">Likewise F(B | D).</param>
/// <param name="Copula">First argument A.</param>
public sealed record VineEdge(
    int Level,
    int A,
    int B,
    IReadOnlyList<int> Given,
    int InputA,
    int InputB,
    PairCopula Copula
)
{
    /// <summary>Whether the edge's variables are all among the given ones.</summary>
    internal bool Within(ReadOnlySpan<bool> set)
    {
        if (!set[A] || !set[B])
            return false;
        foreach (int d in Given)
        {
            if (!set[d])
                return false;
        }

        return true;
    }
}
