using System.Globalization;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Engine.Configuration;

/// <summary>
/// Reads settings by the names of docs/configuration.md and collects everything that is wrong with them, so that a
/// program refuses its configuration whole before it starts any work. It remembers what was read: what else was given
/// under the prefix is probably misspelt.
/// </summary>
/// <param name="read">The text of a setting by its name without the prefix, e.g. <c>LIMITS__MAXCELLS</c>; null when absent.</param>
public sealed class SettingsReader(Func<string, string?> read)
{
    public const string Prefix = "SYNTHETIC_";

    private readonly List<FieldError> _errors = [];
    private readonly List<Setting> _known = [];

    /// <summary>Every setting read so far, in the order of reading.</summary>
    public IReadOnlyList<Setting> Known => _known;

    /// <summary>True when a setting has a text.</summary>
    public bool Given(string name) => read(name) is { Length: > 0 };

    /// <param name="standard">What holds without it, where that is not simply the number.</param>
    public int Whole(string name, int otherwise, int from, int to, string? standard = null) =>
        (int)Whole(name, (long)otherwise, from, to, standard);

    public long Whole(string name, long otherwise, long from, long to, string? standard = null)
    {
        if (Text(name, standard ?? Shown(otherwise), $"{Shown(from)} to {Shown(to)}") is not { } text)
            return otherwise;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
            return Refuse(ErrorCodes.WrongType, name, $"'{text}' is not a whole number", from, to, otherwise);
        return value < from || value > to
            ? Refuse(ErrorCodes.OutOfRange, name, $"{text} is out of range", from, to, otherwise)
            : value;
    }

    /// <summary>A number of seconds, fractions allowed.</summary>
    public TimeSpan Seconds(string name, TimeSpan otherwise, double from, double to)
    {
        if (Text(name, Shown(otherwise.TotalSeconds), $"{Shown(from)} to {Shown(to)}") is not { } text)
            return otherwise;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            return Refuse(ErrorCodes.WrongType, name, $"'{text}' is not a number of seconds", from, to, otherwise);
        return value >= from && value <= to
            ? TimeSpan.FromSeconds(value)
            : Refuse(ErrorCodes.OutOfRange, name, $"{text} is out of range", from, to, otherwise);
    }

    /// <summary>The text of a setting; null when it is absent or empty.</summary>
    /// <param name="standard">What holds without it, for the documentation.</param>
    /// <param name="range">What is allowed, for the documentation.</param>
    public string? Text(string name, string standard, string range)
    {
        _known.Add(new Setting(Prefix + name, standard, range));
        return read(name) is { Length: > 0 } text ? text : null;
    }

    /// <summary>One of a few words, whatever their case; its canonical form.</summary>
    public string Word(string name, string otherwise, IReadOnlyList<string> words)
    {
        if (Text(name, otherwise, string.Join(", ", words)) is not { } text)
            return otherwise;
        if (words.FirstOrDefault(w => string.Equals(w, text, StringComparison.OrdinalIgnoreCase)) is { } word)
            return word;
        Add(
            ErrorCodes.UnknownValue,
            name,
            $"'{text}' is not one of {string.Join(", ", words)}{Spelling.Suggest(text, words)}"
        );
        return otherwise;
    }

    public void Add(string code, string name, string message) =>
        _errors.Add(new FieldError(code, Prefix + name, message));

    /// <summary>Errors of settings that are read elsewhere, to be told with these.</summary>
    public void Add(IEnumerable<FieldError> errors) => _errors.AddRange(errors);

    /// <exception cref="ScenarioRefusedException">Everything that is wrong with the settings read.</exception>
    public void ThrowIfRefused()
    {
        if (_errors.Count > 0)
            throw new ScenarioRefusedException(_errors);
    }

    /// <summary>A sentence for every given variable with the prefix that is neither a setting read nor one of the others.</summary>
    /// <param name="others">Variables with the prefix that belong to other programs.</param>
    public IReadOnlyList<string> Unknown(IEnumerable<string> given, IReadOnlyCollection<string> others)
    {
        string[] names = [.. _known.Select(k => k.Name)];
        return
        [
            .. given
                .Where(g => g.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
                .Where(g => !names.Concat(others).Contains(g, StringComparer.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal)
                .Select(g => $"{g} is no setting and has no effect{Spelling.Suggest(g, names)}"),
        ];
    }

    private T Refuse<T>(string code, string name, string what, double from, double to, T otherwise)
    {
        Add(code, name, $"{what}; give {Shown(from)} to {Shown(to)}, or leave it out for {Shown(otherwise)}");
        return otherwise;
    }

    private static string Shown(object? value) =>
        value switch
        {
            TimeSpan span => Shown(span.TotalSeconds),
            double number => number.ToString("#,0.###", CultureInfo.InvariantCulture),
            IFormattable number => number.ToString("#,0", CultureInfo.InvariantCulture),
            _ => string.Empty,
        };
}
