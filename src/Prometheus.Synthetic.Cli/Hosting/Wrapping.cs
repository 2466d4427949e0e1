namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>Label and value, the value wrapped beside its label so that no line is wider than the plain width.</summary>
public static class Wrapping
{
    public static void WriteLabelled(this CliConsole console, string label, string value, int labelWidth)
    {
        string head = label.Length <= labelWidth ? label.PadRight(labelWidth) : label;
        int room = CliConsole.PlainWidth - labelWidth - 1;
        if (label.Length > labelWidth)
        {
            console.WriteLine(label);
            head = new string(' ', labelWidth);
        }

        foreach (string line in Lines(value.ReplaceLineEndings(" "), room))
        {
            console.WriteLine($"{head} {line}".TrimEnd());
            head = new string(' ', labelWidth);
        }
    }

    private static IEnumerable<string> Lines(string text, int width)
    {
        while (text.Length > width)
        {
            int space = text.LastIndexOf(' ', width);
            int cut = space > width / 2 ? space : width;
            yield return text[..cut].TrimEnd();
            text = text[cut..].TrimStart();
        }

        yield return text;
    }
}
