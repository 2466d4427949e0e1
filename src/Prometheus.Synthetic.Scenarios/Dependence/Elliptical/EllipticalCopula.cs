using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Sampling;

namespace Prometheus.Synthetic.Scenarios.Dependence.Elliptical;

/// <summary>
/// The Gaussian copula, or with ν the t copula: the dependence of X = √(ν/W)·L·Z, L·Lᵀ = R, with one W per row for all
/// variables, which is what makes them crash together.
/// </summary>
public sealed class EllipticalCopula : ICopula
{
    private const int Lane = 8;
    private const int RowsAtOnce = 4;
    private readonly double[] _root;

    // Columns of L, padded to whole vectors: entry (i, k) at k · stride + i.
    private readonly double[] _columns;
    private readonly int _stride;
    private readonly StudentMixing? _mixing;
    private readonly double _unit;
    private readonly StudentTable? _table;

    /// <param name="correlation">R, row-major, unit diagonal, positive definite.</param>
    /// <param name="degreesOfFreedom">ν &gt; 2; null for the Gaussian copula.</param>
    /// <exception cref="ScenarioRefusedException">R is singular.</exception>
    public EllipticalCopula(double[] correlation, int width, double? degreesOfFreedom, string field = "copula")
    {
        Width = width;
        Correlation = correlation;
        DegreesOfFreedom = degreesOfFreedom;
        _root = new double[width * width];
        int failed = Cholesky.Factor(correlation, width, _root);
        if (failed >= 0)
            throw new ScenarioRefusedException(
                ErrorCodes.SingularCovariance,
                field,
                $"the copula's correlation matrix of {width} series is singular at series {failed + 1}: it is a combination of those before it; leave one out"
            );
        _stride = (width + Lane - 1) / Lane * Lane;
        _columns = new double[_stride * width];
        for (int i = 0; i < width; i++)
        {
            for (int k = 0; k <= i; k++)
                _columns[k * _stride + i] = _root[i * width + k];
        }

        if (degreesOfFreedom is { } nu)
        {
            _mixing = new StudentMixing(nu);
            // The mixing factor has unit variance in mind; the t scores' own is ν/W.
            _unit = Math.Sqrt(nu / (nu - 2.0));
            _table = new StudentTable(nu, probabilities: true);
        }
    }

    public int Width { get; }

    /// <summary>R, row-major.</summary>
    public double[] Correlation { get; }

    /// <summary>ν; null for the Gaussian copula.</summary>
    public double? DegreesOfFreedom { get; }

    /// <summary>λ of both tails of a pair; 0 for the Gaussian copula.</summary>
    public double TailDependence(int i, int j) =>
        DegreesOfFreedom is { } nu ? Pairs.StudentPair.TailCoefficient(Correlation[i * Width + j], nu) : 0.0;

    public void Fill(PhiloxStream stream, ushort lane, int firstPath, int steps, Span<double> rows)
    {
        int width = Width;
        int count = rows.Length / width;
        double[] rented = ArrayPool<double>.Shared.Rent(RowsAtOnce * (width + _stride));
        Span<double> z = rented.AsSpan(0, RowsAtOnce * width);
        Span<double> x = rented.AsSpan(RowsAtOnce * width, RowsAtOnce * _stride);
        Span<double> mixing = stackalloc double[RowsAtOnce];
        for (int row = 0; row < count; row += RowsAtOnce)
        {
            int some = Math.Min(RowsAtOnce, count - row);
            for (int r = 0; r < some; r++)
            {
                (int path, int step) = (firstPath + (row + r) / steps, (row + r) % steps);
                stream.FillUniforms(z.Slice(r * width, width), path, step, DrawPurpose.Copula, lane);
                mixing[r] = stream.Uniform(path, step, DrawPurpose.CopulaMixing, 0, lane);
            }

            StandardNormal.QuantilesInPlace(z[..(some * width)]);
            Correlate(z, x);
            for (int r = 0; r < some; r++)
            {
                Span<double> destination = rows.Slice((row + r) * width, width);
                ReadOnlySpan<double> scores = x.Slice(r * _stride, width);
                if (_table is null)
                {
                    NormalTable.Cdf(scores, destination);
                    continue;
                }

                double scale = _mixing!.At(StandardNormal.Quantile(mixing[r])) * _unit;
                _table.Cdf(scores, scale, destination);
            }
        }

        ArrayPool<double>.Shared.Return(rented);
    }

    public void Rosenblatt(Span<double> rows)
    {
        int n = Width;
        StudentT? t = DegreesOfFreedom is { } nu0 ? new StudentT(nu0) : null;
        StudentT[] conditional = DegreesOfFreedom is { } nu1
            ? [.. Enumerable.Range(0, n).Select(i => new StudentT(nu1 + i))]
            : [];
        double[] x = new double[n];
        for (; rows.Length >= n; rows = rows[n..])
        {
            for (int i = 0; i < n; i++)
                x[i] = t is null ? StandardNormal.Quantile(rows[i]) : t.Quantile(rows[i]);
            // y = L⁻¹x: yᵢ is the standardised distance of xᵢ from its mean given those before.
            Cholesky.SolveLower(_root, n, x);
            double squares = 0.0;
            for (int i = 0; i < n; i++)
            {
                if (t is null)
                {
                    rows[i] = StandardNormal.Cdf(x[i]);
                    continue;
                }

                double nu = DegreesOfFreedom!.Value;
                rows[i] = conditional[i].Cdf(x[i] * Math.Sqrt((nu + i) / (nu + squares)));
                squares += x[i] * x[i];
            }
        }
    }

    public JsonObject Describe()
    {
        var report = new JsonObject
        {
            ["family"] = DegreesOfFreedom is null ? "gaussian" : "student_t",
            ["correlation"] = new JsonArray([
                .. Correlation.Chunk(Width).Select(row => new JsonArray([.. row.Select(v => (JsonNode)v)])),
            ]),
        };
        if (DegreesOfFreedom is { } nu)
            report["degrees_of_freedom"] = nu;
        return report;
    }

    /// <summary>
    /// x = L·z for four rows: eight variables at a time, columns in their order, so that every element is the same sum in
    /// the same order whatever the vector width. (Zeros above the diagonal add nothing.)
    /// </summary>
    private void Correlate(ReadOnlySpan<double> z, Span<double> x)
    {
        int width = Width;
        int stride = _stride;
        ref double first = ref MemoryMarshal.GetReference(z);
        ref double result = ref MemoryMarshal.GetReference(x);
        for (int i = 0; i < stride; i += Lane)
        {
            ref double column = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_columns), i);
            Vector512<double> a = Vector512<double>.Zero,
                b = a,
                c = a,
                d = a;
            int last = Math.Min(i + Lane, width);
            for (int k = 0; k < last; k++)
            {
                Vector512<double> l = Vector512.LoadUnsafe(ref column);
                a += l * Vector512.Create(Unsafe.Add(ref first, k));
                b += l * Vector512.Create(Unsafe.Add(ref first, width + k));
                c += l * Vector512.Create(Unsafe.Add(ref first, 2 * width + k));
                d += l * Vector512.Create(Unsafe.Add(ref first, 3 * width + k));
                column = ref Unsafe.Add(ref column, stride);
            }

            a.StoreUnsafe(ref result, (nuint)i);
            b.StoreUnsafe(ref result, (nuint)(stride + i));
            c.StoreUnsafe(ref result, (nuint)(2 * stride + i));
            d.StoreUnsafe(ref result, (nuint)(3 * stride + i));
        }
    }
}
