using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Prometheus.Synthetic.Contracts.Json;

namespace Prometheus.Synthetic.Contracts;

/// <summary>
/// Message ids for inbound messages that come without one, derived from what the message says: the same message sent
/// twice gets the same id. The id is a version-5 UUID (RFC 9562) in <see cref="ContractNames.MessageIdNamespace"/>; its
/// name is the canonical JSON (RFC 8785) of an array, the type first and the natural key after it, for instance
/// <c>["MonthlyRefreshDue","US_EQ","2025-03"]</c>.
/// </summary>
/// <remarks>
/// A message that lacks part of its key is going to be refused; it is named by all that it holds instead, so that two
/// different broken messages do not pass for one.
/// </remarks>
public static class NaturalKeys
{
    /// <summary>Key: market_id, as_of_date, model_id.</summary>
    public static Guid MessageId(FragilityComputed message) =>
        message is { MarketId: { } market, AsOfDate: { } date, ModelId: { } model }
            ? Derive("FragilityComputed", market, Iso(date), model)
            : DeriveFromAll("FragilityComputed", message);

    /// <summary>Key: market_id, month.</summary>
    public static Guid MessageId(MonthlyRefreshDue message) =>
        message is { MarketId: { } market, Month: { } month }
            ? Derive("MonthlyRefreshDue", market, month)
            : DeriveFromAll("MonthlyRefreshDue", message);

    /// <summary>Key: the whole request; a null member counts as absent, a member not in the contract does not count.</summary>
    public static Guid MessageId(GenerateScenarioSet message) => DeriveFromAll("GenerateScenarioSet", message);

    /// <summary>Version-5 UUID of a name in a namespace.</summary>
    public static Guid Version5(Guid space, ReadOnlySpan<byte> name)
    {
        byte[] input = new byte[16 + name.Length];
        space.TryWriteBytes(input, bigEndian: true, out _);
        name.CopyTo(input.AsSpan(16));
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 9562 defines version 5 over SHA-1; nothing here relies on collision resistance
        SHA1.HashData(input, hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    private static Guid Derive(params string[] parts) => Id(JsonSerializer.SerializeToElement(parts));

    private static Guid DeriveFromAll<T>(string type, T message)
    {
        JsonElement body = JsonSerializer.SerializeToElement(message, ContractJson.Options);
        return Id(JsonSerializer.SerializeToElement(new object[] { type, body }));
    }

    private static Guid Id(JsonElement name) =>
        Version5(ContractNames.MessageIdNamespace, Encoding.UTF8.GetBytes(JsonCanonicalization.Text(name)));

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd");
}
