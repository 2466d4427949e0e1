using Prometheus.Synthetic.Scenarios.Adversarial;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Tests.Adversarial;

/// <summary>A worst-case problem with a random covariance, box bounds of which some bind, and its brute-force answer.</summary>
internal sealed record Problem(
    int Size,
    double[] Covariance,
    double[] Exposure,
    double Radius,
    IReadOnlyList<ShockBound> Bounds
)
{
    public WorstCase Solve() => new WorstCaseSolver(Covariance, Size, Bounds).Solve(Exposure, Radius);

    public static Problem Random(int d, ulong seed)
    {
        var stream = new PhiloxStream(seed);
        double[] a = new double[d * d];
        stream.FillNormals(a, 0, 0, DrawPurpose.Residual);
        double[] covariance = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < d; j++)
            {
                for (int k = 0; k < d; k++)
                    covariance[i * d + j] += a[i * d + k] * a[j * d + k] / d;
                if (i == j)
                    covariance[i * d + j] += 0.05;
            }
        }

        double[] e = new double[d];
        stream.FillNormals(e, 0, 1, DrawPurpose.Residual);
        double radius = 1.0 + 3.0 * stream.Uniform(0, 2, DrawPurpose.Residual);
        double[] width = new double[2 * d];
        stream.FillUniforms(width, 0, 3, DrawPurpose.Residual);
        ShockBound[] bounds =
        [
            .. Enumerable
                .Range(0, d)
                .Select(i =>
                {
                    // A fifth of the bounds stand at zero itself: the degenerate start.
                    double deviation = 2.5 * Math.Sqrt(covariance[i * d + i]);
                    double lower = width[2 * i] < 0.2 ? 0.0 : -deviation * width[2 * i];
                    double upper = width[2 * i + 1] < 0.2 && lower < 0.0 ? 0.0 : deviation * (0.05 + width[2 * i + 1]);
                    return new ShockBound($"x{i}", LinearForm.Coordinate(i), lower, upper);
                }),
        ];
        return new Problem(d, covariance, e, radius, bounds);
    }

    public Problem Permute(int[] order)
    {
        double[] covariance = new double[Size * Size];
        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j < Size; j++)
                covariance[i * Size + j] = Covariance[order[i] * Size + order[j]];
        }

        return this with
        {
            Covariance = covariance,
            Exposure = [.. order.Select(i => Exposure[i])],
            Bounds = [.. order.Select((i, at) => Bounds[i] with { Form = LinearForm.Coordinate(at) })],
        };
    }

    /// <summary>
    /// Every choice of coordinates at their lower or upper bounds has one candidate: the least distant point there plus
    /// the worst direction within what radius is left. The optimum is the best candidate that respects everything.
    /// </summary>
    public double BestOfEveryActiveSet()
    {
        double best = double.NegativeInfinity;
        int[] state = new int[Size];
        for (int code = 0; code < (int)Math.Pow(3, Size); code++)
        {
            for (int i = 0, rest = code; i < Size; i++, rest /= 3)
                state[i] = rest % 3;
            if (Candidate(state) is { } x && Respects(x))
                best = Math.Max(best, -Enumerable.Range(0, Size).Sum(i => Exposure[i] * x[i]));
        }

        return best;
    }

    private double[]? Candidate(int[] state)
    {
        int[] held = [.. Enumerable.Range(0, Size).Where(i => state[i] != 0)];
        int[] free = [.. Enumerable.Range(0, Size).Where(i => state[i] == 0)];
        double[] at = [.. held.Select(i => state[i] == 1 ? Bounds[i].Lower : Bounds[i].Upper)];
        double[] block = new double[held.Length * held.Length];
        for (int i = 0; i < held.Length; i++)
        {
            for (int j = 0; j < held.Length; j++)
                block[i * held.Length + j] = Covariance[held[i] * Size + held[j]];
        }

        CholeskyFactor? factor = held.Length == 0 ? null : CholeskyFactor.TryFactor(block, held.Length)!;
        double[] solved = [.. at];
        factor?.Solve(solved);
        double used = held.Select((_, i) => at[i] * solved[i]).Sum();
        if (used > Radius * Radius)
            return null;
        double[] x = new double[Size];
        for (int i = 0; i < held.Length; i++)
            x[held[i]] = at[i];
        double[] direction = new double[free.Length];
        double variance = 0.0;
        for (int i = 0; i < free.Length; i++)
        {
            double[] cross = [.. held.Select(h => Covariance[free[i] * Size + h])];
            for (int h = 0; h < held.Length; h++)
                x[free[i]] += cross[h] * solved[h];
            factor?.Solve(cross);
            foreach (int j in free)
            {
                double conditional = Covariance[free[i] * Size + j];
                for (int h = 0; h < held.Length; h++)
                    conditional -= cross[h] * Covariance[j * Size + held[h]];
                direction[i] += conditional * Exposure[j];
            }

            variance += Exposure[free[i]] * direction[i];
        }

        double scale = variance > 1e-14 ? Math.Sqrt((Radius * Radius - used) / variance) : 0.0;
        for (int i = 0; i < free.Length; i++)
            x[free[i]] -= scale * direction[i];
        return x;
    }

    private bool Respects(double[] x)
    {
        for (int i = 0; i < Size; i++)
        {
            if (x[i] < Bounds[i].Lower - 1e-10 || x[i] > Bounds[i].Upper + 1e-10)
                return false;
        }

        return CholeskyFactor.TryFactor(Covariance, Size)!.InverseQuadratic(x) <= Radius * Radius * (1 + 1e-9);
    }
}
