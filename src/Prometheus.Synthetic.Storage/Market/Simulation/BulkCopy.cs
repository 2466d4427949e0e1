using Npgsql;
using NpgsqlTypes;

namespace Prometheus.Synthetic.Storage.Market.Simulation;

/// <summary>Binary COPY straight into market tables that hold none of the rows yet; NaN is written as null.</summary>
internal sealed class BulkCopy(NpgsqlConnection connection, MarketTables tables)
{
    /// <summary>Opens a COPY into the named columns of a table.</summary>
    public Task<NpgsqlBinaryImporter> BeginAsync(string table, CancellationToken ct, params string[] columns) =>
        connection.BeginBinaryImportAsync(
            $"COPY {tables.Qualified(table)} ({string.Join(", ", columns.Select(c => tables.Column(table, c)))}) FROM STDIN (FORMAT BINARY)",
            ct
        );

    // Buffered writes complete at once; awaiting each of millions of cells would cost more than writing them.
    public static void Text(NpgsqlBinaryImporter copy, string value) => copy.Write(value, NpgsqlDbType.Text);

    public static void Json(NpgsqlBinaryImporter copy, string value) => copy.Write(value, NpgsqlDbType.Jsonb);

    public static void Day(NpgsqlBinaryImporter copy, DateOnly value) => copy.Write(value, NpgsqlDbType.Date);

    public static void Number(NpgsqlBinaryImporter copy, double value)
    {
        if (double.IsNaN(value))
            copy.WriteNull();
        else
            copy.Write(value, NpgsqlDbType.Double);
    }
}
