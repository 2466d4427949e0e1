using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>
/// Exposures B of instruments to factors: registered where the snapshot has them, else least squares on the panel's
/// days with an intercept, from the factors' second moments.
/// </summary>
internal sealed class FactorLoadings
{
    private readonly ShockPanel _panel;
    private readonly int[] _factors;
    private readonly Dictionary<int, double[]> _rows;

    private FactorLoadings(ShockPanel panel, int[] factors, Dictionary<int, double[]> rows, IReadOnlyList<string> notes)
    {
        _panel = panel;
        _factors = factors;
        _rows = rows;
        Notes = notes;
    }

    public IReadOnlyList<string> Notes { get; }

    /// <summary>The exposures of a panel driver, one per factor.</summary>
    public double[] Of(int instrument) => _rows[instrument];

    /// <summary>r − B·f of one day.</summary>
    public double Residual(int t, int instrument)
    {
        double residual = _panel[t, instrument];
        double[] row = _rows[instrument];
        for (int f = 0; f < _factors.Length; f++)
            residual -= row[f] * _panel[t, _factors[f]];
        return residual;
    }

    public static FactorLoadings Of(CalibrationSnapshot snapshot, int[] factors)
    {
        ShockPanel panel = snapshot.Panel;
        int[] instruments =
        [
            .. Enumerable.Range(0, panel.Width).Where(k => panel.Drivers[k].Kind == DriverKind.Instrument),
        ];
        int[] allFactors = [.. Enumerable.Range(0, panel.Width).Where(k => panel.Drivers[k].Kind == DriverKind.Factor)];
        var rows = new Dictionary<int, double[]>();
        int estimated = 0;
        Regression? regression = null;
        for (int i = 0; i < instruments.Length; i++)
        {
            double[] row = new double[factors.Length];
            bool registered = snapshot.Exposures is not null;
            for (int f = 0; f < factors.Length && registered; f++)
            {
                row[f] = snapshot.Exposures!.Values[i * allFactors.Length + Array.IndexOf(allFactors, factors[f])];
                registered = !double.IsNaN(row[f]);
            }

            if (!registered)
            {
                regression ??= new Regression(panel, factors);
                row = regression.Fit(instruments[i]);
                estimated++;
            }

            rows[instruments[i]] = row;
        }

        return new FactorLoadings(
            panel,
            factors,
            rows,
            estimated == 0
                ? []
                :
                [
                    $"Exposures of {estimated} of {instruments.Length} instruments are estimated by regression on the panel's days.",
                ]
        );
    }

    private sealed class Regression
    {
        private readonly ShockPanel _panel;
        private readonly int[] _factors;
        private readonly double[] _centred;
        private readonly CholeskyFactor _moments;

        public Regression(ShockPanel panel, int[] factors)
        {
            _panel = panel;
            _factors = factors;
            double[] data = new double[panel.Days * factors.Length];
            for (int t = 0; t < panel.Days; t++)
            {
                for (int f = 0; f < factors.Length; f++)
                    data[t * factors.Length + f] = panel[t, factors[f]];
            }

            double[] means = SampleMoments.Means(data, factors.Length);
            double[] moments = SampleMoments.Covariance(data, factors.Length, means, panel.Days);
            double[] shrunk = ShrunkCovariance.Of(data, factors.Length).Values;
            for (int i = 0; i < data.Length; i++)
                data[i] -= means[i % factors.Length];
            _centred = data;
            // Collinear factors leave no unique exposures; the shrunk moments choose the small ones.
            _moments =
                CholeskyFactor.TryFactor(moments, factors.Length)
                ?? CholeskyFactor.TryFactor(shrunk, factors.Length)
                ?? throw new Errors.ScenarioRefusedException(
                    Errors.ErrorCodes.SingularCovariance,
                    "generator_spec.factors",
                    "the factors' covariance is singular: a factor repeats others; leave it out"
                );
        }

        public double[] Fit(int instrument)
        {
            double[] beta = new double[_factors.Length];
            for (int t = 0; t < _panel.Days; t++)
            {
                double r = _panel[t, instrument];
                for (int f = 0; f < beta.Length; f++)
                    beta[f] += _centred[t * beta.Length + f] * r;
            }

            for (int f = 0; f < beta.Length; f++)
                beta[f] /= _panel.Days;
            _moments.Solve(beta);
            return beta;
        }
    }
}
