using Prometheus.Synthetic.Scenarios.Dependence.Pairs;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Tests.Dependence;

/// <summary>What a vine draws eight rows at a time is, bit for bit, what the scalar functions say of each row.</summary>
public sealed class PairLanesTests
{
    public static TheoryData<string, double, int> Pairs { get; } =
        new()
        {
            { "clayton", 0.01, 0 },
            { "clayton", 2.0, 90 },
            { "clayton", 30.0, 180 },
            { "gumbel", 1.01, 270 },
            { "gumbel", 2.0, 0 },
            { "gumbel", 25.0, 180 },
            { "frank", 0.05, 0 },
            { "frank", 5.0, 90 },
            { "frank", 80.0, 0 },
            { "joe", 1.01, 0 },
            { "joe", 2.5, 270 },
            { "joe", 25.0, 180 },
        };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Lanes_are_the_scalar_functions(string family, double theta, int rotation)
    {
        PairCopula pair = Pair(family, theta, rotation);
        (double[] us, double[] vs) = Points();
        Same(us, vs, pair.H, pair.H, "h");
        Same(us, vs, pair.HOther, pair.HOther, "h other");
        Same(us, vs, pair.HInverse, pair.HInverse, "inverse");
        Same(us, vs, pair.HOtherInverse, pair.HOtherInverse, "other inverse");
    }

    private delegate void Many(Span<double> u, ReadOnlySpan<double> v);

    private static void Same(double[] us, double[] vs, Func<double, double, double> one, Many many, string what)
    {
        for (int start = 0; start < us.Length; start += PairCopula.Chunk)
        {
            int count = Math.Min(PairCopula.Chunk, us.Length - start);
            double[] found = us[start..(start + count)];
            many(found, vs.AsSpan(start, count));
            for (int i = 0; i < count; i++)
                Same(one(us[start + i], vs[start + i]), found[i], what, us[start + i], vs[start + i]);
        }
    }

    /// <summary>A step in scores, of a number of rows that no vector divides, beside its definition row by row.</summary>
    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_step_is_its_definition(string family, double theta, int rotation)
    {
        PairCopula pair = Pair(family, theta, rotation);
        var stream = new PhiloxStream(3);
        double[] conditional = [.. Enumerable.Range(0, 517).Select(i => stream.Normal(i, 0, DrawPurpose.Copula))];
        double[] given = [.. Enumerable.Range(0, 517).Select(i => stream.Normal(i, 1, DrawPurpose.Copula))];
        foreach (bool first in new[] { true, false })
        {
            double[] score = [.. conditional];
            double[] other = new double[517];
            pair.Step(score, given, score, other, first);
            for (int r = 0; r < 517; r++)
            {
                double p = NormalTable.Cdf(conditional[r]);
                double v = NormalTable.Cdf(given[r]);
                double u = PairCopula.Inside(first ? pair.HInverse(p, v) : pair.HOtherInverse(p, v));
                Same(StandardNormal.Quantile(u), score[r], "score", p, v);
                double handed = PairCopula.Inside(first ? pair.HOther(v, u) : pair.H(v, u));
                Same(StandardNormal.Quantile(handed), other[r], "other", p, v);
            }
        }
    }

    private static PairCopula Pair(string family, double theta, int rotation) =>
        RotatedPair.Of(
            family switch
            {
                "clayton" => new ClaytonPair(theta),
                "gumbel" => new GumbelPair(theta),
                "frank" => new FrankPair(theta),
                _ => new JoePair(theta),
            },
            rotation
        );

    private static (double[] U, double[] V) Points()
    {
        double[] ends = [1e-17, 1e-12, 1e-5, 0.3, 0.5, 0.9, 1.0 - 1e-9, Uniforms.Largest];
        var stream = new PhiloxStream(11);
        var points = ends.SelectMany(_ => ends, (u, v) => (u, v))
            .Concat(
                Enumerable
                    .Range(0, 800)
                    .Select(i =>
                        (stream.Uniform(i, 0, DrawPurpose.Copula, 0), stream.Uniform(i, 0, DrawPurpose.Copula, 1))
                    )
            )
            .ToArray();
        return ([.. points.Select(p => p.Item1)], [.. points.Select(p => p.Item2)]);
    }

    private static void Same(double expected, double found, string what, double u, double v) =>
        Assert.True(
            expected.Equals(found) || BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(found),
            $"{what}({u:R} | {v:R}): {expected:R} one by one, {found:R} in lanes"
        );
}
