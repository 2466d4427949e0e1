using System.Text.Json;
using System.Text.Json.Nodes;

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
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(WithoutByteOrderMark(body), documentOptions: Strict);
        }
        catch (JsonException e)
        {
            string message = $"The body is not JSON that can be read: {e.Message} Send one UTF-8 JSON object.";
            return new ContractReading<T>(null, [Error(ReadErrorCodes.MalformedJson, "", message)]);
        }

        var check = new TypeCheck();
        if (!check.Accepts(root, typeof(T), ""))
            return new ContractReading<T>(null, check.Errors);
        return new ContractReading<T>(root.Deserialize<T>(ContractJson.Options), check.Errors);
    }

    internal static GenerationError Error(string code, string field, string message) =>
        new()
        {
            Code = code,
            Field = field,
            Message = message,
        };

    private static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> body) =>
        body.StartsWith("\uFEFF"u8) ? body[3..] : body;
}
