using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>
/// Noise that gives a path days of its own without moving where it ends: white noise over days and coordinates, made
/// orthogonal in time to the constant (every total stays) and to each stage's days (the squared distances add), then
/// scaled to a given length.
/// </summary>
internal static class BridgeNoise
{
    /// <summary>Fills H × d whitened noise of length <paramref name="length"/>; false when the horizon leaves no room for any.</summary>
    /// <param name="stages">First day and number of days of each stage; equal weights within.</param>
    public static bool Fill(
        Span<double> noise,
        int horizon,
        int dimension,
        double length,
        IReadOnlyList<(int First, int Days)> stages,
        PhiloxStream stream,
        int path
    )
    {
        List<double[]> basis = Basis(horizon, stages);
        if (length <= 0.0 || horizon - basis.Count < 1)
            return false;
        for (int h = 0; h < horizon; h++)
            stream.FillNormals(noise.Slice(h * dimension, dimension), path, h + 1, DrawPurpose.Bridge);
        double[] projection = new double[dimension];
        foreach (double[] q in basis)
        {
            Array.Clear(projection);
            for (int h = 0; h < horizon; h++)
            {
                for (int i = 0; i < dimension; i++)
                    projection[i] += q[h] * noise[h * dimension + i];
            }

            for (int h = 0; h < horizon; h++)
            {
                for (int i = 0; i < dimension; i++)
                    noise[h * dimension + i] -= q[h] * projection[i];
            }
        }

        double squares = 0.0;
        for (int i = 0; i < horizon * dimension; i++)
            squares += noise[i] * noise[i];
        double scale = length / Math.Sqrt(squares);
        for (int i = 0; i < horizon * dimension; i++)
            noise[i] *= scale;
        return true;
    }

    /// <summary>Orthonormal basis of the constant and the stages' indicator vectors.</summary>
    public static List<double[]> Basis(int horizon, IReadOnlyList<(int First, int Days)> stages)
    {
        var basis = new List<double[]>();
        foreach ((int first, int days) in stages)
        {
            double[] q = new double[horizon];
            q.AsSpan(first, days).Fill(1.0);
            AddOrthonormal(basis, q);
        }

        double[] constant = new double[horizon];
        constant.AsSpan().Fill(1.0);
        AddOrthonormal(basis, constant);
        return basis;
    }

    private static void AddOrthonormal(List<double[]> basis, double[] q)
    {
        foreach (double[] other in basis)
        {
            double dot = 0.0;
            for (int h = 0; h < q.Length; h++)
                dot += other[h] * q[h];
            for (int h = 0; h < q.Length; h++)
                q[h] -= dot * other[h];
        }

        double norm = Math.Sqrt(q.Sum(v => v * v));
        if (norm < 1e-9)
            return;
        for (int h = 0; h < q.Length; h++)
            q[h] /= norm;
        basis.Add(q);
    }
}
