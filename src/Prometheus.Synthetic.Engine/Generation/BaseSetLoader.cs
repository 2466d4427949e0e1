using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;
using Prometheus.Synthetic.Storage.Snapshots;

namespace Prometheus.Synthetic.Engine.Generation;

/// <summary>Finds the sealed sets that a new one is made from, and loads what makes their paths again.</summary>
public sealed class BaseSetLoader(ScenarioSetStore sets, SnapshotStore snapshots)
{
    /// <summary>The records, and whether any of them is a defensive test.</summary>
    /// <exception cref="ScenarioRefusedException">A set is unknown, not sealed, evicted, or of an older numeric version.</exception>
    public async Task<(IReadOnlyList<BaseSet> Sets, bool DefensiveTest)> FindAsync(
        IReadOnlyList<Guid> ids,
        CancellationToken ct
    )
    {
        var found = new List<BaseSet>();
        var errors = new List<FieldError>();
        bool defensive = false;
        foreach (Guid id in ids)
        {
            ScenarioSetDocument? set = await sets.FindAsync(id, ct);
            if (Problem(id, set) is { } problem)
            {
                errors.Add(problem);
                continue;
            }

            defensive |= set!.DefensiveTest;
            found.Add(Of(set));
        }

        if (errors.Count > 0)
            throw new ScenarioRefusedException(errors);
        return (await AttachAsync(found, ct), defensive);
    }

    /// <summary>The snapshot with the snapshots of its base sets, and theirs, attached.</summary>
    public async Task<CalibrationSnapshot> AttachAsync(CalibrationSnapshot snapshot, CancellationToken ct) =>
        snapshot.BaseSets.Count == 0 ? snapshot : snapshot with { BaseSets = await AttachAsync(snapshot.BaseSets, ct) };

    private async Task<IReadOnlyList<BaseSet>> AttachAsync(IReadOnlyList<BaseSet> bases, CancellationToken ct)
    {
        var attached = new List<BaseSet>();
        foreach (BaseSet one in bases)
        {
            CalibrationSnapshot own = await snapshots.LoadAsync(one.SnapshotHash, ct);
            attached.Add(one with { Snapshot = await AttachAsync(own, ct) });
        }

        return attached;
    }

    private static FieldError? Problem(Guid id, ScenarioSetDocument? set)
    {
        const string field = "generator_spec.scenario_set_id";
        return set switch
        {
            null => new FieldError(
                ErrorCodes.NotFound,
                field,
                $"{id} is not a known scenario set; 'sets list' shows them"
            ),
            { Status: ScenarioSetStatus.Evicted } => new FieldError(
                ErrorCodes.WrongState,
                field,
                $"{id} ({set.Name} version {set.Version}) is evicted; './synthetic sets rehydrate {id}' brings it back, then ask again"
            ),
            { Status: not ScenarioSetStatus.Sealed } => new FieldError(
                ErrorCodes.WrongState,
                field,
                $"{id} ({set.Name}) is {set.Status.ToString().ToUpperInvariant()}; only a sealed set can be built on"
            ),
            _ when set.NumericVersion != EngineVersion.Numeric => new FieldError(
                ErrorCodes.WrongState,
                field,
                $"{id} ({set.Name} version {set.Version}) was made by numeric version {set.NumericVersion}, this engine is {EngineVersion.Numeric}; generate it anew and build on that"
            ),
            _ => null,
        };
    }

    private static BaseSet Of(ScenarioSetDocument set) =>
        new()
        {
            ScenarioSetId = set.Id,
            Name = set.Name,
            Version = set.Version,
            Category = set.Category,
            GeneratorSpec = CommonSpec.Without(set.GeneratorSpec),
            Seed = set.Seed,
            NumPaths = set.NumPaths,
            HorizonDays = set.HorizonDays,
            RegimeFilter = set.RegimeFilter,
            SnapshotHash = set.SnapshotHash,
            ContentHash = set.ContentHash!,
        };
}
