using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>
/// The two streams of a command: results on <see cref="Out"/>, progress and errors on <see cref="Error"/>, so that
/// <c>--json</c> output can be piped while progress stays on the terminal. Redirected streams are plain text, at most
/// <see cref="PlainWidth"/> columns, without control sequences.
/// </summary>
public sealed class CliConsole
{
    public const int PlainWidth = 100;

    /// <summary>snake_case names, enumerations as strings, ISO dates: the same conventions as the contracts.</summary>
    public static JsonSerializerOptions JsonOptions { get; } =
        new(JsonSerializerDefaults.Web)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DictionaryKeyPolicy = null,
            WriteIndented = true,
            DefaultIgnoreCondition = JsonIgnoreCondition.Never,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseUpper) },
        };

    public CliConsole(TextWriter output, TextWriter error, bool outputIsTerminal = false, bool errorIsTerminal = false)
    {
        OutputIsTerminal = outputIsTerminal;
        ErrorIsTerminal = errorIsTerminal;
        Out = Create(output, outputIsTerminal);
        Error = Create(error, errorIsTerminal);
    }

    public static CliConsole ForProcess() =>
        new(Console.Out, Console.Error, !Console.IsOutputRedirected, !Console.IsErrorRedirected);

    public bool OutputIsTerminal { get; }

    public bool ErrorIsTerminal { get; }

    /// <summary>Results. Nothing but the JSON document goes here when <c>--json</c> is given.</summary>
    public IAnsiConsole Out { get; }

    /// <summary>Progress, notices and errors.</summary>
    public IAnsiConsole Error { get; }

    /// <summary>Writes <paramref name="value"/> as one JSON document, unwrapped, whatever the width of the terminal.</summary>
    public void WriteJson<T>(T value) => Out.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(value, JsonOptions));

    /// <summary>One line of plain text, neither wrapped nor read as markup: ids, hashes, paths that get copied.</summary>
    public void WriteLine(string line) => Out.Profile.Out.Writer.WriteLine(line);

    /// <summary>
    /// Text that may be long, in lines of at most <see cref="PlainWidth"/> columns: the first begins with
    /// <paramref name="lead"/>, the others are indented by as much.
    /// </summary>
    public void WriteWrapped(string lead, string text)
    {
        text = text.ReplaceLineEndings(" ");
        int width = Math.Max(1, PlainWidth - lead.Length);
        while (text.Length > width)
        {
            int space = text.LastIndexOf(' ', width);
            int cut = space > width / 2 ? space : width;
            WriteLine(lead + text[..cut].TrimEnd());
            text = text[cut..].TrimStart();
            lead = new string(' ', lead.Length);
        }

        WriteLine(lead + text);
    }

    /// <summary>One line about what happens, kept apart from the result.</summary>
    public void Notice(string line) => Error.Profile.Out.Writer.WriteLine(line);

    private static IAnsiConsole Create(TextWriter writer, bool terminal)
    {
        var settings = new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) };
        if (!terminal)
        {
            settings.Ansi = AnsiSupport.No;
            settings.ColorSystem = ColorSystemSupport.NoColors;
            settings.Interactive = InteractionSupport.No;
            // Build servers are recognised by default and get colours; a redirected stream never wants them.
            settings.Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false };
        }

        IAnsiConsole console = AnsiConsole.Create(settings);
        if (!terminal)
            console.Profile.Width = PlainWidth;
        return console;
    }
}
