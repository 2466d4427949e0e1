using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Scenarios.Factors.Model;

/// <summary>Which exposures a set is built on.</summary>
/// <param name="ModelId"><c>factor_model_id</c>: a row of the model registry, or null for <c>estimated</c>.</param>
/// <param name="Factors"><c>factors</c>: the factor ids; null for all of the model, or all with history.</param>
/// <param name="MacroIds"><c>macro_ids</c>: macro series drawn and stored beside the factors.</param>
/// <param name="MacroAsFactors">Whether instruments are regressed on the macro series too.</param>
public sealed record FactorModelSpec(
    string? ModelId,
    IReadOnlyList<string>? Factors,
    IReadOnlyList<string> MacroIds,
    bool MacroAsFactors,
    Shrinkage Shrinkage,
    MissingExposure Missing
)
{
    /// <summary>The <c>factor_model_id</c> that asks for a regression instead of registered exposures.</summary>
    public const string Estimated = "estimated";

    /// <param name="top">The generator spec.</param>
    /// <param name="model">Its object <c>factor_model</c>, null when absent.</param>
    internal static FactorModelSpec Read(SpecReader top, SpecReader? model)
    {
        string id = top.OptionalText("factor_model_id") ?? Estimated;
        IReadOnlyList<string>? factors = Ids(top, "factors");
        if (factors is { Count: 0 })
            top.Refuse(ErrorCodes.OutOfRange, "factors", "is empty; name at least one factor or leave it out for all");
        IReadOnlyList<string> macros = Ids(top, "macro_ids") ?? [];
        bool macroAsFactors = model?.Flag("macro_as_factors", false) ?? false;
        if (macroAsFactors && macros.Count == 0)
            model!.Refuse(ErrorCodes.Missing, "macro_as_factors", "is true but macro_ids names no series; name some");
        if (macroAsFactors && id != Estimated)
            model!.Refuse(
                ErrorCodes.Conflict,
                "macro_as_factors",
                $"registered exposures of '{id}' are to factors only; use factor_model_id 'estimated' or leave it out"
            );
        Shrinkage shrinkage = model?.Choice("shrinkage", "auto", "auto", "ledoit_wolf", "none") switch
        {
            "ledoit_wolf" => Shrinkage.LedoitWolf,
            "none" => Shrinkage.None,
            _ => Shrinkage.Auto,
        };
        MissingExposure missing = model?.Choice(
            "missing_exposure",
            "refuse",
            "refuse",
            "estimate",
            "zero",
            "drop"
        ) switch
        {
            "estimate" => MissingExposure.Estimate,
            "zero" => MissingExposure.Zero,
            "drop" => MissingExposure.Drop,
            _ => MissingExposure.Refuse,
        };
        return new FactorModelSpec(id == Estimated ? null : id, factors, macros, macroAsFactors, shrinkage, missing);
    }

    private static IReadOnlyList<string>? Ids(SpecReader reader, string key)
    {
        IReadOnlyList<string>? ids = reader.OptionalTexts(key, 1_000);
        foreach (
            string twice in (ids ?? [])
                .GroupBy(x => x, StringComparer.Ordinal)
                .Where(g => g.Skip(1).Any())
                .Select(g => g.Key)
        )
            reader.Refuse(ErrorCodes.Conflict, key, $"'{twice}' is given twice; keep one");
        return ids;
    }
}
