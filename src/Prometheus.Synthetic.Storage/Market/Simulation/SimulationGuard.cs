using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using NpgsqlTypes;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Storage.Market.Simulation;

/// <summary>Refuses a simulation that would overwrite rows or leave another simulated market on foreign factors.</summary>
internal sealed class SimulationGuard(NpgsqlConnection connection, MarketTables tables)
{
    /// <returns>Whether the tables already hold the factors, macro series and regimes of this very world.</returns>
    public async Task<bool> CheckAsync(
        MarketSimulationOptions options,
        string[] markets,
        string specification,
        CancellationToken ct
    )
    {
        string? stored = await TextAsync(
            "SELECT {models.training_data_spec}::text FROM {models} WHERE {models.model_id} = $1",
            MarketSimulator.FactorModelId,
            ct
        );
        bool same = stored is not null && JsonNode.DeepEquals(JsonNode.Parse(stored), JsonNode.Parse(specification));
        var errors = new List<FieldError>();
        string[] others = await OtherSimulatedAsync(markets, ct);
        if (stored is not null && !same && others.Length > 0)
            errors.Add(
                new(
                    ErrorCodes.Conflict,
                    "--market",
                    $"{string.Join(", ", others)} hold a simulation of other seed, years or end, whose factors this one would replace; simulate them together, or take {Known(stored)}"
                )
            );
        if (!options.Replace)
        {
            string[] full = await NamesAsync(
                "SELECT DISTINCT {instruments.market_id} FROM {instruments} WHERE {instruments.market_id} = ANY($1) ORDER BY 1",
                markets,
                ct
            );
            if (full.Length > 0)
                errors.Add(
                    new(
                        ErrorCodes.Conflict,
                        "--market",
                        $"{string.Join(", ", full)} {(full.Length == 1 ? "holds" : "hold")} instruments already; name other markets, or --replace them with their history"
                    )
                );
            if (stored is null)
                await RefuseForeignAsync(errors, ct);
            else if (!same && others.Length == 0 && full.Length == 0)
                errors.Add(
                    new(
                        ErrorCodes.Conflict,
                        "--seed",
                        $"factors and macro series are those of another simulation ({Known(stored)}); --replace writes them anew"
                    )
                );
        }

        if (errors.Count > 0)
            throw new ScenarioRefusedException(errors);
        return same && others.Length > 0;
    }

    private async Task RefuseForeignAsync(List<FieldError> errors, CancellationToken ct)
    {
        string[] factors = await NamesAsync(
            "SELECT DISTINCT {factors_daily.factor_id} FROM {factors_daily} WHERE {factors_daily.factor_id} = ANY($1) ORDER BY 1",
            FactorPaths.Ids,
            ct
        );
        string[] macro = await NamesAsync(
            "SELECT DISTINCT {macro_time_series.series_id} FROM {macro_time_series} WHERE {macro_time_series.series_id} = ANY($1) ORDER BY 1",
            MacroPaths.Ids,
            ct
        );
        foreach ((string what, string[] ids) in new[] { ("factors", factors), ("macro series", macro) })
        {
            if (ids.Length > 0)
                errors.Add(
                    new(
                        ErrorCodes.Conflict,
                        "--replace",
                        $"the {what} {string.Join(", ", ids)} hold rows that no simulation wrote; --replace removes them first"
                    )
                );
        }
    }

    private Task<string[]> OtherSimulatedAsync(string[] markets, CancellationToken ct) =>
        NamesAsync(
            "SELECT {markets.market_id} FROM {markets} WHERE {markets.metadata} ? 'simulation' AND NOT {markets.market_id} = ANY($1) ORDER BY 1",
            markets,
            ct
        );

    private static string Known(string specification)
    {
        JsonElement root = JsonDocument.Parse(specification).RootElement;
        return $"--seed {root.GetProperty("seed").GetString()} --years {root.GetProperty("years").GetInt32()} --end {root.GetProperty("end").GetString()}";
    }

    private async Task<string?> TextAsync(string template, string parameter, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(tables.Sql(template), connection)
        {
            Parameters = { MarketWriter.Text(parameter) },
        };
        return await command.ExecuteScalarAsync(ct) as string;
    }

    private async Task<string[]> NamesAsync(string template, string[] parameter, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(tables.Sql(template), connection)
        {
            Parameters =
            {
                new() { Value = parameter, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            },
        };
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        var names = new List<string>();
        while (await reader.ReadAsync(ct))
            names.Add(reader.GetString(0));
        return [.. names];
    }
}
