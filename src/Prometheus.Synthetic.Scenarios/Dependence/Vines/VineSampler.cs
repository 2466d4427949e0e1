using System.Buffers;
using System.Runtime.Intrinsics;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Dependence.Pairs;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Dependence.Vines;

/// <summary>
/// Draws from a vine variable by variable: each fresh score is taken down its chain of inverse conditional
/// probabilities, and on the way hands on what later variables will be conditioned on. Works in normal scores, many rows
/// at a time, edge by edge, so that an edge's tables stay in the cache; a row's values do not depend on its neighbours.
/// </summary>
internal sealed class VineSampler : ICopula
{
    private const int Batch = 256;
    private readonly Vine _vine;
    private readonly VineOrder _order;

    // Slot of F(A | D, B) of edge e: K + 2e, of F(B | D, A): K + 2e + 1; slot of variable i itself: i.
    private readonly bool[] _wanted;
    private readonly double[] _fixed;

    public VineSampler(Vine vine, VineOrder order, IReadOnlyList<int> given, IReadOnlyList<double> uniforms)
    {
        _vine = vine;
        _order = order;
        _fixed = new double[vine.Width];
        Array.Fill(_fixed, double.NaN);
        for (int i = 0; i < given.Count; i++)
            _fixed[given[i]] = StandardNormal.Quantile(uniforms[i]);
        _wanted = Wanted();
    }

    public int Width => _vine.Width;

    public void Fill(PhiloxStream stream, ushort lane, int firstPath, int steps, Span<double> rows)
    {
        int width = Width;
        int count = rows.Length / width;
        int slots = width + 2 * _vine.Edges.Count;
        double[] rented = ArrayPool<double>.Shared.Rent(slots * Batch);
        double[] normals = ArrayPool<double>.Shared.Rent((width + 1) * Batch);
        for (int row = 0; row < count; row += Batch)
        {
            int some = Math.Min(Batch, count - row);
            Normals(stream, lane, firstPath, steps, row, some, normals);
            for (int at = 0; at < width; at++)
                Draw(at, rented, normals, some);
            for (int i = 0; i < width; i++)
            {
                Span<double> uniforms = rented.AsSpan(i * Batch, some);
                NormalTable.Cdf(uniforms, uniforms);
                for (int r = 0; r < some; r++)
                    rows[(row + r) * width + i] = uniforms[r];
            }
        }

        ArrayPool<double>.Shared.Return(rented);
        ArrayPool<double>.Shared.Return(normals);
    }

    public void Rosenblatt(Span<double> rows)
    {
        int width = Width;
        double[] slots = new double[width + 2 * _vine.Edges.Count];
        for (; rows.Length >= width; rows = rows[width..])
        {
            rows[..width].CopyTo(slots);
            for (int e = 0; e < _vine.Edges.Count; e++)
            {
                VineEdge edge = _vine.Edges[e];
                double u = slots[Slot(edge.InputA, edge.A)];
                double v = slots[Slot(edge.InputB, edge.B)];
                slots[width + 2 * e] = PairCopula.Inside(edge.Copula.H(u, v));
                slots[width + 2 * e + 1] = PairCopula.Inside(edge.Copula.HOther(v, u));
            }

            for (int at = 0; at < width; at++)
            {
                int variable = _order.Variables[at];
                rows[variable] = at == 0 ? slots[variable] : slots[Slot(_order.Chains[at][0], variable)];
            }
        }
    }

    public JsonObject Describe() => _vine.Describe();

