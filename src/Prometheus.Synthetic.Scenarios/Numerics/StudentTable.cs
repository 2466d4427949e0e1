using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Prometheus.Synthetic.Scenarios.Numerics;

/// <summary>
/// Student-t by table for kernels: between normal scores and t values, so that both tails keep their digits, and from t
/// values to probabilities. Relative error of values below 1e-7, of the smaller probability below 1e-5 at 1e-11 for
/// ν = 60 and far less for heavier tails.
/// </summary>
internal sealed class StudentTable
{
    private const int PiecesPerUnit = 64;
    private readonly EvenGrid _values;
    private readonly LogGrid _scores;
    private readonly LogGrid? _tails;

    /// <param name="degreesOfFreedom">ν &gt; 1.</param>
    /// <param name="probabilities">Whether <see cref="Cdf(double)"/> will be asked for.</param>
    public StudentTable(double degreesOfFreedom, bool probabilities = false)
    {
        var t = new StudentT(degreesOfFreedom);
        _values = Values(t, PiecesPerUnit);
        _scores = new LogGrid(
            6,
            x =>
            {
                double z = x == 0.0 ? 0.0 : -StandardNormal.Quantile(t.Tail(x));
                return (z, t.Density(x) / StandardNormal.Density(z));
            },
            z => z < NormalTable.Limit,
            40
        );
        if (probabilities)
            _tails = new LogGrid(8, x => (t.Tail(x), -t.Density(x)), tail => tail > 1e-22, 48);
    }

    /// <summary>The t value of a normal score: T⁻¹(Φ(z)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Value(double z) => Math.CopySign(_values.At(Math.Min(Math.Abs(z), NormalTable.Limit)), z);

    /// <summary>The normal score of a t value: Φ⁻¹(T(t)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Score(double t) => Math.CopySign(_scores.At(Math.Abs(t)), t);

    /// <summary>T(t), in the open interval (0, 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Cdf(double t)
    {
        double tail = _tails!.At(Math.Abs(t));
        return t < 0.0 ? tail : Math.Min(1.0 - tail, Uniforms.Largest);
    }

    /// <summary><see cref="Value(double)"/> of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Value(Vector512<double> z) =>
        Vector512.CopySign(_values.At(Vector512.Min(Vector512.Abs(z), Vector512.Create(NormalTable.Limit))), z);

    /// <summary><see cref="Score(double)"/> of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Score(Vector512<double> t) => Vector512.CopySign(_scores.At(Vector512.Abs(t)), t);

    /// <summary>T(scale · t) of many.</summary>
    public void Cdf(ReadOnlySpan<double> values, double scale, Span<double> probabilities)
    {
        int i = 0;
        for (; CubicPieces.IsSupported && i + Vector512<double>.Count <= values.Length; i += Vector512<double>.Count)
        {
            Vector512<double> t = Vector512.Create(scale) * Vector512.Create(values[i..]);
            Uniforms.OfTail(_tails!.At(Vector512.Abs(t)), t).CopyTo(probabilities[i..]);
        }

        for (; i < values.Length; i++)
            probabilities[i] = Cdf(scale * values[i]);
    }

    /// <summary>T⁻¹(Φ(z)) for z ≥ 0, each node solved from the one before.</summary>
    internal static EvenGrid Values(StudentT t, int piecesPerUnit)
    {
        double last = double.NaN;
        return new EvenGrid(
            NormalTable.Limit,
            piecesPerUnit,
            z =>
            {
                double value = t.UpperQuantile(StandardNormal.Tail(z), last);
                double slope = StandardNormal.Density(z) / t.Density(value);
                last = value + slope / piecesPerUnit;
                return (value, slope);
            }
        );
    }
}
