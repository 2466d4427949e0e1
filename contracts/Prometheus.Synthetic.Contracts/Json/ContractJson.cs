using System.Text.Json;

namespace Prometheus.Synthetic.Contracts.Json;

/// <summary>
/// How bodies are written and read. The records pin their own names, numbers and absent members, so any
/// System.Text.Json reader agrees with this one on every valid body; this one also refuses what others let pass:
/// names in another case, duplicate members, and null where an outbound record demands a value.
/// </summary>
public static class ContractJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>The body of a message, UTF-8.</summary>
    public static byte[] Write<T>(T message) => JsonSerializer.SerializeToUtf8Bytes(message, Options);

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            RespectNullableAnnotations = true,
            AllowDuplicateProperties = false,
            MaxDepth = 64,
            Converters = { new UtcInstantConverter(), new JsonObjectConverter() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
