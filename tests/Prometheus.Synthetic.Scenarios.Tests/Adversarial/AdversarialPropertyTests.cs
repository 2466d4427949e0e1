using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Scenarios.Tests.Adversarial;

/// <summary>
/// What must hold of the whole family, from request to path. A gap falls on one day, so that the loss of its focus is
/// linear in the shock and is exactly what the attack maximises.
/// </summary>
public sealed class AdversarialPropertyTests
{
    private const int Attacks = 3;

    [Theory]
    [InlineData("mahalanobis")]
    [InlineData("entropic")]
    public void Raising_k_never_lowers_the_loss(string method) =>
        Gen.Select(Gen.ULong[1, 1_000], Gen.Double[0.3, 6], Gen.Double[1.001, 1.5])
            .AlwaysHolds(
                (seed, radius, more) =>
                {
                    CalibrationSnapshot snapshot = Market.Snapshot(seed: seed);
                    string bounds = Bound("EQUITY", -0.06, 0.06);
                    foreach (string limits in new[] { "", bounds })
                    {
                        double[] small = Losses(snapshot, Spec(method, radius, limits));
                        double[] large = Losses(snapshot, Spec(method, radius * more, limits));
                        for (int a = 0; a < Attacks; a++)
                            // Entropic tilts are followed to 1e-9 of the radius.
                            Assert.True(large[a] >= small[a] - 1e-8, $"attack {a}: {small[a]:R} to {large[a]:R}");
                    }
                },
                cases: method == "entropic" ? 10 : 40
            );

    [Fact]
    public void Adding_a_bound_never_raises_the_loss() =>
        Gen.Select(Gen.ULong[1, 1_000], Gen.Double[1, 6], Gen.Double[0.01, 0.1], Gen.Double[1, 8])
            .AlwaysHolds(
                (seed, radius, width, vix) =>
                {
                    CalibrationSnapshot snapshot = Market.Snapshot(seed: seed);
                    string one = Bound("EQUITY", -width, width);
                    string two = one + "," + Macro("VIXCLS", "index", -vix, vix);
                    double[] free = Losses(snapshot, Spec("mahalanobis", radius, ""));
                    double[] bounded = Losses(snapshot, Spec("mahalanobis", radius, one));
                    double[] both = Losses(snapshot, Spec("mahalanobis", radius, two));
                    for (int a = 0; a < Attacks; a++)
                    {
                        Assert.True(bounded[a] <= free[a] + 1e-10);
                        Assert.True(both[a] <= bounded[a] + 1e-10);
                    }
                },
                cases: 40
            );

    [Theory]
    [InlineData("mahalanobis")]
    [InlineData("entropic")]
    public void Permuting_the_drivers_permutes_the_paths(string method)
    {
        CalibrationSnapshot snapshot = Market.Snapshot();
        (CalibrationSnapshot renamed, Dictionary<string, string> names) = Permuted(snapshot);
        IPathGenerator straight = Calibrate(snapshot, Spec(method, 4, Bound("EQUITY", -0.08, 0.05)), Attacks, 5);
        IPathGenerator permuted = Calibrate(renamed, Spec(method, 4, Bound("EQUITY", -0.08, 0.05)), Attacks, 5);
        double[] a = Families.Generate(straight, Attacks, 5);
        double[] b = Families.Generate(permuted, Attacks, 5);
        int width = straight.Drivers.Count;
        bool moved = false;
        for (int k = 0; k < width; k++)
        {
            int other = permuted.IndexOf(names.GetValueOrDefault(straight.Drivers[k].Id, straight.Drivers[k].Id));
            moved |= other != k;
            for (int row = 0; row < Attacks * 5; row++)
                // The same numbers summed in another order, through a covariance of condition about 1e7 (VIX points
                // beside returns).
                Assert.Equal(
                    a[row * width + k],
                    b[row * width + other],
                    1e-8 * Math.Max(1.0, Math.Abs(a[row * width + k]))
                );
        }

        Assert.True(moved);
    }

    [Fact]
    public void A_zero_exposure_is_a_refusal_and_not_a_zero_scenario()
    {
        CalibrationSnapshot snapshot = Market.Snapshot(zeroed: true) with
        {
            Targets = [Market.Target("WEAK", 0.9, "EQUITY:WEAK")],
        };
        foreach (string method in new[] { "mahalanobis", "entropic" })
            Families.AssertRefused(
                ErrorCodes.ZeroExposure,
                "generator_spec.targets",
                () => Calibrate(snapshot, $$"""{"method":"{{method}}"}""", 3, 5)
            );
    }

