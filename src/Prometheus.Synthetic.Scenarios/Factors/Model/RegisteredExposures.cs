using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Factors.Model;

/// <summary>Exposures of the registry as of the date, with what is missing resolved by the stated policy.</summary>
/// <param name="Instruments">Panel columns of the instruments that are kept.</param>
/// <param name="Factors">Panel columns of the model's factors.</param>
/// <param name="Values">Kept instruments × factors.</param>
/// <param name="Estimate">The instruments whose exposures are to be estimated instead.</param>
internal sealed record RegisteredExposures(int[] Instruments, int[] Factors, double[] Values, bool[] Estimate)
{
    private const int Named = 20;

    public static RegisteredExposures Of(
        CalibrationSnapshot snapshot,
        int[] instruments,
        int[] factors,
        FactorModelSpec spec,
        JsonObject report
    )
    {
        FactorExposures exposures =
            snapshot.Exposures
            ?? throw new ScenarioRefusedException(
                ErrorCodes.MissingExposure,
                "generator_spec.factor_model_id",
                $"the calibration data hold no exposures of '{spec.ModelId}'; run the factor model or use 'estimated'"
            );
        report["exposure_date"] = exposures.ExposureDate.ToString("yyyy-MM-dd");
        int given = factors.Length;
        double At(int i, int f) => exposures.Values[i * given + f];

        // A factor to which nobody has an exposure is not of this model, unless it was named.
        int[] used =
        [
            .. Enumerable
                .Range(0, given)
                .Where(f =>
                    spec.Factors is not null
                    || Enumerable.Range(0, instruments.Length).Any(i => !double.IsNaN(At(i, f)))
                ),
        ];
        ShockPanel panel = snapshot.Panel;
        report["factors_without_exposures"] = new JsonArray([
            .. Enumerable.Range(0, given).Except(used).Select(f => (JsonNode)panel.Drivers[factors[f]].Id),
        ]);
        bool[] incomplete = [.. instruments.Select((_, i) => used.Any(f => double.IsNaN(At(i, f))))];
        if (spec.Missing == MissingExposure.Refuse)
            Refuse(panel, instruments, factors, used, incomplete, At);

        int[] kept =
        [
            .. Enumerable
                .Range(0, instruments.Length)
                .Where(i => spec.Missing != MissingExposure.Drop || !incomplete[i]),
        ];
        if (kept.Length == 0)
            throw new ScenarioRefusedException(
                ErrorCodes.MissingExposure,
                "generator_spec.factor_model.missing_exposure",
                $"'drop' leaves no instrument: all {instruments.Length} lack an exposure to {string.Join(", ", used.Select(f => panel.Drivers[factors[f]].Id))}; register exposures or use 'estimate'"
            );
        double[] values = new double[kept.Length * used.Length];
        for (int k = 0; k < kept.Length; k++)
        {
            for (int f = 0; f < used.Length; f++)
            {
                double value = At(kept[k], used[f]);
                values[k * used.Length + f] = double.IsNaN(value) ? 0.0 : value;
            }
        }

        report["missing_exposure"] = new JsonObject
        {
            ["policy"] = spec.Missing.ToString().ToLowerInvariant(),
            ["instruments"] = new JsonArray([
                .. Enumerable
                    .Range(0, instruments.Length)
                    .Where(i => incomplete[i])
                    .Select(i => (JsonNode)panel.Drivers[instruments[i]].Id),
            ]),
        };
        return new RegisteredExposures(
            [.. kept.Select(i => instruments[i])],
            [.. used.Select(f => factors[f])],
            values,
            [.. kept.Select(i => incomplete[i] && spec.Missing == MissingExposure.Estimate)]
        );
    }

    private static void Refuse(
        ShockPanel panel,
        int[] instruments,
        int[] factors,
        int[] used,
        bool[] incomplete,
        Func<int, int, double> at
    )
    {
        int[] lacking = [.. Enumerable.Range(0, instruments.Length).Where(i => incomplete[i])];
        if (lacking.Length == 0)
            return;
        var errors = lacking
            .Take(Named)
            .Select(i => new FieldError(
                ErrorCodes.MissingExposure,
                panel.Drivers[instruments[i]].Id,
                $"has no registered exposure to {string.Join(", ", used.Where(f => double.IsNaN(at(i, f))).Select(f => panel.Drivers[factors[f]].Id))}; register it, exclude the instrument, or set factor_model.missing_exposure to estimate, zero or drop"
            ))
            .ToList();
        if (lacking.Length > Named)
            errors.Add(
                new FieldError(
                    ErrorCodes.MissingExposure,
                    "generator_spec.factor_model_id",
                    $"{lacking.Length} of {instruments.Length} instruments lack an exposure; {Named} are named"
                )
            );
        throw new ScenarioRefusedException(errors);
    }
}
