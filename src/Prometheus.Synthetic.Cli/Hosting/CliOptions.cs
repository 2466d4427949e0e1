using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>Options that mean the same in every command.</summary>
public static class CliOptions
{
    public const string VerboseName = "--verbose";

    /// <summary><c>--json</c>, for every command that reads: one JSON document on standard output, nothing else.</summary>
    public static Option<bool> Json() =>
        new("--json") { Description = "Print one JSON document (snake_case) on standard output instead of text." };

    /// <summary><c>--yes</c>, for every command that shows what it would do unless it is given.</summary>
    public static Option<bool> Yes() =>
        new("--yes") { Description = "Do it; without it only what would happen is shown." };

    /// <summary>An option's text as a date; null when it was not given.</summary>
    /// <param name="field">Named in the refusal.</param>
    /// <exception cref="ScenarioRefusedException">The text is no date.</exception>
    public static DateOnly? Date(string field, string? text)
    {
        if (text is null)
            return null;
        return DateOnly.TryParseExact(
            text,
            "yyyy-MM-dd",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out DateOnly date
        )
            ? date
            : throw new ScenarioRefusedException(
                ErrorCodes.WrongType,
                field,
                $"'{text}' is not a date; write yyyy-MM-dd"
            );
    }

    /// <summary>An option's text as JSON; null when it was not given.</summary>
    /// <param name="field">Named in the refusal.</param>
    /// <exception cref="ScenarioRefusedException">The text is no JSON.</exception>
    public static JsonElement? JsonOf(string field, string? text)
    {
        if (text is null)
            return null;
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (JsonException e)
        {
            // Where the parser stopped is told in its own terms after the sentence.
            string why = e.Message.Split(" Path: ")[0].TrimEnd('.');
            throw new ScenarioRefusedException(
                ErrorCodes.WrongType,
                field,
                $"is not JSON: {why}; give one object in quotes, e.g. '{{\"block_length\":10}}'"
            );
        }
    }

    /// <summary>A number of an option, within its range.</summary>
    /// <exception cref="ScenarioRefusedException">It lies outside.</exception>
    public static int Within(string option, int value, int lowest, int highest) =>
        value >= lowest && value <= highest
            ? value
            : throw new ScenarioRefusedException(
                ErrorCodes.OutOfRange,
                option,
                $"{value} was given; {lowest} to {highest} are allowed"
            );

    internal static Option<bool> Verbose() =>
        new(VerboseName)
        {
            Description = "Print the whole exception with its stack trace when something fails.",
            Recursive = true,
        };
}
