namespace Prometheus.Synthetic.Scenarios.Analysis;

/// <summary>The first principal component of a panel's standardised columns, as a series over its days. Bit-stable.</summary>
public static class PrincipalComponent
{
    private const int MaxIterations = 60;
    private const double Tolerance = 1e-10;

    /// <summary>
    /// Power iteration v ← Xᵀ(Xv) on the correlation matrix, which is never formed. Starts from weights of one size, each
    /// with the sign of its column's correlation with the first that moves: weights of one sign are themselves a component
    /// of two columns that move against each other, the smaller one, and would never leave it. The sign of the result is
    /// that of a positive sum of weights. Constant columns weigh nothing.
    /// </summary>
    /// <param name="values">T × K, time-major.</param>
    /// <returns>The T scores, and the component's share of the variance in [0, 1].</returns>
    public static (double[] Scores, double Share) First(ReadOnlySpan<double> values, int width)
    {
        int days = values.Length / width;
        (double[] mean, double[] inverse, int live) = Standardisation(values, width);
        double[] weights = Start(values, width, mean, inverse);
        double[] scores = new double[days];
        double variance = 0.0;
        for (int iteration = 0; iteration < MaxIterations; iteration++)
        {
            Project(values, width, mean, inverse, weights, scores);
            double[] next = new double[width];
            for (int t = 0; t < days; t++)
            {
                ReadOnlySpan<double> row = values.Slice(t * width, width);
                for (int k = 0; k < width; k++)
                    next[k] += (row[k] - mean[k]) * inverse[k] * scores[t];
            }

            double length = Normalise(next);
            double change = Math.Abs(length / days - variance);
            variance = length / days;
            weights = next;
            if (change <= Tolerance * variance)
                break;
        }

        double sum = 0.0;
        foreach (double w in weights)
            sum += w;
        if (sum < 0.0)
        {
            for (int k = 0; k < width; k++)
                weights[k] = -weights[k];
        }

        Project(values, width, mean, inverse, weights, scores);
        return (scores, live == 0 ? 0.0 : variance / live);
    }

    private static double[] Start(ReadOnlySpan<double> values, int width, double[] mean, double[] inverse)
    {
        double[] weights = new double[width];
        int first = Array.FindIndex(inverse, i => i > 0.0);
        for (int i = 0; i < values.Length && first >= 0; i += width)
        {
            double moved = values[i + first] - mean[first];
            for (int k = 0; k < width; k++)
                weights[k] += moved * (values[i + k] - mean[k]);
        }

        for (int k = 0; k < width; k++)
            weights[k] =
                !(inverse[k] > 0.0) ? 0.0
                : weights[k] < 0.0 ? -1.0
                : 1.0;
        Normalise(weights);
        return weights;
    }

    private static void Project(
        ReadOnlySpan<double> values,
        int width,
        double[] mean,
        double[] inverse,
        double[] weights,
        double[] scores
    )
    {
        for (int t = 0; t < scores.Length; t++)
        {
            ReadOnlySpan<double> row = values.Slice(t * width, width);
            double score = 0.0;
            for (int k = 0; k < width; k++)
                score += (row[k] - mean[k]) * inverse[k] * weights[k];
            scores[t] = score;
        }
    }

    private static (double[] Mean, double[] Inverse, int Live) Standardisation(ReadOnlySpan<double> values, int width)
    {
        int days = values.Length / width;
        double[] mean = new double[width];
        double[] square = new double[width];
        for (int i = 0; i < values.Length; i++)
            mean[i % width] += values[i];
        for (int k = 0; k < width; k++)
            mean[k] /= days;
        for (int i = 0; i < values.Length; i++)
        {
            double d = values[i] - mean[i % width];
            square[i % width] += d * d;
        }

        int live = 0;
        for (int k = 0; k < width; k++)
        {
            bool moves = square[k] > days * 1e-28 * (1.0 + mean[k] * mean[k]);
            live += moves ? 1 : 0;
            square[k] = moves ? 1.0 / Math.Sqrt(square[k] / days) : 0.0;
        }

        return (mean, square, live);
    }

    private static double Normalise(double[] vector)
    {
        double sum = 0.0;
        foreach (double x in vector)
            sum += x * x;
        double length = Math.Sqrt(sum);
        if (length > 0.0)
        {
            for (int k = 0; k < vector.Length; k++)
                vector[k] /= length;
        }

        return length;
    }
}
