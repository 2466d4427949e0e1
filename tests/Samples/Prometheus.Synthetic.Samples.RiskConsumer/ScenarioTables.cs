using System.Runtime.CompilerServices;
using Npgsql;

namespace Prometheus.Synthetic.Samples.RiskConsumer;

/// <summary>The two relations a consumer reads, by plain SQL.</summary>
public sealed class ScenarioTables(NpgsqlDataSource database)
{
    /// <summary>Name of a set; null when no sealed set has the id.</summary>
    public async Task<string?> NameAsync(Guid set, CancellationToken ct)
    {
        await using NpgsqlCommand select = database.CreateCommand(
            "SELECT name || ' v' || (metadata ->> 'version') FROM scenario_sets WHERE scenario_set_id = $1"
        );
        select.Parameters.Add(new() { Value = set });
        return await select.ExecuteScalarAsync(ct) as string;
    }

    /// <summary>The instruments that a set covers.</summary>
    public async Task<IReadOnlyList<string>> InstrumentsAsync(Guid set, CancellationToken ct)
    {
        await using NpgsqlCommand select = database.CreateCommand(
            """
            SELECT instrument_id FROM scenario_paths
            WHERE scenario_set_id = $1 AND scenario_id = 0 AND horizon_index = 0 AND instrument_id IS NOT NULL
            ORDER BY instrument_id
            """
        );
        select.Parameters.Add(new() { Value = set });
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct);
        var instruments = new List<string>();
        while (await reader.ReadAsync(ct))
            instruments.Add(reader.GetString(0));
        return instruments;
    }

    /// <summary>Every step of every path for some instruments, ordered by path and step.</summary>
    public async IAsyncEnumerable<PathCell> CellsAsync(
        Guid set,
        IReadOnlyCollection<string> instruments,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        await using NpgsqlCommand select = database.CreateCommand(
            """
            SELECT scenario_id, horizon_index, instrument_id, "return" FROM scenario_paths
            WHERE scenario_set_id = $1 AND instrument_id = ANY($2)
            ORDER BY scenario_id, horizon_index
            """
        );
        // Millions of cells are put in order before the first one comes.
        select.CommandTimeout = 300;
        select.Parameters.Add(new() { Value = set });
        select.Parameters.Add(new() { Value = instruments.ToArray() });
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            yield return new(reader.GetInt32(0), reader.GetInt32(1), reader.GetString(2), (double)reader.GetDecimal(3));
    }
}
