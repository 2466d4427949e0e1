using System.Globalization;
using CsCheck;

namespace Prometheus.Synthetic.TestKit;

/// <summary>
/// Property tests whose every case follows from a seed. CsCheck's own Sample draws all cases but the first anew in each
/// run, so that a property which fails once in a million cases turns a suite red on a day of its own choosing. Here a
/// run repeats the last one, and a hunt for rare cases is an act: set SYNTHETIC_PROPERTY_SEED to any whole number for
/// other cases and SYNTHETIC_PROPERTY_FACTOR to have that many times more of them.
/// </summary>
public static class Properties
{
    private static readonly ulong Seed = Setting("SYNTHETIC_PROPERTY_SEED", 0);
    private static readonly int Factor = (int)Setting("SYNTHETIC_PROPERTY_FACTOR", 1);

    /// <summary>Fails with the case, shrunk where CsCheck finds a smaller one that fails too.</summary>
    public static void AlwaysHolds<T>(this Gen<T> gen, Action<T> property, int cases = 100)
    {
        for (uint i = 0; i < cases * Factor; i++)
        {
            var source = new PCG(i, Seed);
            string text = source.ToString();
            T value = gen.Generate(source, null, out _);
            try
            {
                property(value);
            }
            catch (Exception first)
            {
                gen.Sample(property, seed: text, iter: 1_000, threads: 1);
                throw new InvalidOperationException(
                    $"case {i} fails, but not when repeated: {Check.Print(value)}",
                    first
                );
            }
        }
    }

    public static void AlwaysHolds<T1, T2>(this Gen<(T1, T2)> gen, Action<T1, T2> property, int cases = 100) =>
        gen.AlwaysHolds(t => property(t.Item1, t.Item2), cases);

    public static void AlwaysHolds<T1, T2, T3>(
        this Gen<(T1, T2, T3)> gen,
        Action<T1, T2, T3> property,
        int cases = 100
    ) => gen.AlwaysHolds(t => property(t.Item1, t.Item2, t.Item3), cases);

    public static void AlwaysHolds<T1, T2, T3, T4>(
        this Gen<(T1, T2, T3, T4)> gen,
        Action<T1, T2, T3, T4> property,
        int cases = 100
    ) => gen.AlwaysHolds(t => property(t.Item1, t.Item2, t.Item3, t.Item4), cases);

    public static void AlwaysHolds<T1, T2, T3, T4, T5>(
        this Gen<(T1, T2, T3, T4, T5)> gen,
        Action<T1, T2, T3, T4, T5> property,
        int cases = 100
    ) => gen.AlwaysHolds(t => property(t.Item1, t.Item2, t.Item3, t.Item4, t.Item5), cases);

    public static void AlwaysHolds<T1, T2, T3, T4, T5, T6>(
        this Gen<(T1, T2, T3, T4, T5, T6)> gen,
        Action<T1, T2, T3, T4, T5, T6> property,
        int cases = 100
    ) => gen.AlwaysHolds(t => property(t.Item1, t.Item2, t.Item3, t.Item4, t.Item5, t.Item6), cases);

    private static ulong Setting(string name, ulong standard) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
            ? ulong.Parse(text, CultureInfo.InvariantCulture)
            : standard;
}