    /// <summary>Beyond six deviations, where the standard model would bind: the ball alone holds the path.</summary>
    [Theory]
    [InlineData("mahalanobis", 7.5)]
    [InlineData("mahalanobis", 12)]
    [InlineData("entropic", 12)]
    public void Wide_bounds_leave_a_far_radius_to_the_ball(string method, double radius)
    {
        string wide = Bound("EQUITY", -0.9, 5) + "," + Macro("VIXCLS", "index", -100, 200);
        string spec = Spec(method, radius, wide, """,{"name":"cascade","kind":"contagion_cascade"}""");
        const int paths = 60;
        IPathGenerator generator = Calibrate(Market.Snapshot(), spec, paths, 10);
        double[] values = Families.Generate(generator, paths, 10);
        double farthest = 0.0;
        for (int p = 0; p < paths; p++)
        {
            JsonObject facts = generator.Describe(p)!.Metadata!;
            double distance = (double)facts["mahalanobis_distance"]!;
            Assert.InRange(distance, 0.0, radius * (1 + 1e-9));
            farthest = Math.Max(farthest, distance);
        }

        Assert.InRange(farthest, method == "entropic" ? 0.3 * radius : radius * (1 - 1e-9), radius * (1 + 1e-9));
        int width = generator.Drivers.Count;
        for (int i = 0; i < values.Length; i++)
            Assert.True(
                double.IsFinite(values[i])
                    && (generator.Drivers[i % width].Kind == DriverKind.Macro || values[i] >= -0.95 - 1e-12)
            );
    }

    [Theory]
    [InlineData("mahalanobis")]
    [InlineData("entropic")]
    public void What_a_template_fixes_is_met_on_every_path_and_reported(string method)
    {
        string spec = Spec(
            method,
            4,
            "",
            """,{"name":"fixed","kind":"worst_case","allocations":["grind"],"fixed":{"VIXCLS":6,"DGS10":-0.1}}""",
            templates: """["fixed"]"""
        );
        const int paths = 30;
        const int horizon = 9;
        IPathGenerator generator = Calibrate(Market.Snapshot(), spec, paths, horizon);
        double[] values = Families.Generate(generator, paths, horizon);
        int width = generator.Drivers.Count;
        for (int p = 0; p < paths; p++)
        {
            double Total(string id) =>
                Enumerable.Range(0, horizon).Sum(h => values[(p * horizon + h) * width + generator.IndexOf(id)]);
            // Pooled weights meet their conditions to 1e-9 standard deviations, times √9 days.
            Assert.Equal(6.0, Total("VIXCLS"), 1e-7);
            Assert.Equal(-0.1, Total("DGS10"), 1e-7);
            JsonArray binding = generator.Describe(p)!.Metadata!["binding_bounds"]!.AsArray();
            Assert.Equal(
                ["DGS10", "VIXCLS"],
                binding
                    .Where(b => (string)b!["side"]! == "fixed")
                    .Select(b => (string)b!["driver"]!)
                    .Order(StringComparer.Ordinal)
            );
        }
    }

    [Theory]
    [InlineData("""{"VIXCLS":40}""", ErrorCodes.Infeasible, "generator_spec.radius")]
    [InlineData("""{"VIXCLS":4}""", ErrorCodes.Infeasible, "generator_spec.templates")]
    public void An_entropic_attack_whose_fixed_values_the_days_do_not_reach_is_refused(
        string given,
        string code,
        string field
    )
    {
        // 40 points are far beyond κ; 4 points on a gap are more than 60 quiet days ever moved.
        CalibrationSnapshot snapshot = Market.Snapshot();
        if (field.EndsWith("templates", StringComparison.Ordinal))
            snapshot = Quiet(snapshot);
        string spec = Spec(
            "entropic",
            field.EndsWith("radius", StringComparison.Ordinal) ? 3 : 8,
            "",
            """,{"name":"fixed","kind":"worst_case","allocations":["grind"],"fixed":""" + given + "}",
            templates: """["fixed"]"""
        );
        ScenarioRefusedException refused = Assert.Throws<ScenarioRefusedException>(() =>
            Calibrate(snapshot, spec, 3, field.EndsWith("radius", StringComparison.Ordinal) ? 9 : 1)
        );
        Assert.Contains(
            refused.Errors,
            e => e.Code == code && e.Field is "generator_spec.radius" or "generator_spec.templates"
        );
    }

    [Fact]
    public void A_level_gives_the_radius_of_the_tail_it_is_asked_of()
    {
        CalibrationSnapshot snapshot = RealMarket.Snapshot();
        double Radius(string spec) => (double)Calibrate(snapshot, spec, 1, 5).Report["radius"]!;
        const string level =
            """{"plausibility_level":0.9,"threat_model":{"name":"T","content":{"name":"T","max_radius":12}}""";
        double normal = Radius(level + "}");
        IPathGenerator student = Calibrate(snapshot, level + ""","plausibility_tail":"student"}""", 1, 5);
        JsonObject report = student.Report;
        Assert.Equal(0.9, (double)report["radius_student_level"]!, 1e-9);
        // Real days have fat tails: far fewer degrees of freedom than normal ones, which the sample shows at once.
        Assert.InRange((double)report["space"]!["degrees_of_freedom"]!, 2.05, 15);
        Assert.NotEqual(normal, (double)report["radius"]!);
        Families.AssertRefused(
            ErrorCodes.Conflict,
            "generator_spec.plausibility_tail",
            () => Calibrate(snapshot, """{"radius":3,"plausibility_tail":"student"}""", 1, 5)
        );
        Families.AssertRefused(
            ErrorCodes.OverLimit,
            "generator_spec.plausibility_level",
            () => Calibrate(snapshot, """{"plausibility_level":0.999999,"plausibility_tail":"student"}""", 1, 5)
        );
    }

