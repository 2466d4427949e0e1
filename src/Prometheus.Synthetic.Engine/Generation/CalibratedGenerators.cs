using Prometheus.Synthetic.Scenarios.Custom;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Snapshots;

namespace Prometheus.Synthetic.Engine.Generation;

/// <summary>
/// Calibrated generators of the sets this process is working on. Calibration is done once per set and process, from the
/// stored snapshot and spec alone; the few most recent are kept.
/// </summary>
public sealed class CalibratedGenerators(SnapshotStore snapshots, ScenarioFamilies families, BaseSetLoader bases)
{
    private const int Capacity = 4;
    private readonly Lock _gate = new();
    private readonly LinkedList<(Guid Id, Lazy<Task<IPathGenerator>> Generator)> _recent = [];

    /// <summary>Keeps a generator that planning has just calibrated.</summary>
    public void Remember(ScenarioSetDocument set, IPathGenerator generator) =>
        GetOrAdd(set.Id, new Lazy<Task<IPathGenerator>>(() => Task.FromResult(generator)));

    /// <summary>The generator of a set, calibrated now if this process has not done so yet.</summary>
    public async Task<IPathGenerator> ForAsync(ScenarioSetDocument set, CancellationToken ct)
    {
        Lazy<Task<IPathGenerator>> entry = GetOrAdd(
            set.Id,
            new Lazy<Task<IPathGenerator>>(() => CalibrateAsync(set, CancellationToken.None))
        );
        try
        {
            return await entry.Value.WaitAsync(ct);
        }
        catch (Exception) when (entry.IsValueCreated && entry.Value.IsFaulted)
        {
            Forget(set.Id, entry);
            throw;
        }
    }

    /// <summary>Calibrates from the stored snapshot and spec, without the cache: what verification wants.</summary>
    public async Task<IPathGenerator> CalibrateAsync(ScenarioSetDocument set, CancellationToken ct)
    {
        CalibrationSnapshot snapshot = await bases.AttachAsync(await snapshots.LoadAsync(set.SnapshotHash, ct), ct);
        IScenarioFamily family = families.For(set.Category);
        IGeneratorSpec spec = family.ParseSpec(CommonSpec.Without(set.GeneratorSpec));
        return family.Calibrate(
            snapshot,
            spec,
            new GenerationShape(set.NumPaths, set.HorizonDays, set.Seed),
            set.RegimeFilter
        );
    }

    /// <summary>
    /// Reads once what the set, or a set that it is made from, keeps in chunks: calibration reads a chunk when a path of it
    /// is wanted, so that damage would show only then.
    /// </summary>
    /// <exception cref="InvalidDataException">A snapshot or a chunk is missing or altered.</exception>
    public async Task CheckGivenPathsAsync(ScenarioSetDocument set, CancellationToken ct)
    {
        CalibrationSnapshot snapshot = await bases.AttachAsync(await snapshots.LoadAsync(set.SnapshotHash, ct), ct);
        // Reading chunks blocks: not on the thread of whoever awaits this.
        await Task.Run(() => Check(snapshot), ct);

        void Check(CalibrationSnapshot one)
        {
            (one.Given as ChunkedPaths)?.Check(ct);
            foreach (CalibrationSnapshot inner in one.BaseSets.Select(b => b.Snapshot).OfType<CalibrationSnapshot>())
                Check(inner);
        }
    }

    private Lazy<Task<IPathGenerator>> GetOrAdd(Guid id, Lazy<Task<IPathGenerator>> fresh)
    {
        lock (_gate)
        {
            for (var node = _recent.First; node is not null; node = node.Next)
            {
                if (node.Value.Id != id)
                    continue;
                _recent.Remove(node);
                _recent.AddFirst(node);
                return node.Value.Generator;
            }

            _recent.AddFirst((id, fresh));
            if (_recent.Count > Capacity)
                _recent.RemoveLast();
            return fresh;
        }
    }

    private void Forget(Guid id, Lazy<Task<IPathGenerator>> entry)
    {
        lock (_gate)
        {
            _recent.Remove((id, entry));
        }
    }
}
