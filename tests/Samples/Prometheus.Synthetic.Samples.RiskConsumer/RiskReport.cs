using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace Prometheus.Synthetic.Samples.RiskConsumer;

/// <summary>The risk of one portfolio under one scenario set.</summary>
public sealed record RiskReport(
    Guid ScenarioSetId,
    string Name,
    string PortfolioName,
    int Instruments,
    RiskMeasures Risk
)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
    };

    /// <exception cref="InvalidOperationException">The set is unknown, or lacks an instrument of the portfolio.</exception>
    public static async Task<RiskReport> OfAsync(
        NpgsqlDataSource database,
        Guid set,
        Portfolio? portfolio,
        CancellationToken ct
    )
    {
        var tables = new ScenarioTables(database);
        string name =
            await tables.NameAsync(set, ct)
            ?? throw new InvalidOperationException($"{set} is not a sealed scenario set");
        IReadOnlyList<string> covered = await tables.InstrumentsAsync(set, ct);
        if (covered.Count == 0)
            throw new InvalidOperationException($"{name} has no paths of instruments");
        portfolio ??= Portfolio.EqualWeight(covered);
        string[] absent = [.. portfolio.Weights.Keys.Except(covered, StringComparer.Ordinal)];
        if (absent.Length > 0)
            throw new InvalidOperationException($"{name} does not cover {string.Join(", ", absent)}");
        string[] held = [.. portfolio.Weights.Keys];
        List<double> pnl = await PathPnl.OfAsync(tables.CellsAsync(set, held, ct), portfolio.Weights);
        return new(set, name, portfolio.Name, held.Length, RiskMeasures.Of(pnl));
    }

    public string ToJson() => JsonSerializer.Serialize(this, s_json);

    /// <summary>One line.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Name}: {PortfolioName} of {Instruments} instruments, {Risk.Scenarios} scenarios: P&L mean {Risk.Mean:+0.00%;-0.00%}, sd {Risk.StandardDeviation:0.00%}, worst {Risk.Worst:+0.00%;-0.00%}, median {Risk.Median:+0.00%;-0.00%}, best {Risk.Best:+0.00%;-0.00%}; VaR95 {Risk.Var95:0.00%}, ES95 {Risk.Es95:0.00%}"
        );
}
