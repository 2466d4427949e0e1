using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Prometheus.Synthetic.Contracts.Json;

/// <summary>
/// UTC instants as RFC 3339 with a <c>Z</c>. Any offset is read and turned into UTC; an instant without an offset is
/// refused, because the default reader would take it for the local time of whatever machine reads it.
/// </summary>
public sealed class UtcInstantConverter : JsonConverter<DateTimeOffset>
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (
            reader.TokenType == JsonTokenType.String
            && HasOffset(reader.GetString()!)
            && reader.TryGetDateTimeOffset(out DateTimeOffset instant)
        )
            return instant.ToUniversalTime();
        throw new JsonException(); // without words of ours the serializer names the path
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToUniversalTime().ToString(Form, CultureInfo.InvariantCulture));

    private static bool HasOffset(string text) =>
        text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
}
