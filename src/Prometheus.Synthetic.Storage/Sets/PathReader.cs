using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Storage.Sets;

/// <summary>One cell of <c>scenario_paths</c>.</summary>
/// <param name="Driver">Id of the instrument, factor or macro series.</param>
/// <param name="Return">Simple return of the step; level change for a macro series. 0 at horizon_index 0.</param>
/// <param name="Price">Price or level after the step; null where no base level is known.</param>
/// <param name="ShockMetadata">JSON object: source date, marks.</param>
public sealed record PathCell(
    int ScenarioId,
    int HorizonIndex,
    DriverKind Kind,
    string Driver,
    double Return,
    double? Price,
    string ShockMetadata
);

/// <summary>Reads the paths of a sealed set, a driver or a few cells at a time, never the whole set into memory.</summary>
public sealed class PathReader(NpgsqlDataSource dataSource)
{
    /// <summary>Cells ordered by path, driver, step.</summary>
    /// <param name="path">One path; null for all from path 0.</param>
    /// <param name="drivers">The set's drivers to read, with their position in the set's order.</param>
    /// <param name="limit">Cells at most.</param>
    public async Task<IReadOnlyList<PathCell>> CellsAsync(
        Guid scenarioSetId,
        int? path,
        IReadOnlyList<(int Position, Driver Driver)> drivers,
        int cellsPerDriver,
        int limit,
        CancellationToken ct
    )
    {
        var cells = new List<PathCell>();
        if (drivers.Count == 0)
            return cells;
        // Only the paths that can be among the first cells: the relation is never sorted whole.
        int paths = limit / (drivers.Count * cellsPerDriver) + 1;
        await using NpgsqlCommand select = dataSource.CreateCommand(
            """
            SELECT p.scenario_id, h.ordinal - 1, p.driver_no, h.shock,
              CASE WHEN d.base_level IS NULL THEN NULL
                   WHEN d.macro_id IS NOT NULL
                     THEN d.base_level + (SELECT coalesce(sum(x), 0) FROM unnest(p.shocks[1:h.ordinal - 1]) AS x)
                   ELSE d.base_level * (SELECT synthetic.product(1 + x) FROM unnest(p.shocks[1:h.ordinal - 1]) AS x) END,
              synthetic.shock_metadata(p.scenario_set_id, p.scenario_id, (h.ordinal - 1)::integer, p.driver_no)
            FROM synthetic.path_shocks p
            JOIN synthetic.set_drivers d USING (scenario_set_id, driver_no)
            CROSS JOIN LATERAL unnest(ARRAY[0::double precision] || p.shocks) WITH ORDINALITY AS h (shock, ordinal)
            WHERE p.scenario_set_id = $1 AND p.driver_no = ANY ($2) AND p.scenario_id BETWEEN $3 AND $4
            ORDER BY 1, 3, 2 LIMIT $5
            """
        );
        Dictionary<int, Driver> byNumber = drivers.ToDictionary(
            d => DriverNumbers.Of(d.Driver.Kind, d.Position),
            d => d.Driver
        );
        select.Parameters.Add(new() { Value = scenarioSetId });
        select.Parameters.Add(
            new() { Value = byNumber.Keys.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer }
        );
        select.Parameters.Add(new() { Value = path ?? 0 });
        select.Parameters.Add(new() { Value = path ?? paths - 1 });
        select.Parameters.Add(new() { Value = limit });
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            Driver driver = byNumber[reader.GetInt32(2)];
            cells.Add(
                new(
                    reader.GetInt32(0),
                    (int)reader.GetInt64(1),
                    driver.Kind,
                    driver.Id,
                    reader.GetDouble(3),
                    reader.IsDBNull(4) ? null : reader.GetDouble(4),
                    reader.GetString(5)
                )
            );
        }

        return cells;
    }

    /// <summary>All paths of one driver in path order, each an array of H shocks.</summary>
    /// <param name="position">The driver's position in the set's order.</param>
    public async IAsyncEnumerable<double[]> DriverAsync(
        Guid scenarioSetId,
        Driver driver,
        int position,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        await using NpgsqlCommand select = dataSource.CreateCommand(
            """
            SELECT shocks FROM synthetic.path_shocks
            WHERE scenario_set_id = $1 AND driver_no = $2 ORDER BY scenario_id
            """
        );
        select.Parameters.Add(new() { Value = scenarioSetId });
        select.Parameters.Add(new() { Value = DriverNumbers.Of(driver.Kind, position) });
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            yield return reader.GetFieldValue<double[]>(0);
    }
}
