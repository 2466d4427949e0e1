using ScottPlot;

namespace Prometheus.Synthetic.Cli.Charts;

/// <summary>Kind of image file.</summary>
public enum ChartFormat
{
    Png,
    Svg,
}

/// <summary>Writes a plot to a file, whole or not at all.</summary>
public static class ChartFile
{
    /// <returns>The file's full path.</returns>
    public static string Write(Plot plot, string file, ChartFormat format, int width, int height)
    {
        string path = Path.GetFullPath(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = path + ".new";
        if (format == ChartFormat.Svg)
            File.WriteAllText(temporary, plot.GetSvgXml(width, height));
        else
            File.WriteAllBytes(temporary, plot.GetImageBytes(width, height, ImageFormat.Png));
        File.Move(temporary, path, overwrite: true);
        return path;
    }
}
