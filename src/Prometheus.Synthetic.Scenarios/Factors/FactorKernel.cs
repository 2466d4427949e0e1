using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Prometheus.Synthetic.Scenarios.Factors.Model;

namespace Prometheus.Synthetic.Scenarios.Factors;

/// <summary>
/// r = ((α + B₁f₁) + B₂f₂ + …) + ε, then bounded: element by element, products and sums apart (never fused), columns in
/// their order. Several elements and rows go at a time, which changes no bit: no sum ever runs across elements.
/// </summary>
internal static class FactorKernel
{
    private const int Lane = 8;
    private const int RowsAtOnce = 4;
    private const int RowsAhead = 16;

    /// <summary>Turns residuals into returns in place.</summary>
    /// <param name="factors">rows × C drawn factor values.</param>
    /// <param name="cells">rows, each <paramref name="stride"/> apart, whose first N values are residuals.</param>
    /// <returns>The number of returns that met a bound.</returns>
    public static int Assemble(
        FactorModel model,
        ReadOnlySpan<double> factors,
        Span<double> cells,
        int rows,
        int stride,
        ReturnBounds bounds
    )
    {
        int count = model.Instruments.Count;
        int width = model.Columns.Count;
        // The reads below are not bound-checked one by one.
        if (factors.Length < rows * width || cells.Length < (rows - 1) * stride + count)
            throw new ArgumentException("The spans do not hold the rows.");
        int whole = count / (2 * Lane) * (2 * Lane);
        ref double factor = ref MemoryMarshal.GetReference(factors);
        ref double cell = ref MemoryMarshal.GetReference(cells);
        var moved = Vector512<long>.Zero;
        int row = 0;
        for (; row + RowsAtOnce <= rows; row += RowsAtOnce)
        {
            for (int i = 0; i < whole; i += 2 * Lane)
            {
                moved += FourRows(
                    model,
                    ref Unsafe.Add(ref factor, row * width),
                    width,
                    ref Unsafe.Add(ref cell, row * stride + i),
                    stride,
                    i,
                    bounds
                );
            }
        }

        for (int r = row; r < rows; r++)
        {
            for (int i = 0; i < whole; i += Lane)
            {
                ref double at = ref Unsafe.Add(ref cell, r * stride + i);
                moved += OneRow(model, ref Unsafe.Add(ref factor, r * width), ref at, ref at, i, bounds);
            }
        }

        int total = (int)Vector512.Sum(moved);
        for (int r = 0; r < rows && whole < count; r++)
        {
            ReadOnlySpan<double> day = factors.Slice(r * width, width);
            Span<double> rest = cells.Slice(r * stride + whole, count - whole);
            for (int i = 0; i < rest.Length; i++)
                rest[i] = model.Explained(whole + i, day) + rest[i];
            total += bounds.Apply(rest);
        }

        return total;
    }

    /// <summary>Returns of one band of instruments: residuals are read from the band, each cell is written once.</summary>
    /// <param name="factors">rows × C drawn factor values.</param>
    /// <param name="band">rows × 8 residuals.</param>
    /// <param name="first">The band's first instrument.</param>
    /// <param name="cells">rows, each <paramref name="stride"/> apart.</param>
    /// <returns>The number of returns that met a bound.</returns>
    public static int AssembleBand(
        FactorModel model,
        ReadOnlySpan<double> factors,
        ReadOnlySpan<double> band,
        int first,
        Span<double> cells,
        int rows,
        int stride,
        ReturnBounds bounds
    )
    {
        int width = model.Columns.Count;
        int count = Math.Min(Lane, model.Instruments.Count - first);
        if (
            factors.Length < rows * width
            || band.Length < rows * Lane
            || cells.Length < (rows - 1) * stride + first + count
        )
            throw new ArgumentException("The spans do not hold the rows.");
        if (count < Lane)
        {
            int few = 0;
            for (int r = 0; r < rows; r++)
            {
                Span<double> rest = cells.Slice(r * stride + first, count);
                for (int i = 0; i < count; i++)
                    rest[i] = model.Explained(first + i, factors.Slice(r * width, width)) + band[r * Lane + i];
                few += bounds.Apply(rest);
            }

            return few;
        }

        ref double factor = ref MemoryMarshal.GetReference(factors);
        ref double residual = ref MemoryMarshal.GetReference(band);
        ref double cell = ref Unsafe.Add(ref MemoryMarshal.GetReference(cells), first);
        Vector512<double> alpha = Vector512.LoadUnsafe(ref model.Intercepts[first]);
        int regressors = model.Regressors;
        int padded = model.Stride;
        var moved = Vector512<long>.Zero;
        int row = 0;
        for (; row + RowsAtOnce <= rows; row += RowsAtOnce)
        {
            Vector512<double> a0 = alpha,
                a1 = alpha,
                a2 = alpha,
                a3 = alpha;
            ref double loading = ref model.Loadings[first];
            for (int f = 0; f < regressors; f++)
            {
                Vector512<double> b = Vector512.LoadUnsafe(ref loading);
                a0 += b * Vector512.Create(Unsafe.Add(ref factor, f));
                a1 += b * Vector512.Create(Unsafe.Add(ref factor, width + f));
                a2 += b * Vector512.Create(Unsafe.Add(ref factor, 2 * width + f));
                a3 += b * Vector512.Create(Unsafe.Add(ref factor, 3 * width + f));
                loading = ref Unsafe.Add(ref loading, padded);
            }

            Ahead(ref cell, stride);
            moved +=
                Finish(a0, ref residual, ref cell, bounds)
                + Finish(a1, ref Unsafe.Add(ref residual, Lane), ref Unsafe.Add(ref cell, stride), bounds)
                + Finish(a2, ref Unsafe.Add(ref residual, 2 * Lane), ref Unsafe.Add(ref cell, 2 * stride), bounds)
                + Finish(a3, ref Unsafe.Add(ref residual, 3 * Lane), ref Unsafe.Add(ref cell, 3 * stride), bounds);
            factor = ref Unsafe.Add(ref factor, RowsAtOnce * width);
            residual = ref Unsafe.Add(ref residual, RowsAtOnce * Lane);
            cell = ref Unsafe.Add(ref cell, RowsAtOnce * stride);
        }

        for (; row < rows; row++)
        {
            moved += OneRow(model, ref factor, ref residual, ref cell, first, bounds);
            factor = ref Unsafe.Add(ref factor, width);
            residual = ref Unsafe.Add(ref residual, Lane);
            cell = ref Unsafe.Add(ref cell, stride);
        }

        return (int)Vector512.Sum(moved);
    }

