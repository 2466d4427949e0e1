using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine.Verification;

/// <summary>A verification in progress; ranges report into it from several threads.</summary>
internal sealed class VerificationWork(ScenarioSetDocument set, IReadOnlyList<Driver> drivers)
{
    private readonly Lock _gate = new();
    private long _rows;

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
    public FirstDifference? First { get; private set; }
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
            if (First is null || (difference.Path ?? int.MaxValue) < (First.Path ?? int.MaxValue))
                First = difference;
        }
    }

    /// <summary>What a set's hash says of its drivers.</summary>
    public static string Header(IReadOnlyList<Driver> drivers) =>
        CanonicalJson.Text(
            JsonSerializer.SerializeToElement(
                drivers.Select(d => new
                {
                    d.Kind,
                    d.Id,
                    d.Unit,
                    d.BaseLevel,
                })
            )
        );

    /// <summary>The first driver that the engine has otherwise than the record.</summary>
    public string DriverProblem()
    {
        IReadOnlyList<Driver> fresh = Generator!.Drivers;
        for (int i = 0; i < Math.Max(fresh.Count, Drivers.Count); i++)
        {
            string one = i < fresh.Count ? Header([fresh[i]]) : "nothing";
            string other = i < Drivers.Count ? Header([Drivers[i]]) : "nothing";
            if (one != other)
                return $"driver {i}: recomputed {one}, stored {other}";
        }

        return "they differ";
    }
}
