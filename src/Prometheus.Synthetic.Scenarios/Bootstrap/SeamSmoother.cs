using System.Runtime.Intrinsics;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Bootstrap;

/// <summary>
/// Blends the first k days after a seam with what followed the block before it: on centred log returns (level changes
/// for macro series) a·old + b·new with b² = j/(k+1), a² = 1 − b² on the j-th day, so that mean and covariance stay those
/// of the days drawn while old and new are uncorrelated. The blended days are less heavy-tailed (excess kurtosis times
/// a⁴ + b⁴, at least ½ of it) and are no historical days. Returns stay above −1 because they are blended as logarithms.
/// What may not be drawn is not blended in either: the old block goes on only as far as it could have run, over no gap
/// and onto no day that the conditions exclude, and where regimes follow a chain within the new day's regime.
/// </summary>
internal sealed class SeamSmoother
{
    private const int Lane = 8;
    private const double LowestLogReturn = -20.0;
    private readonly DrawPlan _plan;
    private readonly int _smoothed;
    private readonly int _width;
    private readonly double[] _logs;
    private readonly double[] _means;

    // All ones where a value is a log return, zero where it is a change of level.
    private readonly long[] _isReturn;
    private readonly (double Old, double New)[] _weights;

    /// <param name="values">The T × K values that are drawn.</param>
    /// <param name="shares">Expected share of each day, for the means.</param>
    /// <param name="plan">By which the days are drawn.</param>
    public SeamSmoother(ShockPanel panel, ReadOnlySpan<double> values, double[] shares, int smoothed, DrawPlan plan)
    {
        (_smoothed, _width, _plan) = (smoothed, panel.Width, plan);
        _isReturn = [.. panel.Drivers.Select(d => d.Kind != DriverKind.Macro ? -1L : 0L)];
        _logs = new double[values.Length];
        _means = new double[_width];
        for (int i = 0; i < values.Length; i++)
        {
            _logs[i] = _isReturn[i % _width] != 0 ? StableMath.Log(1.0 + values[i]) : values[i];
            _means[i % _width] += shares[i / _width] * _logs[i];
        }

        _weights =
        [
            .. Enumerable
                .Range(1, smoothed)
                .Select(j => (Math.Sqrt(1.0 - (double)j / (smoothed + 1)), Math.Sqrt((double)j / (smoothed + 1)))),
        ];
    }

    /// <summary>Rewrites the days after each seam of a path.</summary>
    public void Apply(ReadOnlySpan<int> index, Span<double> path)
    {
        int old = -1;
        int age = _smoothed;
        for (int h = 1; h < index.Length; h++)
        {
            if (index[h] != index[h - 1] + 1)
            {
                old = index[h - 1];
                age = 0;
            }

            if (age >= _smoothed)
                continue;
            if (!GoesOn(old + age))
            {
                age = _smoothed;
                continue;
            }

            int continued = old + ++age;
            if (_plan.Chain is not { } chain || chain.RegimeOf[continued] == chain.RegimeOf[index[h]])
                Blend(continued, index[h], _weights[age - 1], path.Slice(h * _width, _width));
        }
    }

    /// <summary>Whether a block on that day could have gone to the next, the end of history being an end.</summary>
    private bool GoesOn(int day) => day + 1 < _plan.Days && _plan.RunsOn[day];

    private void Blend(int oldDay, int newDay, (double Old, double New) weight, Span<double> row)
    {
        ReadOnlySpan<double> olds = _logs.AsSpan(oldDay * _width, _width);
        ReadOnlySpan<double> news = _logs.AsSpan(newDay * _width, _width);
        int k = 0;
        for (; k + Lane <= row.Length; k += Lane)
        {
            Vector512<double> mean = Vector512.LoadUnsafe(ref _means[k]);
            Vector512<double> value =
                mean
                + Vector512.Create(weight.Old) * (Vector512.Create(olds.Slice(k, Lane)) - mean)
                + Vector512.Create(weight.New) * (Vector512.Create(news.Slice(k, Lane)) - mean);
            Vector512<double> simple =
                StableMath.Exp(Vector512.Max(value, Vector512.Create(LowestLogReturn))) - Vector512<double>.One;
            Vector512
                .ConditionalSelect(Vector512.LoadUnsafe(ref _isReturn[k]).AsDouble(), simple, value)
                .CopyTo(row.Slice(k, Lane));
        }

        for (; k < row.Length; k++)
        {
            double mean = _means[k];
            double value = mean + weight.Old * (olds[k] - mean) + weight.New * (news[k] - mean);
            row[k] = _isReturn[k] != 0 ? StableMath.Exp(Math.Max(value, LowestLogReturn)) - 1.0 : value;
        }
    }
}
