using Prometheus.Synthetic.Engine.Generation;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine.Lifecycle;

/// <summary>
/// Whether a set's bytes could be made again: what to know before its paths are dropped. The snapshot is read and checked,
/// the generator calibrated, and the first and the last path are made and compared with the manifest. Verification
/// compares all of them.
/// </summary>
public sealed class Recomputation(ScenarioSetStore sets, ShardStore shards, CalibratedGenerators generators)
{
    /// <summary>Numeric version of this engine; tests set another.</summary>
    internal int NumericVersion { get; init; } = EngineVersion.Numeric;

    /// <returns>Why the set cannot be made again, or null.</returns>
    public async Task<string?> ProblemAsync(ScenarioSetDocument set, CancellationToken ct)
    {
        if (set.NumericVersion != NumericVersion)
            return $"it was made by numeric version {set.NumericVersion}, this engine has {NumericVersion}";
        IPathGenerator generator;
        try
        {
            // Not the kept generator: the snapshot must be there now, not when this process began.
            generator = await generators.CalibrateAsync(set, ct);
            await generators.CheckGivenPathsAsync(set, ct);
        }
        catch (Exception e) when (e is InvalidDataException or ScenarioRefusedException)
        {
            return e.Message;
        }

        if (!generator.Drivers.Select(Key).SequenceEqual((await sets.DriversAsync(set.Id, ct)).Select(Key)))
            return "this engine makes it of other drivers";
        foreach (int path in new[] { 0, set.NumPaths - 1 })
        {
            double[] values = new double[set.HorizonDays * generator.Drivers.Count];
            byte[] made = GeneratedRange.Make(generator, set.HorizonDays, path, 1, values).Digests;
            byte[] recorded = await shards.DigestsAsync(set.Id, path, 1, ct);
            if (!made.AsSpan().SequenceEqual(recorded))
                return $"path {path} comes out different; './synthetic sets verify {set.Id}' says where";
        }

        return null;

        static (object, string, string, double?) Key(Scenarios.Panels.Driver d) => (d.Kind, d.Id, d.Unit, d.BaseLevel);
    }
}
