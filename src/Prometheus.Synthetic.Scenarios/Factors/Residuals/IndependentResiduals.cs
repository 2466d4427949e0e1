using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Factors.Residuals;

/// <summary>
/// Every cell's residual is that of a day drawn for its instrument and step alone, from the instrument's own history:
/// each keeps its distribution, tails included, and correlation between residuals is gone by design.
/// </summary>
public sealed record IndependentResiduals : ResidualSampling
{
    public override IResidualSampler Fit(ResidualSample sample) => new Sampler(sample);

    /// <summary>
    /// Step h draws word h mod 4 of the Philox block h / 4 at the instrument's own address
    /// (<see cref="InstrumentDraws"/>); the day is word · P / 2³² (bias below P · 2⁻³²). Four steps of eight instruments
    /// are drawn at a time.
    /// </summary>
    private sealed class Sampler : IResidualSampler, IBandedResiduals
    {
        private const int Band = IBandedResiduals.Width;
        private readonly ResidualSample _sample;
        private readonly InstrumentDraws _draws;

        // Instrument after instrument, padded to whole bands, so that one instrument's days lie together.
        private readonly double[] _histories;

        public Sampler(ResidualSample sample)
        {
            _sample = sample;
            _draws = new InstrumentDraws(sample.Ids, sample.Stream);
            int days = sample.Pool.Count;
            int padded = (sample.Instruments + Band - 1) / Band * Band;
            _histories = new double[padded * days];
            for (int t = 0; t < days; t++)
            {
                for (int i = 0; i < sample.Instruments; i++)
                    _histories[i * days + t] = sample.Rows[t * sample.Instruments + i];
            }
        }

        // A band's histories are read from far away once for so many rows.
        public int RowsAtOnce => 16_384;

        public JsonObject Report => new() { ["method"] = "independent", ["pool_days"] = _sample.Pool.Count };

        public IReadOnlyList<DateOnly>? SourceDates(int path, int steps) => null;

        public void Fill(int firstPath, int paths, int steps, Span<double> destination, int stride)
        {
            double[] band = ArrayPool<double>.Shared.Rent(IBandedResiduals.Length(steps));
            for (int first = 0; first < _sample.Instruments; first += Band)
            {
                int width = Math.Min(Band, _sample.Instruments - first);
                for (int p = 0; p < paths; p++)
                {
                    FillBand(firstPath + p, steps, first, band);
                    for (int h = 0; h < steps; h++)
                        band.AsSpan(h * Band, width).CopyTo(destination[((p * steps + h) * stride + first)..]);
                }
            }

            ArrayPool<double>.Shared.Return(band);
        }

        public void FillBand(int path, int steps, int firstInstrument, Span<double> band)
        {
            // The reads and writes below are not bound-checked one by one.
            if (band.Length < IBandedResiduals.Length(steps) || firstInstrument % Band != 0)
                throw new ArgumentException("A band is whole and its span holds it.", nameof(band));
            ref ulong place = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<double, ulong>(band));
            DrawPlaces(path, steps, firstInstrument, ref place);
            // Each place gives way to the residual that lies there.
            ref double history = ref MemoryMarshal.GetArrayDataReference(_histories);
            ref double cell = ref MemoryMarshal.GetReference(band);
            for (int row = 0; row < steps; row++)
            {
                Take(ref history, ref cell);
                Take(ref history, ref Unsafe.Add(ref cell, 1));
                Take(ref history, ref Unsafe.Add(ref cell, 2));
                Take(ref history, ref Unsafe.Add(ref cell, 3));
                Take(ref history, ref Unsafe.Add(ref cell, 4));
                Take(ref history, ref Unsafe.Add(ref cell, 5));
                Take(ref history, ref Unsafe.Add(ref cell, 6));
                Take(ref history, ref Unsafe.Add(ref cell, 7));
                cell = ref Unsafe.Add(ref cell, Band);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Take(ref double history, ref double cell) =>
            cell = Unsafe.Add(ref history, (nint)Unsafe.As<double, ulong>(ref cell));

        /// <summary>Places in the histories, of eight instruments over whole fours of steps.</summary>
        private void DrawPlaces(int path, int steps, int firstInstrument, ref ulong place)
        {
            ulong days = (ulong)_sample.Pool.Count;
            var count = Vector512.Create(days);
            Vector512<ulong> start =
                PhiloxLanes.Multiply(PhiloxLanes.Numbers, count) + Vector512.Create((ulong)firstInstrument * days);
            for (int block = 0; block * IBandedResiduals.StepsAtOnce < steps; block++)
            {
                _draws.Words(path, block, DrawPurpose.Residual, firstInstrument, out var w0, out var w1, out var w2, out var w3);
                ((PhiloxLanes.Multiply(w0, count) >>> 32) + start).StoreUnsafe(ref place);
                ((PhiloxLanes.Multiply(w1, count) >>> 32) + start).StoreUnsafe(ref place, Band);
                ((PhiloxLanes.Multiply(w2, count) >>> 32) + start).StoreUnsafe(ref place, 2 * Band);
                ((PhiloxLanes.Multiply(w3, count) >>> 32) + start).StoreUnsafe(ref place, 3 * Band);
                place = ref Unsafe.Add(ref place, IBandedResiduals.StepsAtOnce * Band);
            }
        }
    }
}
