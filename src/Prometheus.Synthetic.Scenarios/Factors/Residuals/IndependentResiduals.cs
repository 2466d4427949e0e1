using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Sampling;

namespace Prometheus.Synthetic.Scenarios.Factors.Residuals;

/// <summary>
/// Every cell's residual is that of a day drawn for its instrument and step alone, from the instrument's own history:
/// each keeps its distribution, tails included, and correlation between residuals is gone by design.
/// </summary>
public sealed record IndependentResiduals : ResidualSampling
{
    public override IResidualSampler Fit(ResidualSample sample) => new Sampler(sample);

    /// <summary>
    /// Works on eight instruments and many rows at a time: their histories then stay in the cache, and each cache line
    /// of the destination is written once. Instrument i draws word i mod 4 of the Philox block at index i / 4; the day
    /// is word · P / 2³² (bias below P · 2⁻³²).
    /// </summary>
    private sealed class Sampler : IResidualSampler
    {
        private const int Band = 8;
        private const int Rows = 2048;
        private readonly ResidualSample _sample;

        // Instrument after instrument, padded to whole bands, so that one instrument's days lie together.
        private readonly double[] _histories;

        public Sampler(ResidualSample sample)
        {
            _sample = sample;
            int days = sample.Pool.Count;
            int padded = (sample.Instruments + Band - 1) / Band * Band;
            _histories = new double[padded * days];
            for (int t = 0; t < days; t++)
            {
                for (int i = 0; i < sample.Instruments; i++)
                    _histories[i * days + t] = sample.Rows[t * sample.Instruments + i];
            }
        }

        public int RowsAtOnce => Rows;

        public JsonObject Report => new() { ["method"] = "independent", ["pool_days"] = _sample.Pool.Count };

        public IReadOnlyList<DateOnly>? SourceDates(int path, int steps) => null;

        public void Fill(int firstPath, int paths, int steps, Span<double> destination, int stride)
        {
            int perChunk = Math.Max(1, Rows / steps);
            int capacity = perChunk * steps + Vector512<ulong>.Count;
            ulong[] counters = ArrayPool<ulong>.Shared.Rent(2 * capacity);
            int[] days = ArrayPool<int>.Shared.Rent(Band * capacity);
            for (int p = 0; p < paths; p += perChunk)
            {
                int count = Math.Min(perChunk, paths - p);
                int rows = count * steps;
                for (int r = 0; r < rows; r++)
                {
                    counters[r] = (ulong)(uint)(firstPath + p + r / steps);
                    counters[capacity + r] = (ulong)(r % steps);
                }

                Span<double> chunk = destination[(p * steps * stride)..];
                for (int first = 0; first < _sample.Instruments; first += Band)
                {
                    Draw(first, counters.AsSpan(0, capacity), counters.AsSpan(capacity, capacity), rows, days);
                    Gather(first, days, rows, chunk, stride);
                }
            }

            ArrayPool<ulong>.Shared.Return(counters);
            ArrayPool<int>.Shared.Return(days);
        }

        /// <summary>Days of a band's instruments, eight to a row.</summary>
        private void Draw(int first, Span<ulong> paths, Span<ulong> steps, int rows, Span<int> days)
        {
            ref ulong path = ref MemoryMarshal.GetReference(paths);
            ref ulong step = ref MemoryMarshal.GetReference(steps);
            ref int day = ref MemoryMarshal.GetReference(days);
            var count = Vector512.Create((ulong)_sample.Pool.Count);
            var low = Vector512.Create(0xFFFFFFFFUL);
            for (int half = 0; half < Band; half += 4)
            {
                var index = Vector512.Create((ulong)(first + half) / 4);
                for (int r = 0; r < rows; r += Vector512<ulong>.Count)
                {
                    Vector512<ulong> w0 = Vector512.LoadUnsafe(ref path, (nuint)r);
                    Vector512<ulong> w1 = Vector512.LoadUnsafe(ref step, (nuint)r);
                    var w2 = Vector512.Create((ulong)DrawPurpose.Residual << 16);
                    Vector512<ulong> w3 = index;
                    _sample.Stream.Blocks(ref w0, ref w1, ref w2, ref w3);
                    // Two days share a 64-bit lane: words 0 and 1, words 2 and 3.
                    Vector512<ulong> d01 = (((w0 & low) * count) >>> 32) | ((w1 & low) * count & ~low);
                    Vector512<ulong> d23 = (((w2 & low) * count) >>> 32) | ((w3 & low) * count & ~low);
                    for (int lane = 0; lane < Vector512<ulong>.Count; lane++)
                    {
                        ref byte at = ref Unsafe.As<int, byte>(ref Unsafe.Add(ref day, (r + lane) * Band + half));
                        Unsafe.WriteUnaligned(ref at, d01[lane]);
                        Unsafe.WriteUnaligned(ref Unsafe.Add(ref at, 8), d23[lane]);
                    }
                }
            }
        }

        private void Gather(int first, ReadOnlySpan<int> days, int rows, Span<double> destination, int stride)
        {
            int length = _sample.Pool.Count;
            int width = Math.Min(Band, _sample.Instruments - first);
            ref int day = ref MemoryMarshal.GetReference(days);
            ref double history = ref _histories[first * length];
            for (int r = 0; r < rows; r++, day = ref Unsafe.Add(ref day, Band))
            {
                Span<double> cells = destination.Slice(r * stride + first, width);
                if (width == Band)
                {
                    ref double cell = ref MemoryMarshal.GetReference(cells);
                    cell = Unsafe.Add(ref history, day);
                    Unsafe.Add(ref cell, 1) = Unsafe.Add(ref history, length + Unsafe.Add(ref day, 1));
                    Unsafe.Add(ref cell, 2) = Unsafe.Add(ref history, 2 * length + Unsafe.Add(ref day, 2));
                    Unsafe.Add(ref cell, 3) = Unsafe.Add(ref history, 3 * length + Unsafe.Add(ref day, 3));
                    Unsafe.Add(ref cell, 4) = Unsafe.Add(ref history, 4 * length + Unsafe.Add(ref day, 4));
                    Unsafe.Add(ref cell, 5) = Unsafe.Add(ref history, 5 * length + Unsafe.Add(ref day, 5));
                    Unsafe.Add(ref cell, 6) = Unsafe.Add(ref history, 6 * length + Unsafe.Add(ref day, 6));
                    Unsafe.Add(ref cell, 7) = Unsafe.Add(ref history, 7 * length + Unsafe.Add(ref day, 7));
                }
                else
                {
                    for (int i = 0; i < width; i++)
                        cells[i] = Unsafe.Add(ref history, i * length + Unsafe.Add(ref day, i));
                }
            }
        }
    }
}
