using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Prometheus.Synthetic.Storage.Journal;

/// <summary>The journal of messages. Thread-safe; several workers write to it at once.</summary>
public sealed class MessageJournal(NpgsqlDataSource dataSource)
{
    private const string Columns =
        "direction, message_type, message_id, natural_key, correlation_id, endpoint, body, outcome, detail, times, first_at, last_at";

    /// <summary>Hash by which two bodies of one message id are told apart.</summary>
    public static byte[] HashOf(string body) => SHA256.HashData(Encoding.UTF8.GetBytes(body));

    /// <summary>Records deliveries; one that is known is counted and takes the newer outcome.</summary>
    public async Task WriteAsync(IReadOnlyList<JournalEntry> entries, CancellationToken ct)
    {
        // One row a key, in one order everywhere: two workers with the same messages must not lock each other out.
        JournalEntry[] rows =
        [
            .. entries
                .GroupBy(e => (e.MessageType, e.MessageId, e.Direction))
                .Select(g => g.Last() with { Times = g.Sum(e => e.Times), FirstAt = g.Min(e => e.FirstAt) })
                .OrderBy(e => e.MessageType, StringComparer.Ordinal)
                .ThenBy(e => e.MessageId)
                .ThenBy(e => e.Direction),
        ];
        await using NpgsqlCommand insert = dataSource.CreateCommand(
            $"""
            INSERT INTO synthetic.message_journal AS j ({Columns}, body_hash)
            SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[],
              $8::text[], $9::text[], $10::integer[], $11::timestamptz[], $12::timestamptz[], $13::bytea[])
            ON CONFLICT (message_type, message_id, direction) DO UPDATE SET
              times = j.times + excluded.times, last_at = greatest(j.last_at, excluded.last_at),
              outcome = excluded.outcome, detail = excluded.detail,
              correlation_id = coalesce(excluded.correlation_id, j.correlation_id)
            """
        );
        Add(insert, NpgsqlDbType.Text, rows.Select(r => Name(r.Direction)));
        Add(insert, NpgsqlDbType.Text, rows.Select(r => r.MessageType));
        Add(insert, NpgsqlDbType.Uuid, rows.Select(r => r.MessageId));
        Add(insert, NpgsqlDbType.Text, rows.Select(r => r.NaturalKey));
        Add(insert, NpgsqlDbType.Uuid, rows.Select(r => r.CorrelationId));
        Add(insert, NpgsqlDbType.Text, rows.Select(r => r.Endpoint));
        Add(insert, NpgsqlDbType.Text, rows.Select(r => r.Body));
        Add(insert, NpgsqlDbType.Text, rows.Select(r => r.Outcome));
        Add(insert, NpgsqlDbType.Text, rows.Select(r => r.Detail));
        Add(insert, NpgsqlDbType.Integer, rows.Select(r => r.Times));
        Add(insert, NpgsqlDbType.TimestampTz, rows.Select(r => r.FirstAt));
        Add(insert, NpgsqlDbType.TimestampTz, rows.Select(r => r.LastAt));
        Add(insert, NpgsqlDbType.Bytea, rows.Select(r => HashOf(r.Body)));
        await insert.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// Takes in an event of another team before it is handled. Returns the body that came first under its id when that
    /// differs; null when the id is new or the content the same.
    /// </summary>
    public async Task<string?> ReceiveAsync(JournalEntry entry, CancellationToken ct)
    {
        await using NpgsqlCommand insert = dataSource.CreateCommand(
            $"""
            INSERT INTO synthetic.message_journal AS j ({Columns}, body_hash)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            ON CONFLICT (message_type, message_id, direction) DO UPDATE SET
              times = j.times + 1, last_at = greatest(j.last_at, excluded.last_at)
            RETURNING CASE WHEN j.body_hash = $13 THEN NULL ELSE j.body END
            """
        );
        insert.Parameters.Add(new() { Value = Name(entry.Direction) });
        insert.Parameters.Add(new() { Value = entry.MessageType });
        insert.Parameters.Add(new() { Value = entry.MessageId });
        insert.Parameters.Add(new() { Value = entry.NaturalKey });
        insert.Parameters.Add(OrNull(entry.CorrelationId, NpgsqlDbType.Uuid));
        insert.Parameters.Add(new() { Value = entry.Endpoint });
        insert.Parameters.Add(new() { Value = entry.Body });
        insert.Parameters.Add(new() { Value = entry.Outcome });
        insert.Parameters.Add(OrNull(entry.Detail, NpgsqlDbType.Text));
        insert.Parameters.Add(new() { Value = entry.Times });
        insert.Parameters.Add(new() { Value = entry.FirstAt.ToUniversalTime() });
        insert.Parameters.Add(new() { Value = entry.LastAt.ToUniversalTime() });
        insert.Parameters.Add(new() { Value = HashOf(entry.Body) });
        return await insert.ExecuteScalarAsync(ct) as string;
    }

    /// <summary>Says what became of an event that was taken in.</summary>
    public async Task ConcludeAsync(
        string messageType,
        Guid messageId,
        string outcome,
        string? detail,
        Guid? correlationId,
        CancellationToken ct
    )
    {
        await using NpgsqlCommand update = dataSource.CreateCommand(
            """
            UPDATE synthetic.message_journal SET outcome = $3, detail = $4, correlation_id = coalesce($5, correlation_id)
            WHERE message_type = $1 AND message_id = $2 AND direction = 'CONSUMED'
            """
        );
        update.Parameters.Add(new() { Value = messageType });
        update.Parameters.Add(new() { Value = messageId });
        update.Parameters.Add(new() { Value = outcome });
        update.Parameters.Add(OrNull(detail, NpgsqlDbType.Text));
        update.Parameters.Add(OrNull(correlationId, NpgsqlDbType.Uuid));
        await update.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Entries that match, in the order in which they first came.</summary>
    public async Task<IReadOnlyList<JournalEntry>> FindAsync(JournalFilter filter, CancellationToken ct)
    {
        await using NpgsqlCommand select = dataSource.CreateCommand(
            $"""
            SELECT {Columns} FROM (
              SELECT * FROM synthetic.message_journal
              WHERE ($1::timestamptz IS NULL OR first_at >= $1) AND ($2::timestamptz IS NULL OR first_at < $2)
                AND ($3::text[] IS NULL OR message_type = ANY ($3)) AND ($4::text IS NULL OR direction = $4)
                AND ($5::uuid IS NULL OR message_id = $5 OR correlation_id = $5)
              ORDER BY first_at DESC, message_id LIMIT $6) newest
            ORDER BY first_at, message_id
            """
        );
        select.Parameters.Add(OrNull(filter.From?.ToUniversalTime(), NpgsqlDbType.TimestampTz));
        select.Parameters.Add(OrNull(filter.To?.ToUniversalTime(), NpgsqlDbType.TimestampTz));
        select.Parameters.Add(OrNull(filter.Types?.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text));
        select.Parameters.Add(OrNull(filter.Direction is { } d ? Name(d) : null, NpgsqlDbType.Text));
        select.Parameters.Add(OrNull(filter.Id, NpgsqlDbType.Uuid));
        select.Parameters.Add(new() { Value = filter.Limit });
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct);
        var entries = new List<JournalEntry>();
        while (await reader.ReadAsync(ct))
            entries.Add(Read(reader));
        return entries;
    }

    /// <summary>Removes what was last seen before <paramref name="before"/>; returns how many rows.</summary>
    public async Task<int> PruneAsync(DateTimeOffset before, CancellationToken ct)
    {
        await using NpgsqlCommand delete = dataSource.CreateCommand(
            "DELETE FROM synthetic.message_journal WHERE last_at < $1"
        );
        delete.Parameters.Add(new() { Value = before.ToUniversalTime() });
        return await delete.ExecuteNonQueryAsync(ct);
    }

    private static JournalEntry Read(NpgsqlDataReader row) =>
        new(
            row.GetString(0) == "CONSUMED" ? JournalDirection.Consumed : JournalDirection.Published,
            row.GetString(1),
            row.GetGuid(2),
            row.GetString(3),
            row.IsDBNull(4) ? null : row.GetGuid(4),
            row.GetString(5),
            row.GetString(6),
            row.GetString(7),
            row.IsDBNull(8) ? null : row.GetString(8),
            row.GetInt32(9),
            row.GetFieldValue<DateTimeOffset>(10),
            row.GetFieldValue<DateTimeOffset>(11)
        );

    private static string Name(JournalDirection direction) =>
        direction == JournalDirection.Consumed ? "CONSUMED" : "PUBLISHED";

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, IEnumerable<T> values) =>
        command.Parameters.Add(new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });

    private static NpgsqlParameter OrNull(object? value, NpgsqlDbType type) =>
        new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}

/// <summary>Which entries; null members do not narrow.</summary>
/// <param name="From">First seen at or after.</param>
/// <param name="To">First seen before.</param>
/// <param name="Id">Message id or correlation id.</param>
/// <param name="Limit">At most so many, the newest.</param>
public sealed record JournalFilter(
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    IReadOnlyList<string>? Types = null,
    JournalDirection? Direction = null,
    Guid? Id = null,
    int Limit = 1_000
);
