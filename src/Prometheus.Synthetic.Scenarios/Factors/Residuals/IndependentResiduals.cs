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
    /// Instrument i draws word i mod 4 of the Philox block at index i / 4 of the path and step; the day is
    /// word · P / 2³² (bias below P · 2⁻³²). Eight rows are drawn at a time.
    /// </summary>
    private sealed class Sampler : IResidualSampler, IBandedResiduals
    {
        private const int Band = IBandedResiduals.Width;
        private const int RowsPerDraw = PhiloxLanes.Count;
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

        public int RowsAtOnce => 2048;

        public JsonObject Report => new() { ["method"] = "independent", ["pool_days"] = _sample.Pool.Count };

        public IReadOnlyList<DateOnly>? SourceDates(int path, int steps) => null;

        public void Fill(int firstPath, int paths, int steps, Span<double> destination, int stride)
        {
            double[] band = ArrayPool<double>.Shared.Rent(paths * steps * Band);
            for (int first = 0; first < _sample.Instruments; first += Band)
            {
                int width = Math.Min(Band, _sample.Instruments - first);
                FillBand(firstPath, paths, steps, first, band);
                for (int row = 0; row < paths * steps; row++)
                    band.AsSpan(row * Band, width).CopyTo(destination[(row * stride + first)..]);
            }

            ArrayPool<double>.Shared.Return(band);
        }

        public void FillBand(int firstPath, int paths, int steps, int firstInstrument, Span<double> band)
        {
            if (band.Length < paths * steps * Band || firstInstrument % Band != 0)
                throw new ArgumentException("A band is whole and its span holds it.", nameof(band));
            ref double cell = ref MemoryMarshal.GetReference(band);
            ref double history = ref _histories[firstInstrument * _sample.Pool.Count];
            Span<ulong> days = stackalloc ulong[RowsPerDraw * Band / 2];
            for (int p = 0; p < paths; p++)
            {
                for (int step = 0; step < steps; step += RowsPerDraw)
                {
                    Draw(firstPath + p, step, firstInstrument, ref MemoryMarshal.GetReference(days));
                    int rows = Math.Min(RowsPerDraw, steps - step);
                    for (int r = 0; r < rows; r++)
                    {
                        Gather(ref cell, ref history, _sample.Pool.Count, ref days[r]);
                        cell = ref Unsafe.Add(ref cell, Band);
                    }
                }
            }
        }

        /// <summary>
        /// Days of a band over eight steps: four vectors, of instruments (0, 1), (2, 3), (4, 5) and (6, 7), one lane a
        /// step, two days to a lane.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Draw(int path, int step, int firstInstrument, ref ulong days)
        {
            var count = Vector512.Create((ulong)_sample.Pool.Count);
            var high = Vector512.Create(0xFFFFFFFF00000000UL);
            for (int half = 0; half < 2; half++)
            {
                var w0 = Vector512.Create((ulong)(uint)path);
                Vector512<ulong> w1 = Vector512.Create((ulong)step) + PhiloxLanes.Numbers;
                var w2 = Vector512.Create((ulong)DrawPurpose.Residual << 16);
                var w3 = Vector512.Create((ulong)firstInstrument / 4 + (ulong)half);
                _sample.Stream.Blocks(ref w0, ref w1, ref w2, ref w3);
                Vector512<ulong> d01 =
                    (PhiloxLanes.Multiply(w0, count) >>> 32) | (PhiloxLanes.Multiply(w1, count) & high);
                Vector512<ulong> d23 =
                    (PhiloxLanes.Multiply(w2, count) >>> 32) | (PhiloxLanes.Multiply(w3, count) & high);
                d01.StoreUnsafe(ref days, (nuint)(2 * RowsPerDraw * half));
                d23.StoreUnsafe(ref days, (nuint)(2 * RowsPerDraw * half + RowsPerDraw));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Gather(ref double cell, ref double history, int length, ref ulong days)
        {
            for (int pair = 0; pair < Band / 2; pair++)
            {
                ulong both = Unsafe.Add(ref days, RowsPerDraw * pair);
                cell = Unsafe.Add(ref history, (nint)(uint)both);
                Unsafe.Add(ref cell, 1) = Unsafe.Add(ref history, (nint)(both >> 32) + length);
                cell = ref Unsafe.Add(ref cell, 2);
                history = ref Unsafe.Add(ref history, 2 * length);
            }
        }
    }
}
