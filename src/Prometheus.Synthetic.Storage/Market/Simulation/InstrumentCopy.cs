using Npgsql;

namespace Prometheus.Synthetic.Storage.Market.Simulation;

/// <summary>Copies the daily tables of one market's instruments; each method returns the rows written.</summary>
internal sealed class InstrumentCopy(
    BulkCopy bulk,
    SimulatedWorld world,
    IReadOnlyList<SimulatedInstrument> instruments
)
{
    public async Task<long> PricesAsync(CancellationToken ct)
    {
        await using NpgsqlBinaryImporter copy = await bulk.BeginAsync(
            "prices_daily",
            ct,
            "instrument_id",
            "date",
            "close",
            "adjusted_close",
            "volume",
            "currency"
        );
        foreach (SimulatedInstrument i in instruments)
        {
            for (int t = 0; t < world.Days.Length; t++)
            {
                if (!i.Listed(t))
                    continue;
                copy.StartRow();
                BulkCopy.Text(copy, i.Master.InstrumentId);
                BulkCopy.Day(copy, world.Days[t]);
                BulkCopy.Number(copy, i.Close[t]);
                BulkCopy.Number(copy, i.Adjusted[t]);
                BulkCopy.Number(copy, i.Volume?[t] ?? double.NaN);
                BulkCopy.Text(copy, i.Master.Currency);
            }
        }

        return (long)await copy.CompleteAsync(ct);
    }

    public async Task<long> ReturnsAsync(CancellationToken ct)
    {
        await using NpgsqlBinaryImporter copy = await bulk.BeginAsync(
            "returns_daily",
            ct,
            "instrument_id",
            "date",
            "ret_1d",
            "ret_5d",
            "ret_21d"
        );
        foreach (SimulatedInstrument i in instruments)
        {
            for (int t = 1; t < world.Days.Length; t++)
            {
                if (double.IsNaN(i.Returns[t]))
                    continue;
                copy.StartRow();
                BulkCopy.Text(copy, i.Master.InstrumentId);
                BulkCopy.Day(copy, world.Days[t]);
                BulkCopy.Number(copy, i.Returns[t]);
                BulkCopy.Number(copy, Over(i, t, 5));
                BulkCopy.Number(copy, Over(i, t, 21));
            }
        }

        return (long)await copy.CompleteAsync(ct);
    }

    /// <summary>Annualised standard deviation of the last 21 and 63 returns, from the first day that has 21.</summary>
    public async Task<long> VolatilityAsync(CancellationToken ct)
    {
        await using NpgsqlBinaryImporter copy = await bulk.BeginAsync(
            "volatility_daily",
            ct,
            "instrument_id",
            "date",
            "vol_21d",
            "vol_63d"
        );
        foreach (SimulatedInstrument i in instruments)
        {
            for (int t = 21; t < world.Days.Length; t++)
            {
                double month = Volatility(i.Returns, t, 21);
                if (double.IsNaN(month))
                    continue;
                copy.StartRow();
                BulkCopy.Text(copy, i.Master.InstrumentId);
                BulkCopy.Day(copy, world.Days[t]);
                BulkCopy.Number(copy, month);
                BulkCopy.Number(copy, Volatility(i.Returns, t, 63));
            }
        }

        return (long)await copy.CompleteAsync(ct);
    }

    public async Task<long> ExposuresAsync(CancellationToken ct)
    {
        await using NpgsqlBinaryImporter copy = await bulk.BeginAsync(
            "instrument_factors_daily",
            ct,
            "instrument_id",
            "date",
            "factor_id",
            "exposure"
        );
        foreach (SimulatedInstrument i in instruments)
        {
            for (int m = 0; m < world.MonthStarts.Length; m++)
            {
                int t = world.MonthStarts[m];
                if (!i.Listed(t))
                    continue;
                for (int f = 0; f < FactorPaths.Ids.Length; f++)
                {
                    copy.StartRow();
                    BulkCopy.Text(copy, i.Master.InstrumentId);
                    BulkCopy.Day(copy, world.Days[t]);
                    BulkCopy.Text(copy, FactorPaths.Ids[f]);
                    BulkCopy.Number(copy, i.Exposures[m][f]);
                }
            }
        }

        return (long)await copy.CompleteAsync(ct);
    }

    private static double Over(SimulatedInstrument i, int t, int days) =>
        t >= days ? i.Adjusted[t] / i.Adjusted[t - days] - 1 : double.NaN;

    private static double Volatility(double[] returns, int t, int days)
    {
        if (t < days)
            return double.NaN;
        double sum = 0;
        double squares = 0;
        for (int s = t - days + 1; s <= t; s++)
        {
            sum += returns[s];
            squares += returns[s] * returns[s];
        }

        // Daily means are tiny beside the deviations, so the one-pass form loses nothing.
        return Math.Sqrt(Math.Max(0, squares - sum * sum / days) / (days - 1) * 252);
    }
}
