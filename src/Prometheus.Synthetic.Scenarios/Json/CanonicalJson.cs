using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Prometheus.Synthetic.Scenarios.Json;

/// <summary>
/// One byte sequence per JSON value, in the spirit of RFC 8785: keys in ordinal order, no white space, null members
/// dropped, integers without a fraction, other numbers in the shortest form that reads back to the same double.
/// Whatever is hashed or compared as JSON goes through here.
/// </summary>
public static class CanonicalJson
{
    public static byte[] Bytes(JsonElement value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, value);
        return buffer.WrittenSpan.ToArray();
    }

    public static string Text(JsonElement value) => Encoding.UTF8.GetString(Bytes(value));

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty p in value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal))
                {
                    if (p.Value.ValueKind == JsonValueKind.Null)
                        continue;
                    writer.WritePropertyName(p.Name);
                    Write(writer, p.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray())
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(NumberText(value));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static string NumberText(JsonElement value)
    {
        if (value.TryGetInt64(out long integer))
            return integer.ToString(CultureInfo.InvariantCulture);
        if (value.TryGetUInt64(out ulong large))
            return large.ToString(CultureInfo.InvariantCulture);
        double number = value.GetDouble();
        if (number != Math.Truncate(number) || number >= 18446744073709551616.0 || number < -9223372036854775808.0)
            return number.ToString("R", CultureInfo.InvariantCulture);
        // 1e15 and 1000000000000000 are one value and must be one text.
        return number < 0
            ? ((long)number).ToString(CultureInfo.InvariantCulture)
            : ((ulong)number).ToString(CultureInfo.InvariantCulture);
    }
}
