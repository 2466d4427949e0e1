using System.Runtime.CompilerServices;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine.Reading;

/// <summary>
/// Streams a set, or a slice of it, as arrays of doubles without ever holding all of it. The reading side for .NET
/// consumers; the SQL relations of the same content are described in contracts/sql.
/// </summary>
public sealed class ScenarioSetReader(SetReferences references, ScenarioSetStore sets, PathRowReader rows)
{
    /// <summary>Blocks of paths in path order, every bit as it was sealed.</summary>
    /// <exception cref="ScenarioRefusedException">Unknown id, evicted or unsealed set, unknown driver, path out of range.</exception>
    public async IAsyncEnumerable<PathBlock> ReadAsync(
        Guid scenarioSetId,
        PathSlice? slice = null,
        [EnumeratorCancellation] CancellationToken ct = default
    )
    {
        slice ??= new PathSlice();
        ScenarioSetDocument set = await references.RequireAsync(scenarioSetId, ct);
        SetStates.RequirePaths(set);
        IReadOnlyList<Driver> all = await sets.DriversAsync(set.Id, ct);
        int[] chosen = Choose(all, slice);
        Driver[] drivers = [.. chosen.Select(i => all[i])];
        int[] numbers = [.. chosen.Select(i => DriverNumbers.Of(all[i].Kind, i))];
        (int first, int count) = Range(set, slice);
        var plan = ShardPlan.ByCells(count, set.HorizonDays, drivers.Length, Math.Max(slice.BlockCells, 1));
        double[] buffer = new double[plan.PathsPerShard * set.HorizonDays * drivers.Length];
        for (int block = 0; block < plan.Count; block++)
        {
            (int from, int paths) = plan.Range(block);
            Memory<double> values = buffer.AsMemory(0, paths * set.HorizonDays * drivers.Length);
            PathRows read = await rows.ReadAsync(set.Id, set.HorizonDays, numbers, first + from, paths, values, ct);
            if (read.Fault is { } fault)
                await RefuseAsync(set, drivers, fault, ct);
            yield return new PathBlock(first + from, paths, set.HorizonDays, drivers, values);
        }
    }

    private static int[] Choose(IReadOnlyList<Driver> all, PathSlice slice)
    {
        int[] candidates =
        [
            .. Enumerable.Range(0, all.Count).Where(i => slice.Kind is null || all[i].Kind == slice.Kind),
        ];
        if (slice.DriverIds is not { } wanted)
            return candidates.Length > 0
                ? candidates
                : throw new ScenarioRefusedException(
                    ErrorCodes.NotFound,
                    "kind",
                    $"the set has no {slice.Kind.ToString()!.ToLowerInvariant()} drivers"
                );
        if (wanted.Count == 0)
            throw new ScenarioRefusedException(
                ErrorCodes.Missing,
                "driver_ids",
                "is empty; name the wanted drivers, or leave it out for all"
            );
        var byId = candidates.ToLookup(i => all[i].Id, StringComparer.Ordinal);
        FieldError[] errors =
        [
            .. wanted
                .Where(id => byId[id].Count() != 1)
                .Select(id => new FieldError(
                    byId[id].Any() ? ErrorCodes.Conflict : ErrorCodes.NotFound,
                    "driver_ids",
                    byId[id].Any()
                        ? $"'{id}' is the id of several kinds of drivers; name the kind too"
                        : $"'{id}' is not in the set{Spelling.Suggest(id, candidates.Select(i => all[i].Id))}"
                )),
        ];
        if (errors.Length > 0)
            throw new ScenarioRefusedException(errors);
        return [.. wanted.Select(id => byId[id].Single())];
    }

    private static (int First, int Count) Range(ScenarioSetDocument set, PathSlice slice)
    {
        int count = slice.PathCount ?? set.NumPaths - slice.FirstPath;
        if (slice.FirstPath < 0 || count < 1 || (long)slice.FirstPath + count > set.NumPaths)
            throw new ScenarioRefusedException(
                ErrorCodes.OutOfRange,
                "paths",
                $"{count} paths from path {slice.FirstPath} are asked for; the set has {set.NumPaths}, numbered from 0"
            );
        return (slice.FirstPath, count);
    }

    /// <summary>A missing row: either the set was evicted while it was read, or somebody took rows away.</summary>
    private async Task RefuseAsync(ScenarioSetDocument set, Driver[] drivers, PathRowFault fault, CancellationToken ct)
    {
        SetStates.RequirePaths(await references.RequireAsync(set.Id, ct));
        throw new ScenarioRefusedException(
            ErrorCodes.BadData,
            "scenario_set_id",
            $"{set.Id}: path {fault.Path}, driver {drivers[fault.Driver].Id}: {fault.Problem}; './synthetic sets verify {set.Id}' says what else"
        );
    }
}
