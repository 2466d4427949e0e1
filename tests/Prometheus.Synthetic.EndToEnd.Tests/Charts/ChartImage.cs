using System.Xml.Linq;
using SkiaSharp;

namespace Prometheus.Synthetic.EndToEnd.Tests.Charts;

/// <summary>What can be asserted of an image without an eye: it is whole, and its ink stands out from its paper.</summary>
internal static class ChartImage
{
    /// <summary>A PNG of the theme's brightness in which something is drawn in strong contrast to the background.</summary>
    public static void AssertPicture(string file, string theme)
    {
        using SKBitmap? image = SKBitmap.Decode(file);
        Assert.NotNull(image);
        Assert.True(image.Width >= 600 && image.Height >= 400, $"{image.Width} × {image.Height}");
        double paper = Luminance(image.GetPixel(2, 2));
        Assert.True(theme == "dark" ? paper < 0.05 : paper > 0.9, $"background luminance {paper:0.00} in {theme}");
        int strong = 0;
        var colours = new HashSet<uint>();
        for (int y = 0; y < image.Height; y += 2)
        {
            for (int x = 0; x < image.Width; x += 2)
            {
                SKColor pixel = image.GetPixel(x, y);
                colours.Add((uint)pixel);
                strong += Contrast(paper, Luminance(pixel)) >= 4.5 ? 1 : 0;
            }
        }

        // Text and lines alone cover about a hundredth of a chart; an empty one has a frame and nothing else.
        int looked = (image.Width / 2) * (image.Height / 2);
        Assert.True(strong > looked / 250, $"{strong} of {looked} pixels stand out in {file}");
        Assert.True(colours.Count > 20, $"{colours.Count} colours in {file}");
    }

    /// <summary>Well-formed SVG with text, and shapes beside it; the theme's background is among its fills.</summary>
    public static void AssertDrawing(string file, string theme)
    {
        XDocument drawing = XDocument.Load(file);
        Assert.Equal("svg", drawing.Root!.Name.LocalName);
        XElement[] parts = [.. drawing.Descendants()];
        Assert.Contains(parts, e => e.Name.LocalName == "text" && e.Value.Trim().Length > 0);
        Assert.True(parts.Count(e => e.Name.LocalName is "path" or "rect" or "line" or "polyline") > 20);
        SKColor paper = parts
            .Where(e => e.Name.LocalName is "rect" or "path")
            .Select(e => SKColor.TryParse(Fill(e), out SKColor c) ? c : (SKColor?)null)
            .First(c => c is not null)!
            .Value;
        Assert.True(theme == "dark" ? Luminance(paper) < 0.05 : Luminance(paper) > 0.9, $"{paper} in {theme}");
    }

    private static string Fill(XElement e) => e.Attribute("fill")?.Value is { } f && f != "white" ? f : "#FFFFFF";

    /// <summary>Relative luminance of WCAG 2.</summary>
    private static double Luminance(SKColor c) =>
        0.2126 * Linear(c.Red) + 0.7152 * Linear(c.Green) + 0.0722 * Linear(c.Blue);

    private static double Contrast(double a, double b) => (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);

    private static double Linear(byte channel)
    {
        double s = channel / 255.0;
        return s <= 0.04045 ? s / 12.92 : Math.Pow((s + 0.055) / 1.055, 2.4);
    }
}