    /// <summary>
    /// Asks for the lines that the band writes sixteen rows on. Rows are pages apart, which no hardware prefetcher
    /// follows, and without it every write waits for its line. A hint: it may name memory beyond the block, and changes
    /// nothing.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Ahead(ref double cell, int stride)
    {
        if (!Sse.IsSupported)
            return;
        // The last element of the band: most bands lie across two lines, and the first was fetched with the band before.
        double* last = (double*)Unsafe.AsPointer(ref cell) + (Lane - 1);
        for (int row = RowsAhead; row < RowsAhead + RowsAtOnce; row++)
            Sse.Prefetch0(last + (long)row * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> FourRows(
        FactorModel model,
        ref double factor,
        int width,
        ref double cell,
        int stride,
        int first,
        ReturnBounds bounds
    )
    {
        ref double alpha = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(model.Intercepts), first);
        ref double loading = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(model.Loadings), first);
        Vector512<double> a0 = Vector512.LoadUnsafe(ref alpha);
        Vector512<double> b0 = Vector512.LoadUnsafe(ref alpha, Lane);
        Vector512<double> a1 = a0,
            a2 = a0,
            a3 = a0,
            b1 = b0,
            b2 = b0,
            b3 = b0;
        int regressors = model.Regressors;
        int padded = model.Stride;
        for (int f = 0; f < regressors; f++)
        {
            Vector512<double> a = Vector512.LoadUnsafe(ref loading);
            Vector512<double> b = Vector512.LoadUnsafe(ref loading, Lane);
            var f0 = Vector512.Create(Unsafe.Add(ref factor, f));
            var f1 = Vector512.Create(Unsafe.Add(ref factor, width + f));
            var f2 = Vector512.Create(Unsafe.Add(ref factor, 2 * width + f));
            var f3 = Vector512.Create(Unsafe.Add(ref factor, 3 * width + f));
            a0 += a * f0;
            b0 += b * f0;
            a1 += a * f1;
            b1 += b * f1;
            a2 += a * f2;
            b2 += b * f2;
            a3 += a * f3;
            b3 += b * f3;
            loading = ref Unsafe.Add(ref loading, padded);
        }

        return Finish(a0, ref cell, ref cell, bounds)
            + Finish(b0, ref Unsafe.Add(ref cell, Lane), ref Unsafe.Add(ref cell, Lane), bounds)
            + Finish(a1, ref Unsafe.Add(ref cell, stride), ref Unsafe.Add(ref cell, stride), bounds)
            + Finish(b1, ref Unsafe.Add(ref cell, stride + Lane), ref Unsafe.Add(ref cell, stride + Lane), bounds)
            + Finish(a2, ref Unsafe.Add(ref cell, 2 * stride), ref Unsafe.Add(ref cell, 2 * stride), bounds)
            + Finish(
                b2,
                ref Unsafe.Add(ref cell, 2 * stride + Lane),
                ref Unsafe.Add(ref cell, 2 * stride + Lane),
                bounds
            )
            + Finish(a3, ref Unsafe.Add(ref cell, 3 * stride), ref Unsafe.Add(ref cell, 3 * stride), bounds)
            + Finish(
                b3,
                ref Unsafe.Add(ref cell, 3 * stride + Lane),
                ref Unsafe.Add(ref cell, 3 * stride + Lane),
                bounds
            );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> OneRow(
        FactorModel model,
        ref double factor,
        ref double residual,
        ref double cell,
        int first,
        ReturnBounds bounds
    )
    {
        ref double loading = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(model.Loadings), first);
        Vector512<double> sum = Vector512.LoadUnsafe(
            ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(model.Intercepts), first)
        );
        for (int f = 0; f < model.Regressors; f++)
        {
            sum += Vector512.LoadUnsafe(ref loading) * Vector512.Create(Unsafe.Add(ref factor, f));
            loading = ref Unsafe.Add(ref loading, model.Stride);
        }

        return Finish(sum, ref residual, ref cell, bounds);
    }

    /// <summary>Adds the residual, bounds, stores; ones in the lanes that met a bound.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> Finish(
        Vector512<double> explained,
        ref double residual,
        ref double cell,
        ReturnBounds bounds
    )
    {
        Vector512<double> value = explained + Vector512.LoadUnsafe(ref residual);
        var floor = Vector512.Create(bounds.Floor);
        var cap = Vector512.Create(bounds.Cap);
        Vector512<double> low = Vector512.LessThan(value, floor);
        Vector512<double> high = Vector512.GreaterThan(value, cap);
        value = Vector512.ConditionalSelect(low, floor, Vector512.ConditionalSelect(high, cap, value));
        value.StoreUnsafe(ref cell);
        return -(low | high).AsInt64();
    }
}
