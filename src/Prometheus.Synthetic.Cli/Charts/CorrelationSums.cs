namespace Prometheus.Synthetic.Cli.Charts;

/// <summary>Pearson correlations between columns of equal length.</summary>
public static class CorrelationSums
{
    /// <returns>Symmetric, ones on the diagonal; NaN in the rows and columns of a constant series.</returns>
    public static double[,] Of(IReadOnlyList<double[]> columns)
    {
        int k = columns.Count;
        double[][] standard = [.. columns.Select(Standardise)];
        double[,] correlations = new double[k, k];
        for (int i = 0; i < k; i++)
        {
            correlations[i, i] = double.IsNaN(standard[i][0]) ? double.NaN : 1;
            for (int j = 0; j < i; j++)
            {
                double sum = 0;
                for (int t = 0; t < standard[i].Length; t++)
                    sum += standard[i][t] * standard[j][t];
                correlations[i, j] = correlations[j, i] = sum;
            }
        }

        return correlations;
    }

    /// <summary>Largest and root-mean-square difference of two matrices off the diagonal, NaN passed over.</summary>
    public static (double Largest, double RootMeanSquare) Difference(double[,] a, double[,] b)
    {
        double largest = 0;
        double squares = 0;
        int pairs = 0;
        for (int i = 0; i < a.GetLength(0); i++)
        {
            for (int j = 0; j < i; j++)
            {
                double d = Math.Abs(a[i, j] - b[i, j]);
                if (double.IsNaN(d))
                    continue;
                largest = Math.Max(largest, d);
                squares += d * d;
                pairs++;
            }
        }

        return (largest, pairs == 0 ? 0 : Math.Sqrt(squares / pairs));
    }

    /// <summary>Mean 0 and sum of squares 1, so that a product of two columns is their correlation.</summary>
    private static double[] Standardise(double[] column)
    {
        double mean = column.Average();
        double[] centred = [.. column.Select(x => x - mean)];
        double norm = Math.Sqrt(centred.Sum(x => x * x));
        for (int t = 0; t < centred.Length; t++)
            centred[t] = norm > 0 ? centred[t] / norm : double.NaN;
        return centred;
    }
}
