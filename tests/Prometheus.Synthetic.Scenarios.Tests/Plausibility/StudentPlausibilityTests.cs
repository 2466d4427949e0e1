using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Plausibility;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Tests.Plausibility;

public sealed class StudentPlausibilityTests
{
    /// <summary>Upper critical values of F(d, ν) (NIST/SEMATECH e-Handbook, section 1.3.6.7.3), 3 decimals.</summary>
    [Theory]
    [InlineData(1, 10, 4.965, 0.05)]
    [InlineData(5, 10, 3.326, 0.05)]
    [InlineData(10, 10, 2.978, 0.05)]
    [InlineData(5, 20, 4.103, 0.01)]
    [InlineData(2, 5, 13.274, 0.01)]
    public void Tail_and_radius_agree_with_the_printed_table(int dimension, int degrees, double critical, double tail)
    {
        // F = D²·ν/((ν − 2)·d), so D = √(F·d·(ν − 2)/ν).
        double distance = Math.Sqrt(critical * dimension * (degrees - 2.0) / degrees);
        // Half a unit of the last printed digit, times a density of at most 0.03 there.
        Assert.Equal(tail, PlausibilityLevel.StudentTail(dimension, degrees, distance), 2e-5);
        double radius = PlausibilityLevel.StudentRadius(dimension, degrees, 1 - tail);
        Assert.Equal(critical, radius * radius * degrees / ((degrees - 2.0) * dimension), 6e-4);
    }

    [Fact]
    public void In_two_dimensions_the_tail_is_a_power()
    {
        foreach (double nu in new[] { 2.5, 4.0, 30.0 })
        {
            foreach (double d in new[] { 0.1, 1.0, 4.0, 9.0 })
                Assert.Equal(
                    Math.Pow(1 + d * d / (nu - 2), -nu / 2),
                    PlausibilityLevel.StudentTail(2, nu, d),
                    1e-12
                );
        }
    }

    [Fact]
    public void One_dimension_is_students_own_and_many_degrees_are_normal()
    {
        var t = new StudentT(4);
        foreach (double d in new[] { 0.5, 2.0, 6.0 })
        {
            Assert.Equal(t.Tail(d * Math.Sqrt(2.0)), PlausibilityLevel.OneDimensionalStudentTail(4, d), 1e-13);
            double normal = PlausibilityLevel.ChiSquareTail(7, d);
            // F(d, ν) nears χ² with error of order d²/ν.
            Assert.Equal(normal, PlausibilityLevel.StudentTail(7, 1e7, d), 1e-5);
        }
    }

    [Theory]
    [InlineData(3.0)]
    [InlineData(5.0)]
    [InlineData(12.0)]
    public void The_degrees_of_freedom_of_simulated_days_are_found_again(double nu)
    {
        const int days = 4000;
        const int d = 6;
        var stream = new PhiloxStream(17);
        double[] data = new double[days * d];
        double[] z = new double[d];
        for (int t = 0; t < days; t++)
        {
            stream.FillNormals(z, 0, t, DrawPurpose.Residual);
            double w = ChiSquare(nu, stream.Uniform(1, t, DrawPurpose.Residual));
            double scale = 0.01 * Math.Sqrt(nu / w);
            for (int k = 0; k < d; k++)
                data[t * d + k] = scale * (z[k] + 0.5 * z[0]);
        }

        var metric = new CalibrationMetric(
            ["a", "b", "c", "d", "e", "f"],
            [.. Enumerable.Range(0, days).Select(t => new DateOnly(2010, 1, 1).AddDays(t))],
            data
        );
        // One draw of W a day carries the information: the error of ν over 4,000 days is about 3 % at 3, 6 % at 12, and
        // the sample's covariance, with infinite fourth moments at ν ≤ 4, is off by another 10 %.
        Assert.Equal(nu, metric.Tail!.DegreesOfFreedom, 0.25 * nu);
        Assert.Null(metric.Tail.AtBound);
        // What the tail is for: the share of days beyond a far distance is that of F, not that of χ².
        double far = PlausibilityLevel.StudentRadius(d, nu, 0.99);
        double share = metric.EmpiricalTail(far);
        // 40 days of 4,000 expected, standard error 6.3; four of them, and the covariance's own error.
        Assert.Equal(0.01, share, 0.007);
        Assert.True(PlausibilityLevel.ChiSquareTail(d, far) < 0.5 * share);
    }

    [Fact]
    public void Normal_days_are_as_good_as_normal_and_few_days_say_nothing()
    {
        const int d = 4;
        var stream = new PhiloxStream(3);
        double[] data = new double[2000 * d];
        stream.FillNormals(data, 0, 0, DrawPurpose.Residual);
        var metric = new CalibrationMetric(
            ["a", "b", "c", "d"],
            [.. Enumerable.Range(0, 2000).Select(t => new DateOnly(2010, 1, 1).AddDays(t))],
            data
        );
        Assert.True(metric.Tail!.DegreesOfFreedom > 30);
        Assert.Null(RadialTail.Of(2, [1.0, 2.0, 3.0]));
    }

    /// <summary>The w with P(χ²_ν ≤ w) = u, by bisection.</summary>
    private static double ChiSquare(double nu, double u)
    {
        double low = 0.0;
        double high = 200.0;
        for (int i = 0; i < 100; i++)
        {
            double middle = 0.5 * (low + high);
            if (1.0 - GammaFunctions.RegularizedQ(0.5 * nu, 0.5 * middle) < u)
                low = middle;
            else
                high = middle;
        }

        return 0.5 * (low + high);
    }
}
