using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Adversarial;

namespace Prometheus.Synthetic.Scenarios.Tests.Adversarial;

public sealed class LossComparisonTests
{
    [Fact]
    public void Known_differences_give_known_statistics()
    {
        // Differences 1, 2, 3, 4 hundredths: mean 2.5, deviation 1.2910, error 0.6455, t = √15 = 3.8730.
        JsonObject all = LossComparison.Of([
            new PathLoss(0, "a", 0.2, 0.11, 0.10),
            new PathLoss(0, "a", 0.2, 0.12, 0.10),
            new PathLoss(1, "b", 0.2, 0.13, 0.10),
            new PathLoss(1, "b", 0.2, 0.14, 0.10),
        ]);
        Assert.Equal(0.125, (double)all["mean_targets"]!, 1e-12);
        Assert.Equal(1.25, (double)all["ratio"]!, 1e-12);
        Assert.Equal(2.0, (double)all["attacked_against_market"]!["ratio"]!, 1e-12);
        // All attacked paths lose the same: there is no error to measure them by.
        Assert.Null(all["attacked_against_market"]!["t"]);
        JsonNode targets = all["targets_against_market"]!;
        Assert.Equal(Math.Sqrt(15), (double)targets["t"]!, 1e-9);
        // Student's t of three degrees of freedom, P(T > t) = ½ − (θ + sin θ cos θ)/π with tan θ = t/√3.
        double angle = Math.Atan(Math.Sqrt(5));
        Assert.Equal(0.5 - (angle + Math.Sin(angle) * Math.Cos(angle)) / Math.PI, (double)targets["p_value"]!, 1e-12);
        // Two attacks whose sums of deviations are −2 and 2 hundredths: √(8·2/1)/4 = 1 hundredth; t = 2.5, Cauchy tail.
        Assert.Equal(0.01, (double)targets["standard_error_by_attack"]!, 1e-12);
        Assert.Equal(2.5, (double)targets["t_by_attack"]!, 1e-9);
        Assert.Equal(0.5 - Math.Atan(2.5) / Math.PI, (double)targets["p_value_by_attack"]!, 1e-12);
        Assert.Equal(4, (int)all["paths_where_targets_lose_more"]!);
        JsonNode first = all["by_template"]![0]!;
        Assert.Equal(("a", 2), ((string)first["template"]!, (int)first["paths"]!));
        Assert.Equal(0.015, (double)first["targets_against_market"]!["mean_difference"]!, 1e-12);
    }

    [Fact]
    public void What_has_no_answer_has_none()
    {
        JsonObject one = LossComparison.Of([new PathLoss(0, "a", 0.3, 0.2, -0.1)]);
        Assert.Null(one["ratio"]);
        JsonNode targets = one["targets_against_market"]!;
        Assert.Null(targets["ratio"]);
        Assert.Null(targets["t"]);
        Assert.Null(targets["p_value_by_attack"]);
        Assert.Equal(0.3, (double)targets["mean_difference"]!, 1e-12);
    }
}
