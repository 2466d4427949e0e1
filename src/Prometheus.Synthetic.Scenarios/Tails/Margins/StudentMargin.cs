using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Tails.Margins;

/// <summary>A fitted location-scale Student-t.</summary>
public sealed class StudentMargin : IMargin
{
    private readonly StudentFit _fit;
    private readonly StudentT _t;
    private readonly EvenGrid _values;

    public StudentMargin(StudentFit fit)
    {
        _fit = fit;
        _t = new StudentT(fit.DegreesOfFreedom);
        _values = StudentTable.Values(_t, 32);
    }

    public StudentFit Fit => _fit;

    public double Cdf(double x) =>
        Math.Clamp(_t.Cdf((x - _fit.Location) / _fit.Scale), double.Epsilon, Uniforms.Largest);

    /// <summary>By table through the normal score; relative error of the standardised value below 1e-6.</summary>
    public double Quantile(double u) => OfScore(StandardNormal.Quantile(u));

    public void Transform(Span<double> uniforms, int stride)
    {
        if (stride == 1)
        {
            StandardNormal.QuantilesInPlace(uniforms);
            for (int i = 0; i < uniforms.Length; i++)
                uniforms[i] = OfScore(uniforms[i]);
            return;
        }

        for (int i = 0; i < uniforms.Length; i += stride)
            uniforms[i] = Quantile(uniforms[i]);
    }

    public JsonObject Describe()
    {
        var report = new JsonObject
        {
            ["kind"] = "student_t",
            ["degrees_of_freedom"] = _fit.DegreesOfFreedom,
            ["location"] = _fit.Location,
            ["scale"] = _fit.Scale,
        };
        if (_fit.AtBound is { } bound)
            report["warning"] =
                bound == "upper"
                    ? $"degrees of freedom at the upper bound {StudentFit.HighestDegreesOfFreedom}: normal for any purpose here"
                    : $"degrees of freedom at the lower bound {StudentFit.LowestDegreesOfFreedom}: the tail may be heavier than a finite variance allows";
        return report;
    }

    private double OfScore(double z) =>
        _fit.Location + _fit.Scale * Math.CopySign(_values.At(Math.Min(Math.Abs(z), NormalTable.Limit)), z);
}
