using System.Security.Cryptography;
using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Hashing;

/// <summary>
/// The content hash of a set: SHA-256 over a canonical JSON header (format, sizes, drivers), one zero byte, and the path
/// digests in path order. It streams, needs 32 bytes a path, and knows nothing of shards.
/// </summary>
public sealed class ContentHasher : IDisposable
{
    /// <summary>Names the canonical form; a change of the form is a new name.</summary>
    public const string Format = "prometheus-synthetic-content/1";

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly int _numPaths;
    private int _paths;

    public ContentHasher(int numPaths, int horizonDays, IReadOnlyList<Driver> drivers)
    {
        _numPaths = numPaths;
        JsonElement header = JsonSerializer.SerializeToElement(
            new
            {
                format = Format,
                num_paths = numPaths,
                horizon_days = horizonDays,
                drivers = drivers.Select(d => new
                {
                    kind = d.Kind.ToString().ToUpperInvariant(),
                    id = d.Id,
                    unit = d.Unit,
                    base_level = d.BaseLevel,
                }),
            }
        );
        _hash.AppendData(CanonicalJson.Bytes(header));
        _hash.AppendData([0]);
    }

    /// <summary>Appends whole digests, 32 bytes a path, in path order.</summary>
    public void Append(ReadOnlySpan<byte> digests)
    {
        if (digests.Length % PathDigest.Length != 0)
            throw new ArgumentException("Digests come whole.", nameof(digests));
        _hash.AppendData(digests);
        _paths += digests.Length / PathDigest.Length;
    }

    /// <summary>The hash as <c>sha256:</c> and 64 hexadecimal digits.</summary>
    /// <exception cref="InvalidOperationException">Not every path was appended.</exception>
    public string Finish() =>
        _paths == _numPaths
            ? "sha256:" + Convert.ToHexStringLower(_hash.GetHashAndReset())
            : throw new InvalidOperationException($"{_paths} of {_numPaths} path digests were appended.");

    public void Dispose() => _hash.Dispose();
}