    private static string Spec(
        string method,
        double radius,
        string bounds,
        string more = "",
        string templates = """["worst_case"]"""
    )
    {
        string names =
            more.Length > 0 && templates == """["worst_case"]""" ? """["worst_case","cascade"]""" : templates;
        return $$"""
            {"method":"{{method}}","radius":{{radius.ToString(
                "R",
                CultureInfo.InvariantCulture
            )}},"templates":{{names}},
             "threat_model":{"name":"T","content":{"name":"T","max_radius":12,"bounds":[{{bounds}}],
             "templates":[{"name":"worst_case","kind":"worst_case","allocations":["gap"]}{{more}}] } } }
            """;
    }

    private static string Bound(string assetClass, double lower, double upper) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"drivers":{"asset_class":["{{assetClass}}"]},"lower":{{lower:R}},"upper":{{upper:R}},"unit":"simple_return"}"""
        );

    private static string Macro(string id, string unit, double lower, double upper) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"drivers":{"kind":"MACRO","ids":["{{id}}"]},"lower":{{lower:R}},"upper":{{upper:R}},"unit":"{{unit}}"}"""
        );

    /// <summary>Loss of the focus of the first path of each attack.</summary>
    private static double[] Losses(CalibrationSnapshot snapshot, string spec)
    {
        IPathGenerator generator = Calibrate(snapshot, spec, Attacks, 5);
        return
        [
            .. Enumerable.Range(0, Attacks).Select(p => (double)generator.Describe(p)!.Metadata!["loss"]!["focus"]!),
        ];
    }

    private static IPathGenerator Calibrate(CalibrationSnapshot snapshot, string spec, int paths, int horizon) =>
        Families.Calibrate(ScenarioCategory.FragilityAdversarial, snapshot, spec, paths, horizon);

    /// <summary>The first sixty days, with a tenth of the moves of VIX.</summary>
    private static CalibrationSnapshot Quiet(CalibrationSnapshot snapshot)
    {
        ShockPanel panel = snapshot.Panel;
        double[] values = panel.Values[..(60 * panel.Width)].ToArray();
        int vix = panel.IndexOf(DriverKind.Macro, "VIXCLS");
        for (int t = 0; t < 60; t++)
            values[t * panel.Width + vix] *= 0.1;
        return snapshot with { Panel = new ShockPanel(panel.Drivers, [.. panel.Dates.Take(60)], values) };
    }

    /// <summary>The same market with equities named so that their canonical order turns around.</summary>
    private static (CalibrationSnapshot, Dictionary<string, string>) Permuted(CalibrationSnapshot snapshot)
    {
        ShockPanel panel = snapshot.Panel;
        string[] equities =
        [
            .. panel.Drivers.Select(d => d.Id).Where(i => i.StartsWith("EQUITY", StringComparison.Ordinal)),
        ];
        Dictionary<string, string> names = equities
            .Select((id, i) => (id, New: $"EQUITY:{(char)('Z' - i)}{id["EQUITY:".Length..]}"))
            .ToDictionary(p => p.id, p => p.New, StringComparer.Ordinal);
        string Rename(string text) =>
            names.Aggregate(text, (t, n) => t.Replace(n.Key, n.Value, StringComparison.Ordinal));
        (Driver Driver, int From)[] order =
        [
            .. panel
                .Drivers.Select(
                    (d, k) =>
                        (
                            Driver: d with
                            {
                                Id = names.GetValueOrDefault(d.Id, d.Id),
                                Attributes = new SortedDictionary<string, string>(
                                    d.Attributes.ToDictionary(a => a.Key, a => Rename(a.Value)),
                                    StringComparer.Ordinal
                                ),
                            },
                            From: k
                        )
                )
                .OrderBy(p => p.Driver, Comparer<Driver>.Create(Driver.CompareCanonical)),
        ];
        double[] values = new double[panel.Days * panel.Width];
        for (int t = 0; t < panel.Days; t++)
        {
            for (int k = 0; k < panel.Width; k++)
                values[t * panel.Width + k] = panel[t, order[k].From];
        }

        return (
            snapshot with
            {
                Panel = new ShockPanel([.. order.Select(p => p.Driver)], panel.Dates, values),
                Targets =
                [
                    .. snapshot.Targets.Select(t => t with { InstrumentIds = [.. t.InstrumentIds.Select(Rename)] }),
                ],
            },
            names
        );
    }
}
