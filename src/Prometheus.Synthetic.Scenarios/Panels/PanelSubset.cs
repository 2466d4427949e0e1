namespace Prometheus.Synthetic.Scenarios.Panels;

/// <summary>Fewer drivers of the same days.</summary>
public static class PanelSubset
{
    /// <summary>The panel of the drivers that <paramref name="keep"/> accepts, in the same order.</summary>
    public static ShockPanel Only(this ShockPanel panel, Func<Driver, bool> keep)
    {
        int[] columns = [.. Enumerable.Range(0, panel.Width).Where(k => keep(panel.Drivers[k]))];
        double[] values = new double[(long)panel.Days * columns.Length];
        for (int t = 0, i = 0; t < panel.Days; t++)
        {
            ReadOnlySpan<double> row = panel.Day(t);
            foreach (int k in columns)
                values[i++] = row[k];
        }

        return new ShockPanel([.. columns.Select(k => panel.Drivers[k])], panel.Dates, values);
    }
}
