using Npgsql;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Storage.Sets;

/// <summary>The manifest of a set as its seal reads it.</summary>
internal static class ManifestRows
{
    /// <summary>Combines the digests of all shards, in path order, into the content hash.</summary>
    /// <returns>The hash, and the seconds spent generating and storing, summed over shards.</returns>
    /// <exception cref="InvalidOperationException">A path is not stored; names it.</exception>
    public static async Task<(string Hash, double Generation, double Storing)> CombineAsync(
        NpgsqlConnection connection,
        ScenarioSetDocument set,
        IReadOnlyList<Driver> drivers,
        CancellationToken ct
    )
    {
        using var hasher = new ContentHasher(set.NumPaths, set.HorizonDays, drivers);
        await using var select = new NpgsqlCommand(
            """
            SELECT first_path, path_count, path_digests, generation_seconds, store_seconds
            FROM synthetic.shards WHERE scenario_set_id = $1 ORDER BY first_path
            """,
            connection
        )
        {
            Parameters = { new() { Value = set.Id } },
        };
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct);
        int next = 0;
        double generation = 0;
        double storing = 0;
        while (await reader.ReadAsync(ct))
        {
            if (reader.GetInt32(0) != next)
                break;
            hasher.Append(reader.GetFieldValue<byte[]>(2));
            next += reader.GetInt32(1);
            generation += reader.GetDouble(3);
            storing += reader.GetDouble(4);
        }

        return next == set.NumPaths
            ? (hasher.Finish(), generation, storing)
            : throw new InvalidOperationException(
                $"Scenario set {set.Id} cannot be sealed: path {next} of {set.NumPaths} is not stored."
            );
    }
}
