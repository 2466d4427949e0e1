using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Storage.Sets;

/// <summary>The drivers of a set: their ids stand once per set, rows of paths name their numbers.</summary>
internal static class DriverRows
{
    /// <summary>The drivers of a set in their stored order.</summary>
    public static async Task<IReadOnlyList<Driver>> ReadAsync(
        NpgsqlDataSource dataSource,
        Guid scenarioSetId,
        CancellationToken ct
    )
    {
        await using NpgsqlCommand select = dataSource.CreateCommand(
            """
            SELECT instrument_id, factor_id, macro_id, unit, base_level
            FROM synthetic.set_drivers WHERE scenario_set_id = $1 ORDER BY driver_no
            """
        );
        select.Parameters.Add(new() { Value = scenarioSetId });
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct);
        var drivers = new List<Driver>();
        while (await reader.ReadAsync(ct))
        {
            (DriverKind kind, int column) =
                !reader.IsDBNull(0) ? (DriverKind.Instrument, 0)
                : !reader.IsDBNull(1) ? (DriverKind.Factor, 1)
                : (DriverKind.Macro, 2);
            drivers.Add(
                new Driver(
                    kind,
                    reader.GetString(column),
                    reader.GetString(3),
                    reader.IsDBNull(4) ? null : reader.GetDouble(4)
                )
            );
        }

        return drivers;
    }

    /// <summary>Writes the drivers of a new set, numbered by kind (<see cref="DriverNumbers"/>).</summary>
    public static async Task InsertAsync(
        NpgsqlConnection connection,
        Guid id,
        IReadOnlyList<Driver> drivers,
        CancellationToken ct
    )
    {
        await using NpgsqlBinaryImporter copy = await connection.BeginBinaryImportAsync(
            """
            COPY synthetic.set_drivers (scenario_set_id, driver_no, instrument_id, factor_id, macro_id, unit, base_level, attributes)
            FROM STDIN (FORMAT BINARY)
            """,
            ct
        );
        for (int i = 0; i < drivers.Count; i++)
        {
            Driver driver = drivers[i];
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(id, ct);
            await copy.WriteAsync(DriverNumbers.Of(drivers[i].Kind, i), ct);
            foreach (DriverKind kind in Enum.GetValues<DriverKind>())
            {
                if (driver.Kind == kind)
                    await copy.WriteAsync(driver.Id, ct);
                else
                    await copy.WriteNullAsync(ct);
            }

            await copy.WriteAsync(driver.Unit, ct);
            if (driver.BaseLevel is { } level)
                await copy.WriteAsync(level, ct);
            else
                await copy.WriteNullAsync(ct);
            await copy.WriteAsync(JsonSerializer.Serialize(driver.Attributes), NpgsqlDbType.Jsonb, ct);
        }

        await copy.CompleteAsync(ct);
    }
}
