using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;

namespace Prometheus.Synthetic.Scenarios.Tails;

/// <summary>
/// One multivariate Student-t sample within a likelihood over several that share ν: its location μ and scatter S, and the
/// squared distances d = (x − μ)ᵀS⁻¹(x − μ) under them.
/// </summary>
internal sealed class StudentBlock
{
    private const double Vanished = 1e-12;
    private readonly double[] _rows;
    private readonly double[] _location;
    private readonly double[] _scatter;
    private readonly double[] _root;
    private readonly double[] _first;
    private readonly string _name;

    /// <param name="rows">T × n observations, row after row.</param>
    /// <param name="name">For refusals.</param>
    public StudentBlock(double[] rows, int width, string name)
    {
        (_rows, Width, _name) = (rows, width, name);
        Distances = new double[rows.Length / width];
        _location = SampleMoments.Means(rows, width);
        _scatter = SampleMoments.Covariance(rows, width, _location, Distances.Length);
        _first = [.. Enumerable.Range(0, width).Select(i => _scatter[i * width + i])];
        _root = new double[width * width];
    }

    /// <summary>Number n of columns.</summary>
    public int Width { get; }

    /// <summary>d of each observation, as of the last <see cref="Measure"/>.</summary>
    public double[] Distances { get; }

    /// <summary>Distances under the present location and scatter.</summary>
    /// <exception cref="ScenarioRefusedException">The scatter has become singular: the likelihood grows without bound.</exception>
    public void Measure(string field)
    {
        int n = Width;
        bool collapsed = Cholesky.Factor(_scatter, n, _root) >= 0;
        for (int i = 0; i < n; i++)
            collapsed |= !(_scatter[i * n + i] > Vanished * _first[i]);
        if (collapsed)
            throw new ScenarioRefusedException(
                ErrorCodes.SingularCovariance,
                field,
                $"cannot be estimated: {_name} lie on a line, a plane or a point for the most part, and the likelihood has no maximum; give degrees_of_freedom, or leave such series out"
            );
        double[] y = new double[n];
        for (int t = 0; t < Distances.Length; t++)
        {
            for (int i = 0; i < n; i++)
                y[i] = _rows[t * n + i] - _location[i];
            Cholesky.SolveLower(_root, n, y);
            double sum = 0.0;
            foreach (double v in y)
                sum += v * v;
            Distances[t] = sum;
        }
    }

    /// <summary>
    /// The maximisation step at ν: weights (ν + n)/(ν + d), location their mean, scatter the weighted covariance divided
    /// by the weights' sum (Kent, Tyler and Vardi 1994: the same fixed point as dividing by T, in far fewer steps).
    /// </summary>
    /// <returns>The largest relative change of a column's squared scale.</returns>
    public double Climb(double degreesOfFreedom)
    {
        int n = Width;
        double[] before = [.. Enumerable.Range(0, n).Select(i => _scatter[i * n + i])];
        double[] weights = [.. Distances.Select(d => (degreesOfFreedom + n) / (degreesOfFreedom + d))];
        double total = 0.0;
        double[] first = new double[n];
        for (int t = 0; t < weights.Length; t++)
        {
            total += weights[t];
            for (int i = 0; i < n; i++)
                first[i] += weights[t] * _rows[t * n + i];
        }

        for (int i = 0; i < n; i++)
            _location[i] = first[i] / total;
        Array.Clear(_scatter);
        for (int t = 0; t < weights.Length; t++)
        {
            for (int i = 0; i < n; i++)
            {
                double weighted = weights[t] * (_rows[t * n + i] - _location[i]);
                for (int j = 0; j <= i; j++)
                    _scatter[i * n + j] += weighted * (_rows[t * n + j] - _location[j]);
            }
        }

        // Only the lower triangle is read.
        for (int i = 0; i < _scatter.Length; i++)
            _scatter[i] /= total;
        return before.Select((old, i) => Math.Abs(_scatter[i * n + i] - old) / old).Max();
    }

    /// <summary>Σ ln(1 + d/ν): the part of the log-likelihood that needs the distances.</summary>
    public double LogTail(double degreesOfFreedom)
    {
        double inverse = 1.0 / degreesOfFreedom;
        double sum = 0.0;
        // ln of a product of few factors instead of the sum of their logs: each is at least 1 and far from overflow.
        double product = 1.0;
        foreach (double d in Distances)
        {
            product *= 1.0 + d * inverse;
            if (product > 1e200)
            {
                sum += Numerics.StableMath.Log(product);
                product = 1.0;
            }
        }

        return sum + Numerics.StableMath.Log(product);
    }
}
