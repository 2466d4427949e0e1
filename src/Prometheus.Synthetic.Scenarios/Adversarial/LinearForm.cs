namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>A linear form c·x of few non-zero coefficients.</summary>
/// <param name="Index">Coordinates, ascending.</param>
/// <param name="Weight">Their coefficients.</param>
public sealed record LinearForm(int[] Index, double[] Weight)
{
    public static LinearForm Coordinate(int index) => new([index], [1.0]);

    /// <summary>The non-zero coefficients of a dense vector.</summary>
    public static LinearForm Of(ReadOnlySpan<double> dense)
    {
        var index = new List<int>();
        var weight = new List<double>();
        for (int i = 0; i < dense.Length; i++)
        {
            if (dense[i] == 0.0)
                continue;
            index.Add(i);
            weight.Add(dense[i]);
        }

        return new LinearForm([.. index], [.. weight]);
    }

    public double Of(IReadOnlyList<double> x)
    {
        double sum = 0.0;
        for (int i = 0; i < Index.Length; i++)
            sum += Weight[i] * x[Index[i]];
        return sum;
    }

    /// <summary>Writes Σ·c.</summary>
    public void Covary(double[] covariance, int size, Span<double> result)
    {
        result.Clear();
        for (int i = 0; i < Index.Length; i++)
        {
            ReadOnlySpan<double> row = covariance.AsSpan(Index[i] * size, size);
            for (int j = 0; j < size; j++)
                result[j] += Weight[i] * row[j];
        }
    }
}

/// <summary>A bound on a linear form of the shock: Lower ≤ c·x ≤ Upper. Equal bounds fix it.</summary>
/// <param name="Name">What is bounded, e.g. the driver's id; reported when it binds.</param>
public sealed record ShockBound(string Name, LinearForm Form, double Lower, double Upper)
{
    public bool IsFixed => Lower == Upper;
}

/// <summary>A bound that holds the worst case back.</summary>
/// <param name="Side">lower, upper or fixed.</param>
/// <param name="Multiplier">By how much the loss would grow per unit of relaxed bound, in the objective's units; 0 or more unless fixed.</param>
public sealed record BindingBound(string Name, string Side, double Value, double Multiplier);
