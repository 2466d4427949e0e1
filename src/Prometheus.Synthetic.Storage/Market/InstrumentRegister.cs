using Npgsql;
using NpgsqlTypes;

namespace Prometheus.Synthetic.Storage.Market;

/// <summary>Which instruments the platform knows.</summary>
public sealed class InstrumentRegister(NpgsqlDataSource source, MarketTables tables)
{
    /// <summary>Market by instrument of those among <paramref name="ids"/> that are known; null where the table is not in this database.</summary>
    public async Task<IReadOnlyDictionary<string, string>?> MarketsAsync(
        IReadOnlyCollection<string> ids,
        CancellationToken ct
    )
    {
        await using NpgsqlCommand exists = source.CreateCommand("SELECT to_regclass($1) IS NOT NULL");
        exists.Parameters.Add(new() { Value = tables.Qualified("instruments") });
        if (!(bool)(await exists.ExecuteScalarAsync(ct))!)
            return null;
        await using NpgsqlCommand select = source.CreateCommand(
            tables.Sql(
                "SELECT {instruments.instrument_id}, {instruments.market_id} FROM {instruments} WHERE {instruments.instrument_id} = ANY ($1)"
            )
        );
        select.Parameters.Add(new() { Value = ids.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct);
        var markets = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
            markets[reader.GetString(0)] = reader.GetString(1);
        return markets;
    }
}
