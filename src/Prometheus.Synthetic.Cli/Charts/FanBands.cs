namespace Prometheus.Synthetic.Cli.Charts;

/// <summary>Quantiles across paths at every step, index 0 being the start.</summary>
public sealed record FanBands(double[] Q05, double[] Q25, double[] Q50, double[] Q75, double[] Q95)
{
    /// <param name="levels">Levels of each path, all of one length: the start, then one per step.</param>
    public static FanBands Of(IReadOnlyList<double[]> levels)
    {
        int steps = levels[0].Length;
        var bands = new FanBands(
            new double[steps],
            new double[steps],
            new double[steps],
            new double[steps],
            new double[steps]
        );
        double[] column = new double[levels.Count];
        for (int h = 0; h < steps; h++)
        {
            for (int i = 0; i < column.Length; i++)
                column[i] = levels[i][h];
            Array.Sort(column);
            bands.Q05[h] = Quantiles.OfSorted(column, 0.05);
            bands.Q25[h] = Quantiles.OfSorted(column, 0.25);
            bands.Q50[h] = Quantiles.OfSorted(column, 0.50);
            bands.Q75[h] = Quantiles.OfSorted(column, 0.75);
            bands.Q95[h] = Quantiles.OfSorted(column, 0.95);
        }

        return bands;
    }
}
