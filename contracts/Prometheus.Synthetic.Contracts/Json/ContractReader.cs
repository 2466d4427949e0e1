using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace Prometheus.Synthetic.Contracts.Json;

/// <summary>
/// Reads a body that somebody else wrote. Members that are not in the contract are passed over; everything of a wrong
/// type is reported at once, each with its field. Whether values make sense is decided later, by the validation.
/// </summary>
public static class ContractReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    public static ContractReading<T> Read<T>(ReadOnlySpan<byte> body)
        where T : class
    {
        if (!Utf8.IsValid(body))
            return Malformed<T>("it is not valid UTF-8.");
        JsonNode? root;
        try
        {
            ReadEscapes(WithoutByteOrderMark(body));
            root = JsonNode.Parse(WithoutByteOrderMark(body), documentOptions: Strict);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Malformed<T>(e.Message);
        }

        var check = new TypeCheck();
        if (!check.Accepts(root, typeof(T), ""))
            return new ContractReading<T>(null, check.Errors);
        return new ContractReading<T>(root.Deserialize<T>(ContractJson.Options), check.Errors);
    }

    private static ContractReading<T> Malformed<T>(string why)
        where T : class
    {
        string message = $"The body is not JSON that can be read: {why} Send one UTF-8 JSON object.";
        return new ContractReading<T>(null, [Error(ReadErrorCodes.MalformedJson, "", message)]);
    }

    internal static GenerationError Error(string code, string field, string message) =>
        new()
        {
            Code = code,
            Field = field,
            Message = message,
        };

    /// <summary>
    /// The parser looks into a string only when somebody asks for it, so half a surrogate pair would surface much later
    /// and far from here.
    /// </summary>
    /// <exception cref="InvalidOperationException">An escape is no text.</exception>
    private static void ReadEscapes(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = Strict.MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                _ = reader.GetString();
        }
    }

    private static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> body) =>
        body.StartsWith("\uFEFF"u8) ? body[3..] : body;
}
