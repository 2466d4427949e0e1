using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Scenarios.Regulatory;

/// <summary>The <c>generator_spec</c> of a regulatory or named set.</summary>
/// <param name="Definition"><c>definition</c>: a name (NAME or NAME@VERSION), embedded by the engine; null while it is only named.</param>
/// <param name="FromPeriod">Periods before the first one wanted: <c>from_quarter</c> less the first quarter.</param>
/// <param name="Periods"><c>quarters</c>: how many; null for all that remain.</param>
/// <param name="Noise"><c>noise</c>: day-to-day noise of paths after the first, as a share of calibration volatility, 0..2.</param>
/// <param name="Measured"><c>measured</c>: auto, always or never take a crisis' days from history.</param>
public sealed record RegulatorySpec(
    ScenarioDefinition? Definition,
    int FromPeriod,
    int? Periods,
    double Noise,
    string Measured
) : IGeneratorSpec
{
    public const string DefinitionKey = "definition";

    public DataNeeds Needs =>
        new()
        {
            MacroIdsWherePresent =
            [
                .. (Definition?.Series ?? []).Select(s => s.PanelId).OfType<string>().Distinct(StringComparer.Ordinal),
            ],
        };

    /// <exception cref="ScenarioRefusedException">Everything wrong with it, at once.</exception>
    public static RegulatorySpec Parse(JsonElement? generatorSpec)
    {
        var reader = new SpecReader("generator_spec", generatorSpec);
        if (!reader.Has(DefinitionKey))
            reader.Refuse(
                ErrorCodes.Missing,
                DefinitionKey,
                "is missing; name a definition, 'definitions list' shows them"
            );
        ScenarioDefinition? definition = EmbeddedDefinition.Read(reader, DefinitionKey, ScenarioDefinition.Parse);
        int from = 0;
        string? quarter = reader.OptionalText("from_quarter");
        if (quarter is not null && definition is not null)
        {
            from =
                Quarter.TryParse(quarter) is { } q && definition.StartQuarter is { } start
                    ? q.Number - start.Number - 1
                    : -1;
            if (from < 0 || from >= definition.Periods)
                reader.Refuse(
                    ErrorCodes.OutOfRange,
                    "from_quarter",
                    definition.StartQuarter is { } s
                        ? $"'{quarter}' is outside {new Quarter(s.Number + 1)}..{new Quarter(s.Number + definition.Periods)}"
                        : "the definition is daily, not quarterly; leave the key out"
                );
        }

        int? periods = reader.OptionalInteger("quarters", 1, GenerationShape.MaxHorizonDays);
        if (definition is not null && periods > definition.Periods - from)
            reader.Refuse(
                ErrorCodes.OutOfRange,
                "quarters",
                $"{periods} is more than the {definition.Periods - from} that the definition has from there"
            );
        double noise = reader.Number("noise", 0.5, 0.0, 2.0);
        string measured = reader.Choice("measured", "auto", "auto", "always", "never");
        reader.Finish();
        reader.ThrowIfRefused();
        return new RegulatorySpec(definition, from, periods, noise, measured);
    }
}
