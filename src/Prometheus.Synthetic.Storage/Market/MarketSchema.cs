using Npgsql;

namespace Prometheus.Synthetic.Storage.Market;

/// <summary>
/// Creates the neighbours' tables that are absent, for a stand-alone installation, and leaves every existing relation
/// as it is. History tables carry no foreign keys: the platform keeps them in another database than the master data.
/// </summary>
public static class MarketSchema
{
    // Serialises starters that migrate at the same moment; any fixed number private to this schema would do.
    private const long LockKey = 0x5053_4D4B_5400_0001;

    /// <summary>Creates what is absent, in one transaction, and says what an existing table lacks for our reads.</summary>
    public static async Task<MarketSchemaReport> EnsureAsync(
        NpgsqlDataSource source,
        MarketTables tables,
        CancellationToken ct
    )
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await EnsureAsync(connection, tables, ct);
    }

    /// <inheritdoc cref="EnsureAsync(NpgsqlDataSource, MarketTables, CancellationToken)"/>
    public static async Task<MarketSchemaReport> EnsureAsync(
        NpgsqlConnection connection,
        MarketTables tables,
        CancellationToken ct
    )
    {
        tables.Validate();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({LockKey})", ct);
        var created = new List<string>();
        var existing = new List<string>();
        foreach (LayoutTable table in MarketLayout.Tables)
        {
            (string schema, string name) = tables.Parts(table.Name);
            if (await ExistsAsync(connection, schema, name, ct))
            {
                existing.Add(table.Name);
                continue;
            }

            await EnsureSchemaAsync(connection, schema, ct);
            await ExecuteAsync(connection, await CreateTableAsync(connection, tables, table, ct), ct);
            foreach (string index in table.Indexes)
                await ExecuteAsync(
                    connection,
                    $"CREATE INDEX ON {tables.Qualified(table.Name)} {tables.Sql(index)}",
                    ct
                );
            created.Add(table.Name);
        }

        IReadOnlyList<string> missing = await MissingColumnsAsync(connection, tables, ct);
        await transaction.CommitAsync(ct);
        return new MarketSchemaReport(created, existing, missing);
    }

    /// <summary>Tables and columns (<c>table</c>, <c>table.column</c>, names in use) that our reads need and the database lacks.</summary>
    public static async Task<IReadOnlyList<string>> MissingColumnsAsync(
        NpgsqlConnection connection,
        MarketTables tables,
        CancellationToken ct
    )
    {
        var missing = new List<string>();
        foreach (LayoutTable table in MarketLayout.Tables)
        {
            (string schema, string name) = tables.Parts(table.Name);
            var found = new HashSet<string>(StringComparer.Ordinal);
            await using (
                var command = new NpgsqlCommand(
                    "SELECT column_name::text FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2",
                    connection
                )
                {
                    Parameters =
                    {
                        new() { Value = schema },
                        new() { Value = name },
                    },
                }
            )
            await using (NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct))
            {
                while (await reader.ReadAsync(ct))
                    found.Add(reader.GetString(0));
            }

            if (found.Count == 0)
                missing.Add($"{schema}.{name}");
            else
                missing.AddRange(
                    table
                        .Columns.Where(c => c.Needed && !found.Contains(tables.ColumnName(table.Name, c.Name)))
                        .Select(c => $"{schema}.{name}.{tables.ColumnName(table.Name, c.Name)}")
                );
        }

        return missing;
    }

    private static async Task<string> CreateTableAsync(
        NpgsqlConnection connection,
        MarketTables tables,
        LayoutTable table,
        CancellationToken ct
    )
    {
        var lines = new List<string>();
        foreach (LayoutColumn column in table.Columns)
        {
            string self = tables.Column(table.Name, column.Name);
            string definition = column.Definition.Replace("{self}", self, StringComparison.Ordinal);
            lines.Add($"{self} {tables.Sql(definition)}");
        }

        lines.Add($"PRIMARY KEY ({string.Join(", ", table.PrimaryKey.Select(c => tables.Column(table.Name, c)))})");
        foreach (LayoutForeignKey key in table.ForeignKeys)
        {
            if (await HasUniqueColumnAsync(connection, tables, key, ct))
                lines.Add(
                    $"FOREIGN KEY ({tables.Column(table.Name, key.Column)}) REFERENCES {tables.Qualified(key.Table)} ({tables.Column(key.Table, key.TableColumn)})"
                );
        }

        return $"CREATE TABLE {tables.Qualified(table.Name)} (\n  {string.Join(",\n  ", lines)}\n)";
    }

    /// <summary>An existing relation may be a view or lack the unique key; then there is nothing to refer to.</summary>
    private static async Task<bool> HasUniqueColumnAsync(
        NpgsqlConnection connection,
        MarketTables tables,
        LayoutForeignKey key,
        CancellationToken ct
    )
    {
        (string schema, string name) = tables.Parts(key.Table);
        await using var command = new NpgsqlCommand(
            """
            SELECT EXISTS (
              SELECT 1
              FROM pg_index x
              JOIN pg_class c ON c.oid = x.indrelid
              JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[0]
              WHERE n.nspname = $1 AND c.relname = $2 AND a.attname = $3
                AND x.indisunique AND x.indnkeyatts = 1 AND x.indpred IS NULL)
            """,
            connection
        )
        {
            Parameters =
            {
                new() { Value = schema },
                new() { Value = name },
                new() { Value = tables.ColumnName(key.Table, key.TableColumn) },
            },
        };
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    private static async Task EnsureSchemaAsync(NpgsqlConnection connection, string schema, CancellationToken ct)
    {
        // CREATE SCHEMA IF NOT EXISTS would ask for the right to create one even where it exists.
        await using var command = new NpgsqlCommand(
            "SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1)",
            connection
        )
        {
            Parameters = { new() { Value = schema } },
        };
        if (!(bool)(await command.ExecuteScalarAsync(ct))!)
            await ExecuteAsync(connection, $"CREATE SCHEMA \"{schema}\"", ct);
    }

    private static async Task<bool> ExistsAsync(
        NpgsqlConnection connection,
        string schema,
        string name,
        CancellationToken ct
    )
    {
        await using var command = new NpgsqlCommand(
            "SELECT EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2)",
            connection
        )
        {
            Parameters =
            {
                new() { Value = schema },
                new() { Value = name },
            },
        };
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}

/// <summary>What <see cref="MarketSchema"/> did.</summary>
/// <param name="Created">Canonical names of the tables made now.</param>
/// <param name="Existing">Canonical names of the tables that were there and were left alone.</param>
/// <param name="Missing">Columns of existing tables that our reads need and do not find; configure their names.</param>
public sealed record MarketSchemaReport(
    IReadOnlyList<string> Created,
    IReadOnlyList<string> Existing,
    IReadOnlyList<string> Missing
);
