using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine.Verification;

/// <summary>A verification in progress; ranges report into it from several threads. Holds three digests a path.</summary>
internal sealed class VerificationWork(ScenarioSetDocument set, IReadOnlyList<Driver> drivers)
{
    private readonly Lock _gate = new();
    private long _rows;
    private FirstDifference? _first;

    public ScenarioSetDocument Set => set;
    public IReadOnlyList<Driver> Drivers => drivers;
    public int[] Numbers { get; } = DriverNumbers.Of(drivers);
    public bool HasRows => set.Status == ScenarioSetStatus.Sealed;
    public IPathGenerator? Generator { get; set; }
    public bool Comparable { get; set; }
    public string? SnapshotProblem { get; private set; }
    public bool HasStrangers { get; set; }
    public byte[] FreshDigests { get; } = new byte[set.NumPaths * PathDigest.Length];
    public byte[] StoredDigests { get; } = new byte[set.NumPaths * PathDigest.Length];
    public byte[] ManifestDigests { get; } = new byte[set.NumPaths * PathDigest.Length];
    public long Rows => Interlocked.Read(ref _rows);

    public void AddRows(long rows) => Interlocked.Add(ref _rows, rows);

    /// <summary>The snapshot is missing or damaged; what it says of that first is kept.</summary>
    public void NoteSnapshot(string problem)
    {
        lock (_gate)
            SnapshotProblem ??= problem;
        Note(new FirstDifference("snapshot and record", Problem: problem));
    }

    /// <summary>Keeps the difference in the lowest path; one in no path only if there is no other.</summary>
    public void Note(FirstDifference? difference)
    {
        if (difference is null)
            return;
        lock (_gate)
        {
            if (_first is null || (difference.Path ?? int.MaxValue) < (_first.Path ?? int.MaxValue))
                _first = difference;
        }
    }

    /// <summary>What each witness says of the content, when all ranges are in.</summary>
    public ContentHashes Hashes() =>
        new(
            set.ContentHash!,
            Hash(drivers, ManifestDigests),
            this is { Generator: { } generator, SnapshotProblem: null } ? Hash(generator.Drivers, FreshDigests) : null,
            HasRows ? Hash(drivers, StoredDigests) : null
        );

    /// <summary>Where to look first, given the answer.</summary>
    public FirstDifference? Difference(VerificationOutcome outcome, ContentHashes hashes) =>
        outcome switch
        {
            VerificationOutcome.Verified => null,
            VerificationOutcome.RecordDamaged => RecordDifference(hashes),
            _ => _first
                ?? new FirstDifference(
                    "manifest and record",
                    Problem: "every path agrees with the manifest, the manifest does not agree with the record's hash"
                ),
        };

    private FirstDifference RecordDifference(ContentHashes hashes)
    {
        byte[]? vouched =
            hashes.Stored == hashes.Record ? StoredDigests
            : hashes.Fresh == hashes.Record ? FreshDigests
            : null;
        for (int path = 0; vouched is not null && path < set.NumPaths; path++)
        {
            ReadOnlySpan<byte> manifest = ManifestDigests.AsSpan(path * PathDigest.Length, PathDigest.Length);
            if (!manifest.SequenceEqual(vouched.AsSpan(path * PathDigest.Length, PathDigest.Length)))
                return new FirstDifference(
                    "manifest and record",
                    path,
                    Problem: manifest.IndexOfAnyExcept((byte)0) < 0
                        ? "the path is missing in the manifest; the paths themselves have the record's hash"
                        : "the path's digest in the manifest was altered; the paths themselves have the record's hash"
                );
        }

        return new FirstDifference("content and record", Expected: hashes.Manifest, Found: hashes.Record);
    }

    private string Hash(IReadOnlyList<Driver> of, byte[] digests)
    {
        using var hasher = new ContentHasher(set.NumPaths, set.HorizonDays, of);
        hasher.Append(digests);
        return hasher.Finish();
    }
}
