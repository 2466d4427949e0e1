using Prometheus.Synthetic.Scenarios.Dependence;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Sampling;
using Prometheus.Synthetic.Scenarios.Tails.Margins;

namespace Prometheus.Synthetic.Scenarios.Factors.Sampling;

/// <summary><c>factor_model.sampling</c>: how factor shocks are drawn. One record per method; a new method is one more.</summary>
public abstract record FactorSampling
{
    /// <summary>Fits the method to the sample.</summary>
    /// <exception cref="Errors.ScenarioRefusedException">The sample cannot carry it.</exception>
    public abstract IFactorSampler Fit(FactorSample sample);

    /// <param name="reader">The object as the caller wrote it; null for the default, historical days in blocks.</param>
    /// <param name="path">Where it stands in the request.</param>
    public static FactorSampling Parse(SpecReader? reader, string path)
    {
        string method =
            reader?.Choice("method", "historical", "historical", "normal", "student_t", "copula") ?? "historical";
        FactorSampling sampling = method switch
        {
            "normal" => new NormalFactors(),
            "student_t" => new StudentFactors(ReadDegreesOfFreedom(reader!), $"{path}.degrees_of_freedom"),
            "copula" => new CopulaFactors(
                MarginSpec.Read(reader!.OptionalObject("margins"), $"{path}.margins"),
                CopulaSpec.Read(reader.OptionalObject("copula"), $"{path}.copula")
            ),
            _ => new HistoricalFactors(BlockSampling.Read(reader, path)),
        };
        reader?.Finish();
        return sampling;
    }

    /// <summary>
    /// ν in (2, 200]: the variance must exist, and above 200 the distribution is normal for any purpose here. Null when
    /// it is to be estimated.
    /// </summary>
    internal static double? ReadDegreesOfFreedom(SpecReader reader) =>
        reader.OptionalNumber("degrees_of_freedom", 2.05, 200);
}
