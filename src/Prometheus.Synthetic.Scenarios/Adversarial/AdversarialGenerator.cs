using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Plausibility;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>Paths that hurt the targets within reason, each with its plausibility, its losses and what held it back.</summary>
internal sealed class AdversarialGenerator : IPathGenerator
{
    private readonly ShockSpace _space;
    private readonly AttackPlan _plan;
    private readonly AttackTargets _targets;
    private readonly AttackPaths _paths;
    private readonly GenerationShape _shape;
    private readonly double _radius;
    private readonly Lazy<JsonObject> _report;

    public AdversarialGenerator(
        ShockSpace space,
        AttackPlan plan,
        AttackTargets targets,
        AdversarialSpec spec,
        GenerationShape shape,
        double radius
    )
    {
        _space = space;
        _plan = plan;
        _targets = targets;
        _shape = shape;
        _radius = radius;
        _paths = new AttackPaths(space, plan, spec, shape, radius);
        _report = new Lazy<JsonObject>(() => AdversarialReport.Of(space, plan, targets, spec, radius, shape, Assess));
    }

    public IReadOnlyList<Driver> Drivers => _space.Drivers;

    public JsonObject Report => _report.Value;

    private int Length => _shape.HorizonDays * Drivers.Count;

    public void Generate(int firstPath, Span<double> destination)
    {
        for (int path = firstPath; destination.Length >= Length; path++)
        {
            _paths.Move(_paths.Of(path).X, destination[..Length]);
            destination = destination[Length..];
        }
    }

    public PathAnnotation? Describe(int path)
    {
        AttackPath shocks = _paths.Of(path);
        double[] moves = new double[Length];
        _paths.Move(shocks.X, moves);
        return Describe(shocks, moves);
    }

    public PathAnnotation?[] GenerateDescribed(int firstPath, int count, Span<double> destination)
    {
        var annotations = new PathAnnotation?[count];
        for (int i = 0; i < count; i++)
        {
            AttackPath shocks = _paths.Of(firstPath + i);
            Span<double> moves = destination.Slice(i * Length, Length);
            _paths.Move(shocks.X, moves);
            annotations[i] = Describe(shocks, moves);
        }

        return annotations;
    }

    private PathAnnotation Describe(AttackPath path, ReadOnlySpan<double> moves)
    {
        PathPlausibility plausibility = PathPlausibility.Of(_space.Metric, path.X);
        Attack attack = path.Attack;
        double market = CompoundedLoss(moves, _plan.Market);
        double targets = CompoundedLoss(moves, _targets.Weights);
        var metadata = new JsonObject
        {
            ["defensive_test"] = true,
            ["template"] = attack.Template.Name,
            ["allocation"] = attack.Allocation,
            ["focus"] = attack.Focus,
            ["variation"] = path.Variation,
            ["radius"] = _radius,
            ["mahalanobis_distance"] = plausibility.PathDistance,
            ["chi_square_tail"] = PlausibilityLevel.ChiSquareTail(_space.Dimension, plausibility.PathDistance),
            ["student_tail"] = _space.Metric.StudentTail(plausibility.PathDistance),
            ["one_dimensional_tail"] = PlausibilityLevel.OneDimensionalTail(plausibility.PathDistance),
            ["loss"] = new JsonObject
            {
                ["targets"] = targets,
                ["focus"] = CompoundedLoss(moves, attack.FocusWeights),
                ["market"] = market,
                ["targets_less_market"] = targets - market,
            },
            ["binding_bounds"] = new JsonArray([
                .. path.Binding.Select(b => new JsonObject
                {
                    ["driver"] = b.Name,
                    ["side"] = b.Side,
                    ["multiplier"] = b.Multiplier,
                }),
            ]),
            ["plausibility"] = plausibility.ToJson(),
        };
        if (path.Divergence is { } divergence)
            metadata["relative_entropy"] = divergence;
        return new PathAnnotation { Metadata = metadata };
    }

    private (PathLoss, PathPlausibility) Assess(int path)
    {
        AttackPath shocks = _paths.Of(path);
        double[] moves = new double[Length];
        _paths.Move(shocks.X, moves);
        return (
            new PathLoss(
                path % _plan.Attacks.Count,
                shocks.Attack.Template.Name,
                CompoundedLoss(moves, shocks.Attack.FocusWeights),
                CompoundedLoss(moves, _targets.Weights),
                CompoundedLoss(moves, _plan.Market)
            ),
            PathPlausibility.Of(_space.Metric, shocks.X)
        );
    }

    private double CompoundedLoss(ReadOnlySpan<double> moves, double[] weights)
    {
        int width = Drivers.Count;
        double loss = 0.0;
        for (int k = 0; k < width; k++)
        {
            if (weights[k] == 0.0)
                continue;
            double value = 1.0;
            for (int h = 0; h < _shape.HorizonDays; h++)
                value *= 1.0 + moves[h * width + k];
            loss -= weights[k] * (value - 1.0);
        }

        return loss;
    }
}
