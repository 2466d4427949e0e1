using System.Text.Json.Nodes;
using Npgsql;
using Prometheus.Synthetic.Scenarios.Generation;

namespace Prometheus.Synthetic.Storage.Sets;

/// <summary>Reads what is stored of paths beside their numbers.</summary>
public sealed class AnnotationReader(NpgsqlDataSource dataSource)
{
    /// <summary>Annotations of paths [first, first + count), null where a path has none.</summary>
    /// <param name="driverNumbers">Numbers of the set's drivers in stored order; marks name positions in it.</param>
    public async Task<PathAnnotation?[]> ReadAsync(
        Guid scenarioSetId,
        IReadOnlyList<int> driverNumbers,
        int first,
        int count,
        CancellationToken ct
    )
    {
        var annotations = new PathAnnotation?[count];
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(ct);
        await using (
            NpgsqlCommand select = Range(
                connection,
                "SELECT scenario_id, source_dates, probability, metadata::text FROM synthetic.path_annotations",
                "scenario_id",
                scenarioSetId,
                first,
                count
            )
        )
        await using (NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
            {
                annotations[reader.GetInt32(0) - first] = new PathAnnotation
                {
                    SourceDates = reader.IsDBNull(1) ? null : reader.GetFieldValue<DateOnly[]>(1),
                    Probability = reader.IsDBNull(2) ? null : reader.GetDouble(2),
                    Metadata = reader.IsDBNull(3) ? null : JsonNode.Parse(reader.GetString(3))!.AsObject(),
                };
            }
        }

        await AddMarksAsync(connection, annotations, scenarioSetId, driverNumbers, first, ct);
        return annotations;
    }

    private static async Task AddMarksAsync(
        NpgsqlConnection connection,
        PathAnnotation?[] annotations,
        Guid scenarioSetId,
        IReadOnlyList<int> driverNumbers,
        int first,
        CancellationToken ct
    )
    {
        await using NpgsqlCommand select = Range(
            connection,
            "SELECT scenario_id, horizon_index, driver_no, mark::text FROM synthetic.cell_marks",
            "scenario_id, horizon_index, driver_no",
            scenarioSetId,
            first,
            annotations.Length
        );
        var marks = new List<CellMark>?[annotations.Length];
        var positions = new Dictionary<int, int> { [-1] = -1 };
        for (int i = 0; i < driverNumbers.Count; i++)
            positions[driverNumbers[i]] = i;
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            // A mark of a driver that the set does not have cannot be expressed; -2 makes the digest differ.
            int driver = positions.GetValueOrDefault(reader.GetInt32(2), -2);
            (marks[reader.GetInt32(0) - first] ??= []).Add(
                new CellMark(driver, reader.GetInt32(1), JsonNode.Parse(reader.GetString(3))!.AsObject())
            );
        }

        for (int i = 0; i < marks.Length; i++)
        {
            if (marks[i] is { } cells)
                annotations[i] = (annotations[i] ?? new PathAnnotation()) with { Cells = cells };
        }
    }

    private static NpgsqlCommand Range(
        NpgsqlConnection connection,
        string select,
        string order,
        Guid scenarioSetId,
        int first,
        int count
    )
    {
        var command = new NpgsqlCommand(
            $"{select} WHERE scenario_set_id = $1 AND scenario_id >= $2 AND scenario_id < $3 ORDER BY {order}",
            connection
        );
        command.Parameters.Add(new() { Value = scenarioSetId });
        command.Parameters.Add(new() { Value = first });
        command.Parameters.Add(new() { Value = first + count });
        return command;
    }
}
