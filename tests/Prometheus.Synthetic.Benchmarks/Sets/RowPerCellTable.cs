using Npgsql;
using NpgsqlTypes;

namespace Prometheus.Synthetic.Benchmarks.Sets;

/// <summary>
/// The peer: the specification's table taken literally, one row per cell, with its key (as a unique index: a primary key
/// cannot hold its nulls) and its two indexes, loaded by binary COPY.
/// </summary>
internal static class RowPerCellTable
{
    public static Task CreateAsync(NpgsqlDataSource source) =>
        ExecuteAsync(
            source,
            """
            DROP SCHEMA IF EXISTS bench CASCADE;
            CREATE SCHEMA bench;
            CREATE TABLE bench.cells (
              scenario_set_id uuid NOT NULL, scenario_id integer NOT NULL, horizon_index integer NOT NULL,
              instrument_id text, factor_id text, macro_id text,
              "return" numeric NOT NULL, price numeric, shock_metadata jsonb);
            CREATE UNIQUE INDEX ON bench.cells (scenario_set_id, scenario_id, horizon_index, instrument_id, factor_id, macro_id);
            CREATE INDEX ON bench.cells (scenario_set_id, scenario_id);
            CREATE INDEX ON bench.cells (scenario_set_id, instrument_id, horizon_index);
            """
        );

    /// <param name="values">[path][step][driver] of a block that is used for every block of paths.</param>
    public static async Task LoadAsync(
        NpgsqlDataSource source,
        Guid set,
        string[] instruments,
        int paths,
        int steps,
        double[] values
    )
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        await using NpgsqlBinaryImporter copy = await connection.BeginBinaryImportAsync(
            """COPY bench.cells (scenario_set_id, scenario_id, horizon_index, instrument_id, "return") FROM STDIN (FORMAT BINARY)"""
        );
        for (int path = 0; path < paths; path++)
        {
            for (int step = 0; step <= steps; step++)
            {
                for (int k = 0; k < instruments.Length; k++)
                {
                    double value =
                        step == 0 ? 0 : values[((path * steps + step - 1) * instruments.Length + k) % values.Length];
                    copy.StartRow();
                    copy.Write(set, NpgsqlDbType.Uuid);
                    copy.Write(path, NpgsqlDbType.Integer);
                    copy.Write(step, NpgsqlDbType.Integer);
                    copy.Write(instruments[k], NpgsqlDbType.Text);
                    copy.Write((decimal)value, NpgsqlDbType.Numeric);
                }
            }
        }

        await copy.CompleteAsync();
    }

    public static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using NpgsqlCommand command = source.CreateCommand(sql);
        command.CommandTimeout = 3600;
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<long> ScalarAsync(NpgsqlDataSource source, string sql)
    {
        await using NpgsqlCommand command = source.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync());
    }
}
