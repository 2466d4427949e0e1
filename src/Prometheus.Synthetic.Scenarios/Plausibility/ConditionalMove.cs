using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;

namespace Prometheus.Synthetic.Scenarios.Plausibility;

/// <summary>
/// What every coordinate is expected to do when some linear forms of them are shocked: Σ Cᵀ(CΣCᵀ)⁻¹ s, the conditional
/// expectation of a normal vector about zero (Kupiec 1998, "Stress testing in a value at risk framework").
/// </summary>
public sealed class ConditionalMove
{
    private readonly double[] _loadings;
    private readonly int _size;
    private readonly int _forms;

    /// <param name="covariance">Σ, row-major d × d.</param>
    /// <param name="forms">C, one dense row of d coefficients a form.</param>
    /// <param name="field">Named in the refusal.</param>
    /// <exception cref="ScenarioRefusedException">The forms are linearly dependent: one follows from the others.</exception>
    public ConditionalMove(double[] covariance, int size, IReadOnlyList<double[]> forms, string field)
    {
        _size = size;
        _forms = forms.Count;
        double[][] covaried =
        [
            .. forms.Select(c =>
            {
                double[] column = new double[size];
                for (int i = 0; i < size; i++)
                {
                    if (c[i] == 0.0)
                        continue;
                    for (int j = 0; j < size; j++)
                        column[j] += c[i] * covariance[i * size + j];
                }

                return column;
            }),
        ];
        double[] gram = new double[_forms * _forms];
        for (int a = 0; a < _forms; a++)
        {
            for (int b = 0; b < _forms; b++)
            {
                double sum = 0.0;
                for (int i = 0; i < size; i++)
                    sum += forms[a][i] * covaried[b][i];
                gram[a * _forms + b] = sum;
            }
        }

        CholeskyFactor factor =
            CholeskyFactor.TryFactor(gram, _forms)
            ?? throw new ScenarioRefusedException(
                ErrorCodes.SingularCovariance,
                field,
                "what is shocked together is linearly dependent in the sample: one of the shocked drivers follows from the others; shock fewer, or shock them as one group"
            );
        _loadings = new double[size * _forms];
        double[] row = new double[_forms];
        for (int i = 0; i < size; i++)
        {
            for (int f = 0; f < _forms; f++)
                row[f] = covaried[f][i];
            factor.Solve(row);
            row.CopyTo(_loadings.AsSpan(i * _forms));
        }
    }

    /// <summary>Sensitivity of coordinate <paramref name="i"/> to form <paramref name="f"/>.</summary>
    public double this[int i, int f] => _loadings[i * _forms + f];

    /// <summary>Writes the expected move of every coordinate.</summary>
    public void Of(ReadOnlySpan<double> shocks, Span<double> moves)
    {
        for (int i = 0; i < _size; i++)
        {
            double sum = 0.0;
            for (int f = 0; f < _forms; f++)
                sum += _loadings[i * _forms + f] * shocks[f];
            moves[i] = sum;
        }
    }
}
