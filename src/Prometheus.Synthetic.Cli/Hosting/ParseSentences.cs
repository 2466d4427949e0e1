using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>
/// The parser's errors in the words of this program: which option, what was given, what is allowed. The parser itself names
/// types of the runtime, and spreads its suggestions over several lines.
/// </summary>
internal static partial class ParseSentences
{
    public static string Of(ParseError error)
    {
        string message = error.Message;
        if (Conversion().Match(message) is { Success: true } wrong)
            return $"{NameOf(error.SymbolResult) ?? wrong.Groups["symbol"].Value}: '{wrong.Groups["given"].Value}' was given; {Allowed(TypeOf(error))}";
        string[] lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (Choice().Match(lines[0]) is { Success: true } none && NameOf(error.SymbolResult) is { } name)
            return $"{name}: '{none.Groups["given"].Value}' was given; one of {Several(lines.Skip(1))} is allowed";
        return lines.Length == 1 ? lines[0] : $"{lines[0]} {Several(lines.Skip(1))}";
    }

    private static string Allowed(Type? type)
    {
        Type? bare = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        if (bare is { IsEnum: true })
            return $"one of {string.Join(", ", Enum.GetNames(bare).Select(n => n.ToLowerInvariant()))} is allowed";
        if (bare == typeof(int) || bare == typeof(long))
            return "give a whole number";
        if (bare == typeof(uint) || bare == typeof(ulong))
            return "give a whole number, 0 or more";
        if (bare == typeof(double))
            return "give a number, e.g. 0.5";
        if (bare == typeof(bool))
            return "give true or false, or the option alone";
        return bare == typeof(Guid) ? "give a UUID, e.g. f964d8a4-d3c5-53e2-8d9e-11975f95502c" : "that cannot be read";
    }

    private static Type? TypeOf(ParseError error) =>
        error.SymbolResult switch
        {
            OptionResult option => option.Option.ValueType,
            ArgumentResult { Parent: OptionResult option } => option.Option.ValueType,
            ArgumentResult argument => argument.Argument.ValueType,
            _ => null,
        };

    private static string? NameOf(SymbolResult? result) =>
        result switch
        {
            OptionResult option => option.Option.Name,
            ArgumentResult { Parent: OptionResult option } => option.Option.Name,
            ArgumentResult argument => argument.Argument.Name,
            _ => null,
        };

    private static string Several(IEnumerable<string> values) => string.Join(", ", values.Select(v => v.Trim('\'')));

    [GeneratedRegex("^Cannot parse argument '(?<given>.*)' for (option|argument|command) '(?<symbol>[^']*)'")]
    private static partial Regex Conversion();

    [GeneratedRegex("^Argument '(?<given>.*)' not recognized")]
    private static partial Regex Choice();
}
