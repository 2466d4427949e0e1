using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;

namespace Prometheus.Synthetic.Scenarios.Tests.Factors;

/// <summary>A generated set or a history as a sample of days, to be estimated from.</summary>
internal sealed class Sample(double[] rows, int width)
{
    public int Days => rows.Length / width;

    public double[] Means { get; } = SampleMoments.Means(rows, width);

    public double[] Covariance => field ??= SampleMoments.Covariance(rows, width, Means, Days);

    public double this[int t, int k] => rows[t * width + k];

    public double Correlation(int i, int j) =>
        Covariance[i * width + j] / Math.Sqrt(Covariance[i * width + i] * Covariance[j * width + j]);

    /// <summary>Least-squares slopes of column <paramref name="y"/> on <paramref name="x"/>, and their standard errors.</summary>
    public (double[] Slopes, double[] Errors) Regress(int y, int[] x)
    {
        int n = x.Length;
        double[] root = new double[n * n];
        double[] slopes = new double[n];
        for (int a = 0; a < n; a++)
        {
            slopes[a] = Covariance[x[a] * width + y];
            for (int b = 0; b < n; b++)
                root[a * n + b] = Covariance[x[a] * width + x[b]];
        }

        Assert.Equal(-1, Cholesky.Factor(root, n, root));
        double[] cross = [.. slopes];
        Cholesky.Solve(root, n, slopes);
        double residual = Covariance[y * width + y];
        for (int a = 0; a < n; a++)
            residual -= slopes[a] * cross[a];
        double[] errors = new double[n];
        for (int a = 0; a < n; a++)
        {
            double[] unit = new double[n];
            unit[a] = 1.0;
            Cholesky.Solve(root, n, unit);
            errors[a] = Math.Sqrt(residual * unit[a] / Days);
        }

        return (slopes, errors);
    }

    /// <summary>Standard error of the covariance of two columns, from the sample's own fourth moments.</summary>
    public double CovarianceError(int i, int j)
    {
        double second = 0.0;
        for (int t = 0; t < Days; t++)
        {
            double product = (rows[t * width + i] - Means[i]) * (rows[t * width + j] - Means[j]);
            second += product * product;
        }

        double covariance = Covariance[i * width + j];
        return Math.Sqrt((second / Days - covariance * covariance) / Days);
    }
}

/// <summary>What a generator reports about its model, read back from the report as a consumer would.</summary>
internal sealed class ReportedModel
{
    public ReportedModel(IPathGenerator generator)
    {
        JsonObject model = generator.Report["factor_model"]!["model"]!.AsObject();
        Columns = [.. model["columns"]!.AsArray().Select(c => c!.GetValue<string>())];
        Alpha = [.. model["alpha"]!.AsArray().Select(v => v!.GetValue<double>())];
        Exposures =
        [
            .. model["exposures"]!.AsArray().Select(r => r!.AsArray().Select(v => v!.GetValue<double>()).ToArray()),
        ];
        Indices = [.. Columns.Select(c => generator.Drivers.Select((d, k) => (d, k)).First(x => x.d.Id == c).k)];
    }

    public string[] Columns { get; }

    public double[] Alpha { get; }

    public double[][] Exposures { get; }

    /// <summary>Positions of the columns among the drivers.</summary>
    public int[] Indices { get; }

    /// <summary>r − α − B·f of instrument <paramref name="i"/> in a row of a set.</summary>
    public double Residual(int i, ReadOnlySpan<double> row)
    {
        double explained = Alpha[i];
        for (int f = 0; f < Indices.Length; f++)
            explained += Exposures[i][f] * row[Indices[f]];
        return row[i] - explained;
    }
}
