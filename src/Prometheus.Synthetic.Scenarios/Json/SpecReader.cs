using System.Globalization;
using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Scenarios.Json;

/// <summary>
/// Strict reading of a caller's JSON object. Every member must be asked for: what is left over when
/// <see cref="Finish"/> is called is an unknown key, reported with the nearest known one. Errors collect, so that a
/// caller sees all of them at once; readers give a default after an error, and <see cref="ThrowIfRefused"/> decides.
/// </summary>
public sealed class SpecReader
{
    private readonly string _path;
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<FieldError> _errors;

    /// <param name="path">Where the object stands in the request, e.g. <c>generator_spec</c>.</param>
    public SpecReader(string path, JsonElement? value)
        : this(path, value, []) { }

    private SpecReader(string path, JsonElement? value, List<FieldError> errors)
    {
        _path = path;
        _errors = errors;
        if (value is not { } element || element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return;
        if (element.ValueKind != JsonValueKind.Object)
        {
            _errors.Add(new FieldError(ErrorCodes.WrongType, path, $"expected an object, found {Describe(element)}"));
            return;
        }

        foreach (JsonProperty p in element.EnumerateObject())
        {
            if (!_members.TryAdd(p.Name, p.Value))
                _errors.Add(new FieldError(ErrorCodes.Conflict, Field(p.Name), "given twice; keep one"));
        }
    }

    public IReadOnlyList<FieldError> Errors => _errors;

    /// <summary>Full path of a member, for errors found later.</summary>
    public string Field(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    public bool Has(string key)
    {
        _known.Add(key);
        return _members.TryGetValue(key, out JsonElement e) && e.ValueKind != JsonValueKind.Null;
    }

    /// <summary>Whether a member that may take several forms was given as an object.</summary>
    public bool IsObject(string key) => Has(key) && _members[key].ValueKind == JsonValueKind.Object;

    public void Refuse(string code, string key, string message) =>
        _errors.Add(new FieldError(code, Field(key), message));

    /// <summary>An integer in [min, max]; <paramref name="fallback"/> when absent.</summary>
    public int Integer(string key, int fallback, int min, int max) => OptionalInteger(key, min, max) ?? fallback;

    public int? OptionalInteger(string key, int min, int max)
    {
        if (!Has(key))
            return null;
        JsonElement e = _members[key];
        if (e.ValueKind != JsonValueKind.Number || !e.TryGetDouble(out double d) || d != Math.Truncate(d))
        {
            Refuse(ErrorCodes.WrongType, key, $"expected a whole number, found {Describe(e)}");
            return null;
        }

        if (d < min || d > max)
        {
            Refuse(
                ErrorCodes.OutOfRange,
                key,
                string.Create(CultureInfo.InvariantCulture, $"{d} is outside {min}..{max}")
            );
            return null;
        }

        return (int)d;
    }

    /// <summary>A 64-bit seed, 0..2⁶⁴−1.</summary>
    public ulong? OptionalSeed(string key)
    {
        if (!Has(key))
            return null;
        JsonElement e = _members[key];
        if (e.ValueKind == JsonValueKind.Number && e.TryGetUInt64(out ulong seed))
            return seed;
        Refuse(ErrorCodes.WrongType, key, $"expected a whole number 0..18446744073709551615, found {Describe(e)}");
        return null;
    }

    /// <summary>A finite number in [min, max]; <paramref name="fallback"/> when absent.</summary>
    public double Number(string key, double fallback, double min, double max) =>
        OptionalNumber(key, min, max) ?? fallback;

    public double? OptionalNumber(string key, double min, double max)
    {
        if (!Has(key))
            return null;
        JsonElement e = _members[key];
        if (e.ValueKind != JsonValueKind.Number || !e.TryGetDouble(out double d) || !double.IsFinite(d))
        {
            Refuse(ErrorCodes.WrongType, key, $"expected a number, found {Describe(e)}");
            return null;
        }

        if (d < min || d > max)
        {
            Refuse(
                ErrorCodes.OutOfRange,
                key,
                string.Create(CultureInfo.InvariantCulture, $"{d} is outside {min}..{max}")
            );
            return null;
        }

        return d;
    }

    public bool Flag(string key, bool fallback)
    {
        if (!Has(key))
            return fallback;
        JsonElement e = _members[key];
        if (e.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return e.GetBoolean();
        Refuse(ErrorCodes.WrongType, key, $"expected true or false, found {Describe(e)}");
        return fallback;
    }

    public string? OptionalText(string key, int maxLength = 200)
    {
        if (!Has(key))
            return null;
        JsonElement e = _members[key];
        if (e.ValueKind != JsonValueKind.String)
        {
            Refuse(ErrorCodes.WrongType, key, $"expected text, found {Describe(e)}");
            return null;
        }

        string text = e.GetString()!;
        if (text.Length == 0 || text.Length > maxLength)
        {
            Refuse(ErrorCodes.OutOfRange, key, $"text of {text.Length} characters; allowed are 1..{maxLength}");
            return null;
        }

        return text;
    }

    /// <summary>One of the allowed words; an unknown one is refused with the nearest.</summary>
    public string Choice(string key, string fallback, params ReadOnlySpan<string> allowed)
    {
        string? text = OptionalText(key);
        if (text is null)
            return fallback;
        foreach (string word in allowed)
        {
            if (string.Equals(word, text, StringComparison.Ordinal))
                return word;
        }

        Refuse(
            ErrorCodes.UnknownValue,
            key,
            $"'{text}' is not one of {string.Join(", ", allowed.ToArray())}{Spelling.Suggest(text, allowed.ToArray())}"
        );
        return fallback;
    }

    public DateOnly? OptionalDate(string key)
    {
        string? text = OptionalText(key);
        if (text is null)
            return null;
        if (
            DateOnly.TryParseExact(
                text,
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out DateOnly date
            )
        )
            return date;
        Refuse(ErrorCodes.WrongType, key, $"'{text}' is not a date; write yyyy-MM-dd");
        return null;
    }

    public IReadOnlyList<string>? OptionalTexts(string key, int maxCount = 10_000)
    {
        if (!Has(key))
            return null;
        JsonElement e = _members[key];
        if (
            e.ValueKind != JsonValueKind.Array
            || e.EnumerateArray().Any(x => x.ValueKind != JsonValueKind.String || x.GetString()!.Length == 0)
        )
        {
            Refuse(ErrorCodes.WrongType, key, $"expected a list of non-empty texts, found {Describe(e)}");
            return null;
        }

        if (e.GetArrayLength() > maxCount)
        {
            Refuse(ErrorCodes.OverLimit, key, $"{e.GetArrayLength()} entries; at most {maxCount}");
            return null;
        }

        return [.. e.EnumerateArray().Select(x => x.GetString()!)];
    }

    public IReadOnlyList<double>? OptionalNumbers(string key, double min, double max, int maxCount = 10_000)
    {
        if (!Has(key))
            return null;
        JsonElement e = _members[key];
        if (e.ValueKind != JsonValueKind.Array || e.GetArrayLength() > maxCount)
        {
            Refuse(ErrorCodes.WrongType, key, $"expected a list of at most {maxCount} numbers, found {Describe(e)}");
            return null;
        }

        var numbers = new List<double>(e.GetArrayLength());
        foreach (JsonElement item in e.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetDouble(out double d) || d < min || d > max)
            {
                Refuse(
                    ErrorCodes.OutOfRange,
                    $"{key}[{numbers.Count}]",
                    string.Create(CultureInfo.InvariantCulture, $"{item.GetRawText()} is not a number in {min}..{max}")
                );
                return null;
            }

            numbers.Add(d);
        }

        return numbers;
    }

    /// <summary>A nested object, read by the same rules; its errors land here. Null when absent.</summary>
    public SpecReader? OptionalObject(string key) =>
        Has(key) ? new SpecReader(Field(key), _members[key], _errors) : null;

    /// <summary>A list of nested objects.</summary>
    public IReadOnlyList<SpecReader> Objects(string key, int maxCount = 1_000)
    {
        if (!Has(key))
            return [];
        JsonElement e = _members[key];
        if (e.ValueKind != JsonValueKind.Array)
        {
            Refuse(ErrorCodes.WrongType, key, $"expected a list of objects, found {Describe(e)}");
            return [];
        }

        if (e.GetArrayLength() > maxCount)
        {
            Refuse(ErrorCodes.OverLimit, key, $"{e.GetArrayLength()} entries; at most {maxCount}");
            return [];
        }

        return [.. e.EnumerateArray().Select((item, i) => new SpecReader($"{Field(key)}[{i}]", item, _errors))];
    }

    /// <summary>A nested object whose keys are data (ids → numbers), read whole. Null when absent.</summary>
    public IReadOnlyDictionary<string, double>? OptionalNumberMap(string key, double min, double max)
    {
        if (!Has(key))
            return null;
        JsonElement e = _members[key];
        if (e.ValueKind != JsonValueKind.Object)
        {
            Refuse(ErrorCodes.WrongType, key, $"expected an object of numbers, found {Describe(e)}");
            return null;
        }

        var map = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (JsonProperty p in e.EnumerateObject())
        {
            if (p.Value.ValueKind != JsonValueKind.Number || !p.Value.TryGetDouble(out double d) || d < min || d > max)
                Refuse(
                    ErrorCodes.OutOfRange,
                    $"{key}.{p.Name}",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{p.Value.GetRawText()} is not a number in {min}..{max}"
                    )
                );
            else
                map[p.Name] = d;
        }

        return map;
    }

    /// <summary>Names every member that nobody asked for.</summary>
    public void Finish()
    {
        foreach (string key in _members.Keys.Order(StringComparer.Ordinal))
        {
            if (!_known.Contains(key))
                Refuse(
                    ErrorCodes.UnknownKey,
                    key,
                    $"is not known here; known keys: {string.Join(", ", _known.Order(StringComparer.Ordinal))}{Spelling.Suggest(key, _known)}"
                );
        }
    }

    /// <exception cref="ScenarioRefusedException">Anything was refused while reading.</exception>
    public void ThrowIfRefused()
    {
        if (_errors.Count > 0)
            throw new ScenarioRefusedException([.. _errors]);
    }

    private static string Describe(JsonElement e)
    {
        string raw = e.GetRawText();
        return raw.Length <= 40 ? raw : raw[..37] + "...";
    }
}
