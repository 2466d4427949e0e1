using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Engine.Requests;

/// <summary>
/// Ids and seeds that follow from what was asked. Who asked and the prose description do not change what was asked;
/// everything else does.
/// </summary>
public static class RequestKey
{
    /// <summary>The canonical JSON of the request's substance, without the nonce of a forced version.</summary>
    public static string Substance(ScenarioRequest request, DateOnly asOf)
    {
        JsonElement element = JsonSerializer.SerializeToElement(
            new
            {
                name = request.Name,
                category = request.Category,
                horizon_days = request.HorizonDays,
                num_paths = request.NumPaths,
                markets = request.Markets?.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
                as_of_date = asOf,
                base_date_start = request.BaseDateStart,
                base_date_end = request.BaseDateEnd,
                regime_filter = request.RegimeFilter?.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
                universe_filter = request.UniverseFilter,
                generator_spec = request.GeneratorSpec,
                tags = request.Tags?.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
                policy = request.Policy?.Hash,
            }
        );
        return CanonicalJson.Text(element);
    }

    /// <summary>Id of the request: the same question gives the same id, a forced version another.</summary>
    public static Guid RequestId(string substance, string? forceNonce) =>
        NameBasedGuid.Create($"request:{substance}:{forceNonce}");

    /// <summary>Id of the set that an attempt at a request makes.</summary>
    public static Guid ScenarioSetId(Guid requestId, int attempt) =>
        NameBasedGuid.Create($"set:{requestId:N}:{attempt}");

    /// <summary>
    /// The seed of a request that names none: 63 bits of the SHA-256 of its substance, so that it fits a signed 64-bit
    /// integer in every language. A forced version of the same question has the same seed.
    /// </summary>
    public static ulong DefaultSeed(string substance)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes("seed:" + substance), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash) & long.MaxValue;
    }
}
