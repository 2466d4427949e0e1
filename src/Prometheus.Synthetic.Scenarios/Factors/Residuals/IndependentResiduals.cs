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
            ulong[] days = ArrayPool<ulong>.Shared.Rent(Band / 2 * capacity);
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
                    Draw(first, ref counters[0], ref counters[capacity], rows, ref days[0]);
                    Gather(first, ref days[0], rows, chunk, stride);
                }
            }

            ArrayPool<ulong>.Shared.Return(counters);
            ArrayPool<ulong>.Shared.Return(days);
        }

        /// <summary>
        /// Days of a band's instruments: for each eight rows four vectors, of instruments (0, 1), (2, 3), (4, 5) and
        /// (6, 7), two days to a 64-bit lane.
        /// </summary>
        private void Draw(int first, ref ulong path, ref ulong step, int rows, ref ulong days)
        {
            var count = Vector512.Create((ulong)_sample.Pool.Count);
            var purpose = Vector512.Create((ulong)DrawPurpose.Residual << 16);
            var high = Vector512.Create(0xFFFFFFFF00000000UL);
            var index = Vector512.Create((ulong)first / 4);
            for (int r = 0; r < rows; r += Vector512<ulong>.Count)
            {
                for (int half = 0; half < 2; half++)
                {
                    Vector512<ulong> w0 = Vector512.LoadUnsafe(ref path, (nuint)r);
                    Vector512<ulong> w1 = Vector512.LoadUnsafe(ref step, (nuint)r);
                    Vector512<ulong> w2 = purpose;
                    Vector512<ulong> w3 = index + Vector512.Create((ulong)half);
                    _sample.Stream.Blocks(ref w0, ref w1, ref w2, ref w3);
                    Vector512<ulong> d01 =
                        (PhiloxLanes.Multiply(w0, count) >>> 32) | (PhiloxLanes.Multiply(w1, count) & high);
                    Vector512<ulong> d23 =
                        (PhiloxLanes.Multiply(w2, count) >>> 32) | (PhiloxLanes.Multiply(w3, count) & high);
                    d01.StoreUnsafe(ref days, (nuint)(4 * r + 16 * half));
                    d23.StoreUnsafe(ref days, (nuint)(4 * r + 16 * half + 8));
                }
            }
        }

        private void Gather(int first, ref ulong days, int rows, Span<double> destination, int stride)
        {
            int length = _sample.Pool.Count;
            int width = Math.Min(Band, _sample.Instruments - first);
            ref double history = ref _histories[first * length];
            for (int r = 0; r < rows; r++)
            {
                ref ulong day = ref Unsafe.Add(ref days, 4 * (r & ~7) + (r & 7));
                Span<double> cells = destination.Slice(r * stride + first, width);
                if (width < Band)
                {
                    for (int i = 0; i < width; i++)
                    {
                        ulong pair = Unsafe.Add(ref day, 8 * (i / 2));
                        cells[i] = Unsafe.Add(ref history, i * length + (int)(i % 2 == 0 ? (uint)pair : pair >> 32));
                    }

                    continue;
                }

                ref double cell = ref MemoryMarshal.GetReference(cells);
                Pair(ref cell, ref history, length, day);
                Pair(
                    ref Unsafe.Add(ref cell, 2),
                    ref Unsafe.Add(ref history, 2 * length),
                    length,
                    Unsafe.Add(ref day, 8)
                );
                Pair(
                    ref Unsafe.Add(ref cell, 4),
                    ref Unsafe.Add(ref history, 4 * length),
                    length,
                    Unsafe.Add(ref day, 16)
                );
                Pair(
                    ref Unsafe.Add(ref cell, 6),
                    ref Unsafe.Add(ref history, 6 * length),
                    length,
                    Unsafe.Add(ref day, 24)
                );
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Pair(ref double cell, ref double history, int length, ulong days)
        {
            cell = Unsafe.Add(ref history, (nint)(uint)days);
            Unsafe.Add(ref cell, 1) = Unsafe.Add(ref history, (nint)(days >> 32) + length);
        }
    }
}
