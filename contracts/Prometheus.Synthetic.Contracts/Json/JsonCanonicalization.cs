using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Prometheus.Synthetic.Contracts.Json;

/// <summary>
/// The JSON Canonicalization Scheme, RFC 8785: members sorted by UTF-16 code units, no white space, numbers as
/// ECMAScript writes a double, strings with the fewest escapes. Every language has a library for it, so a publisher can
/// compute the same natural key.
/// </summary>
public static class JsonCanonicalization
{
    public static string Text(JsonElement value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                char separator = '{';
                foreach (JsonProperty p in value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal))
                {
                    AppendString(text.Append(separator), p.Name);
                    Append(text.Append(':'), p.Value);
                    separator = ',';
                }

                text.Append(separator == '{' ? "{}" : "}");
                break;
            case JsonValueKind.Array:
                text.Append('[');
                int count = 0;
                foreach (JsonElement item in value.EnumerateArray())
                    Append(count++ == 0 ? text : text.Append(','), item);
                text.Append(']');
                break;
            case JsonValueKind.String:
                AppendString(text, value.GetString()!);
                break;
            case JsonValueKind.Number:
                AppendNumber(text, value.GetDouble());
                break;
            case JsonValueKind.True:
                text.Append("true");
                break;
            case JsonValueKind.False:
                text.Append("false");
                break;
            default:
                text.Append("null");
                break;
        }
    }

    private static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }

    /// <summary>ECMA-262, Number::toString: the shortest digits that read back, laid out by the place of the point.</summary>
    private static void AppendNumber(StringBuilder text, double number)
    {
        if (!double.IsFinite(number))
            throw new JsonException("A number is beyond the range of a double and has no canonical form.");
        if (number == 0)
        {
            text.Append('0'); // also for −0
            return;
        }

        if (number < 0)
            text.Append('-');
        (string digits, int point) = Shortest(Math.Abs(number));
        int count = digits.Length;
        if (point is > 21 or < -5)
        {
            text.Append(digits[0]);
            if (count > 1)
                text.Append('.').Append(digits, 1, count - 1);
            text.Append('e').Append(point > 0 ? '+' : '-').Append(Math.Abs(point - 1));
        }
        else if (point <= 0)
        {
            text.Append("0.").Append('0', -point).Append(digits);
        }
        else if (point >= count)
        {
            text.Append(digits).Append('0', point - count);
        }
        else
        {
            text.Append(digits, 0, point).Append('.').Append(digits, point, count - point);
        }
    }

    /// <summary>Digits d and place n of the point, number = 0.d × 10ⁿ, without leading or trailing zeros.</summary>
    private static (string Digits, int Point) Shortest(double number)
    {
        string text = number.ToString("R", CultureInfo.InvariantCulture);
        int mark = text.IndexOf('E', StringComparison.Ordinal);
        int exponent = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign);
        string mantissa = mark < 0 ? text : text[..mark];
        int dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        int point = (dot < 0 ? mantissa.Length : dot) + exponent;
        string digits = dot < 0 ? mantissa : mantissa.Remove(dot, 1);
        string trimmed = digits.TrimStart('0');
        point -= digits.Length - trimmed.Length;
        return (trimmed.TrimEnd('0'), point);
    }
}
