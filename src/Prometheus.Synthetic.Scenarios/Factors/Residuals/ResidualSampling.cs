using Prometheus.Synthetic.Scenarios.Dependence;
using Prometheus.Synthetic.Scenarios.Factors.Sampling;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Sampling;
using Prometheus.Synthetic.Scenarios.Tails.Margins;

namespace Prometheus.Synthetic.Scenarios.Factors.Residuals;

/// <summary><c>residuals.sampling</c>: how residuals are drawn. One record per method; a new method is one more.</summary>
public abstract record ResidualSampling
{
    /// <summary>Fits the method to the sample.</summary>
    /// <exception cref="Errors.ScenarioRefusedException">The sample cannot carry it.</exception>
    public abstract IResidualSampler Fit(ResidualSample sample);

    /// <param name="reader">The object as the caller wrote it; null for the default, independent days per instrument.</param>
    /// <param name="path">Where it stands in the request.</param>
    public static ResidualSampling Parse(SpecReader? reader, string path)
    {
        string method =
            reader?.Choice("method", "independent", "independent", "rows", "normal", "student_t", "margins", "copula")
            ?? "independent";
        ResidualSampling sampling = method switch
        {
            "rows" => new RowResiduals(BlockSampling.Read(reader, path)),
            "normal" => new NormalResiduals(),
            "student_t" => new StudentResiduals(
                FactorSampling.ReadDegreesOfFreedom(reader!),
                $"{path}.degrees_of_freedom"
            ),
            "margins" => new MarginResiduals(MarginSpec.Read(reader!.OptionalObject("margins"), $"{path}.margins")),
            "copula" => new CopulaResiduals(
                MarginSpec.Read(reader!.OptionalObject("margins"), $"{path}.margins"),
                CopulaSpec.Read(reader.OptionalObject("copula"), $"{path}.copula")
            ),
            _ => new IndependentResiduals(),
        };
        reader?.Finish();
        return sampling;
    }
}
