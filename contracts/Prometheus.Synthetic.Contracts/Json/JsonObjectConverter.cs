using System.Text.Json;
using System.Text.Json.Serialization;

namespace Prometheus.Synthetic.Contracts.Json;

/// <summary>Free-form members that must be JSON objects: a string or an array in their place is refused while reading.</summary>
public sealed class JsonObjectConverter : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.StartObject ? JsonElement.ParseValue(ref reader) : throw new JsonException(); // without words of ours the serializer names the path

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) =>
        value.WriteTo(writer);
}