    /// <summary>
    /// Standard normals of indices 0, 1, … for many rows, variable after variable: eight rows' blocks at a time, each
    /// giving two variables.
    /// </summary>
    private void Normals(
        PhiloxStream stream,
        ushort lane,
        int firstPath,
        int steps,
        int row,
        int count,
        double[] normals
    )
    {
        Span<ulong> addresses = stackalloc ulong[2 * Batch];
        addresses.Clear();
        for (int r = 0; r < count; r++)
        {
            addresses[r] = (uint)(firstPath + (row + r) / steps);
            addresses[Batch + r] = (uint)((row + r) % steps);
        }

        int width = Width;
        for (int i = 0; i < width; i += 2)
        {
            for (int r = 0; r < count; r += Vector512<double>.Count)
            {
                Vector512<ulong> c0 = Vector512.Create<ulong>(addresses[r..]);
                Vector512<ulong> c1 = Vector512.Create<ulong>(addresses[(Batch + r)..]);
                var c2 = Vector512.Create(((ulong)DrawPurpose.Copula << 16) | lane);
                var c3 = Vector512.Create((ulong)i >> 1);
                stream.Blocks(ref c0, ref c1, ref c2, ref c3);
                PhiloxStream.ToOpenUniform(PhiloxLanes.Join(c0, c1)).CopyTo(normals, i * Batch + r);
                PhiloxStream.ToOpenUniform(PhiloxLanes.Join(c2, c3)).CopyTo(normals, (i + 1) * Batch + r);
            }

            StandardNormal.QuantilesInPlace(normals.AsSpan(i * Batch, count));
            if (i + 1 < width)
                StandardNormal.QuantilesInPlace(normals.AsSpan((i + 1) * Batch, count));
        }
    }

    private void Draw(int at, double[] slots, double[] normals, int count)
    {
        int variable = _order.Variables[at];
        int[] chain = _order.Chains[at];
        Span<double> value = slots.AsSpan(variable * Batch, count);
        if (double.IsNaN(_fixed[variable]))
        {
            normals.AsSpan(at * Batch, count).CopyTo(value);
        }
        else
        {
            // Given: its value is known, so the chain is walked upwards, to what later variables are conditioned on.
            value.Fill(_fixed[variable]);
            for (int k = chain.Length - 1; k >= 0; k--)
                Forward(chain[k], slots, count);
            return;
        }

        foreach (int e in chain)
        {
            VineEdge edge = _vine.Edges[e];
            bool first = edge.A == variable;
            int own = Slot(e, variable);
            int other = Slot(first ? edge.InputB : edge.InputA, first ? edge.B : edge.A);
            int handed = Slot(e, first ? edge.B : edge.A);
            // The running value is in the variable's slot; what it was above this edge is kept where it is wanted.
            if (_wanted[own])
                value.CopyTo(slots.AsSpan(own * Batch, count));
            edge.Copula.Step(
                value,
                slots.AsSpan(other * Batch, count),
                value,
                _wanted[handed] ? slots.AsSpan(handed * Batch, count) : default,
                first
            );
        }
    }

    private void Forward(int e, double[] slots, int count)
    {
        VineEdge edge = _vine.Edges[e];
        int a = Slot(edge.InputA, edge.A);
        int b = Slot(edge.InputB, edge.B);
        int width = Width;
        for (int r = 0; r < count; r++)
        {
            double u = NormalTable.Cdf(slots[a * Batch + r]);
            double v = NormalTable.Cdf(slots[b * Batch + r]);
            slots[(width + 2 * e) * Batch + r] = StandardNormal.Quantile(PairCopula.Inside(edge.Copula.H(u, v)));
            slots[(width + 2 * e + 1) * Batch + r] = StandardNormal.Quantile(
                PairCopula.Inside(edge.Copula.HOther(v, u))
            );
        }
    }

    /// <summary>Slot of F(variable | the others of edge e); of the variable itself for e = −1.</summary>
    private int Slot(int e, int variable) =>
        e < 0 ? variable
        : _vine.Edges[e].A == variable ? Width + 2 * e
        : Width + 2 * e + 1;

    /// <summary>Which values some edge takes as the conditioning side of a later variable's step.</summary>
    private bool[] Wanted()
    {
        bool[] wanted = new bool[Width + 2 * _vine.Edges.Count];
        for (int at = 0; at < Width; at++)
        {
            int variable = _order.Variables[at];
            foreach (int e in _order.Chains[at])
            {
                VineEdge edge = _vine.Edges[e];
                bool first = edge.A == variable;
                wanted[Slot(first ? edge.InputB : edge.InputA, first ? edge.B : edge.A)] = true;
            }
        }

        return wanted;
    }
}
