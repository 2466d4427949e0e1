namespace Prometheus.Synthetic.Contracts.Json;

/// <summary>Codes of <see cref="GenerationError"/> that reading a body can give.</summary>
public static class ReadErrorCodes
{
    /// <summary>The body is not JSON: truncated, not UTF-8, a member twice, NaN, nested too deep.</summary>
    public const string MalformedJson = "malformed-json";

    /// <summary>A member has another JSON type, or is text that is no date, instant or UUID.</summary>
    public const string WrongType = "wrong-type";

    /// <summary>A member that the record demands is not there.</summary>
    public const string Missing = "missing";
}
